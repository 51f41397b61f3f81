'use strict';
// OutgoingMessage: what a server answers, or a client asks. Its head is made in outgoing_head, its
// body goes to the socket in outgoing_body.
const { Stream, getDefaultHighWaterMark } = require('stream');
const { codes } = require('internal/errors/codes');
const { validateHeader, validateHeaderName, validateTrailer } = require('internal/http/headers');
const { kFields, kUnique, pairsOf } = require('internal/http/outgoing_head');
const body = require('internal/http/outgoing_body');
const {
  kSocket,
  kGathered,
  kGatheredLength,
  kCallbacks,
  kScheduled,
  kCorked,
  kNeedDrain,
  kErrored,
  kWritten,
  kStrictBody,
  kFinished,
  kHighWaterMark,
  kExchange,
} = body;

/**
 * A message that is sent.
 * @param {{ highWaterMark?: number, rejectNonStandardBodyWrites?: boolean }} [options]
 */
function OutgoingMessage(options) {
  Stream.call(this, options);
  this[kHighWaterMark] = options?.highWaterMark ?? getDefaultHighWaterMark();
  if (options?.rejectNonStandardBodyWrites) this[kStrictBody] = true;
  this.outputData = []; // what waits for a socket
  this.outputSize = 0; // bytes of it
  this.writable = true;
  this.destroyed = false;
  this.chunkedEncoding = false;
  this.shouldKeepAlive = true;
  this.maxRequestsOnConnectionReached = false;
  this.useChunkedEncodingByDefault = true;
  this.sendDate = false;
  this.strictContentLength = false;
  this.finished = false; // end() was called
  this._header = null; // the head as text, once it is made
}
Object.setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
Object.setPrototypeOf(OutgoingMessage, Stream);

function noop() {}

// What a message begins with; it has a field of its own once that is set.
Object.assign(OutgoingMessage.prototype, {
  _last: false, // the connection ends with the message
  _defaultKeepAlive: true,
  _removedConnection: false,
  _removedContLen: false,
  _removedTE: false,
  _contentLength: null,
  _hasBody: true,
  _trailer: '',
  _headerSent: false,
  _closed: false,
  _keepAliveTimeout: 0, // ms
  _onPendingData: noop,
  [kStrictBody]: false,
  [kSocket]: null,
  [kFields]: null,
  [kUnique]: null,
  [kGathered]: null,
  [kGatheredLength]: 0,
  [kCallbacks]: null,
  [kScheduled]: false,
  [kCorked]: 0,
  [kNeedDrain]: false,
  [kErrored]: null,
  [kWritten]: 0,
  [kFinished]: false,
  [kExchange]: null,
});

const hidden = (target, members) => {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(members)))
    Object.defineProperty(target, name, { ...descriptor, enumerable: false });
};
hidden(OutgoingMessage.prototype, body.members);

// ---- State

hidden(OutgoingMessage.prototype, {
  get socket() {
    return this[kSocket];
  },
  set socket(socket) {
    this[kSocket] = socket;
  },
  get connection() {
    return this[kSocket];
  },
  set connection(socket) {
    this[kSocket] = socket;
  },
  get headersSent() {
    return this._header !== null;
  },
  get errored() {
    return this[kErrored];
  },
  get closed() {
    return this._closed;
  },
  get writableEnded() {
    return this.finished;
  },
  get writableFinished() {
    return this[kFinished];
  },
  get writableObjectMode() {
    return false;
  },
  get writableLength() {
    const head = this[kGathered] !== null && !this._headerSent ? (this._header?.length ?? 0) : 0;
    return head + this.outputSize + this[kGatheredLength] + (this[kSocket]?.writableLength ?? 0);
  },
  get writableHighWaterMark() {
    return this[kSocket]?.writableHighWaterMark ?? this[kHighWaterMark];
  },
  get writableCorked() {
    return this[kCorked];
  },
  get writableNeedDrain() {
    return !this.destroyed && !this.finished && this[kNeedDrain];
  },

  /** Gives the message and its connection up. */
  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this[kErrored] = error ?? null;
    if (this[kSocket]) this[kSocket].destroy(error);
    else this.once('socket', (socket) => socket.destroy(error));
    return this;
  },

  setTimeout(msecs, callback) {
    if (callback) this.on('timeout', callback);
    if (this[kSocket]) this[kSocket].setTimeout(msecs);
    else this.once('socket', (socket) => socket.setTimeout(msecs));
    return this;
  },

  _implicitHeader() {
    throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()');
  },
});

// ---- Fields

function checkUnsent(message, what) {
  if (message._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT(what);
}

function checkName(name) {
  if (typeof name !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('name', 'string', name);
}

function isFields(headers) {
  return (
    headers !== null &&
    typeof headers === 'object' &&
    !Array.isArray(headers) &&
    typeof headers.keys === 'function' &&
    typeof headers.get === 'function'
  );
}

hidden(OutgoingMessage.prototype, {
  setHeader(name, value) {
    checkUnsent(this, 'set');
    validateHeader(name, value);
    (this[kFields] ??= new Map()).set(name.toLowerCase(), [name, value]);
    return this;
  },

  appendHeader(name, value) {
    checkUnsent(this, 'append');
    validateHeader(name, value);
    const field = this[kFields]?.get(name.toLowerCase());
    if (field === undefined) (this[kFields] ??= new Map()).set(name.toLowerCase(), [name, value]);
    else field[1] = [].concat(field[1], value);
    return this;
  },

  /** @param {Map<string, string> | Headers} headers */
  setHeaders(headers) {
    checkUnsent(this, 'set');
    if (!isFields(headers))
      throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    const cookies = [];
    for (const [name, value] of headers) {
      // An iterator of Headers gives each cookie on its own.
      if (name !== 'set-cookie') this.setHeader(name, value);
      else cookies.push(...[].concat(value));
    }
    if (cookies.length > 0) this.setHeader('set-cookie', cookies);
    return this;
  },

  getHeader(name) {
    checkName(name);
    return this[kFields]?.get(name.toLowerCase())?.[1];
  },
  hasHeader(name) {
    checkName(name);
    return this[kFields]?.has(name.toLowerCase()) ?? false;
  },
  getHeaderNames() {
    return this[kFields] === null ? [] : [...this[kFields].keys()];
  },
  getRawHeaderNames() {
    return this[kFields] === null ? [] : Array.from(this[kFields].values(), ([name]) => name);
  },
  getHeaders() {
    const headers = { __proto__: null };
    for (const [name, [, value]] of this[kFields] ?? []) headers[name] = value;
    return headers;
  },

  removeHeader(name) {
    checkName(name);
    checkUnsent(this, 'remove');
    const key = name.toLowerCase();
    this[kFields]?.delete(key);
    if (key === 'connection') this._removedConnection = true;
    else if (key === 'content-length') this._removedContLen = true;
    else if (key === 'transfer-encoding') this._removedTE = true;
    else if (key === 'date') this.sendDate = false;
  },

  /** Fields after a chunked body: an object or a list of pairs. */
  addTrailers(headers) {
    for (const [name, value] of pairsOf(headers)) {
      validateHeaderName(name, 'Trailer name');
      const joined = Array.isArray(value) && this[kUnique]?.has(name.toLowerCase());
      for (const one of joined ? [value.join('; ')] : [].concat(value)) {
        validateTrailer(name, one);
        this._trailer += `${name}: ${one}\r\n`;
      }
    }
  },
});

/** The names whose values go into one line. @param {string[]} [names] */
function uniqueNames(names) {
  return Array.isArray(names) ? new Set(names.map((name) => name.toLowerCase())) : null;
}

module.exports = { OutgoingMessage, uniqueNames, hidden };
