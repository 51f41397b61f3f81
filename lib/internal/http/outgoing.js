'use strict';
// OutgoingMessage: what a server answers, or a client asks. A Writable whose first bytes are the
// head of the message.
const { Writable } = require('stream');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const {
  validateHeader,
  validateHeaderName,
  validateHeaderValue,
} = require('internal/http/headers');

const SMALL = 16 * 1024; // bytes of a body that are sent in one piece with the head
const CHUNKED = /(?:^|[\s,])chunked\s*$/i;

let date;
/** The field Date; made anew once a second. */
function httpDate() {
  if (date === undefined) {
    const now = new Date();
    date = now.toUTCString();
    setTimeout(() => {
      date = undefined;
    }, 1000 - now.getMilliseconds()).unref();
  }
  return date;
}

class OutgoingMessage extends Writable {
  #fields = new Map(); // name in lower case → [name, value]
  #waiting = []; // [bytes, callback] until there is a socket
  #trailers = '';
  #bodyLength = 0; // bytes that were written
  #declared = -1; // that the head promised
  #whole = -1; // bytes of the body, if it is given at once

  constructor(options) {
    super({ highWaterMark: options?.highWaterMark, decodeStrings: true, autoDestroy: false });
    this.socket = null;
    /** The head as text, null before it is made. */
    this._header = null;
    this._headerSent = false;
    this._hasBody = true;
    this._last = false; // the connection ends with the message
    this._contentLength = null;
    this._removedConnection = false;
    this._removedContLen = false;
    this._removedTE = false;
    this._sent100 = false;
    this._defaultKeepAlive = true;
    this.chunkedEncoding = false;
    this.shouldKeepAlive = true;
    this.useChunkedEncodingByDefault = true;
    this.sendDate = false;
    this.strictContentLength = false;
    this.maxRequestsOnConnectionReached = false;
    this.finished = false; // end() was called
  }

  get headersSent() {
    return this._header !== null;
  }
  get connection() {
    return this.socket;
  }
  set connection(socket) {
    this.socket = socket;
  }

  // ---- Fields

  setHeader(name, value) {
    this.#checkUnsent('set');
    validateHeader(name, value);
    this.#fields.set(name.toLowerCase(), [name, value]);
    return this;
  }

  appendHeader(name, value) {
    this.#checkUnsent('append');
    validateHeader(name, value);
    const field = this.#fields.get(name.toLowerCase());
    if (field === undefined) this.#fields.set(name.toLowerCase(), [name, value]);
    else field[1] = [].concat(field[1], value);
    return this;
  }

  /** @param {Map<string, string> | Headers} headers */
  setHeaders(headers) {
    this.#checkUnsent('set');
    if (
      !headers ||
      Array.isArray(headers) ||
      typeof headers.keys !== 'function' ||
      typeof headers.get !== 'function'
    )
      throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    for (const key of headers.keys()) this.setHeader(key, headers.get(key));
    return this;
  }

  getHeader(name) {
    checkName(name);
    return this.#fields.get(name.toLowerCase())?.[1];
  }
  hasHeader(name) {
    checkName(name);
    return this.#fields.has(name.toLowerCase());
  }
  getHeaderNames() {
    return [...this.#fields.keys()];
  }
  getRawHeaderNames() {
    return [...this.#fields.values()].map(([name]) => name);
  }
  getHeaders() {
    const headers = { __proto__: null };
    for (const [name, [, value]] of this.#fields) headers[name] = value;
    return headers;
  }

  removeHeader(name) {
    checkName(name);
    this.#checkUnsent('remove');
    const key = name.toLowerCase();
    this.#fields.delete(key);
    if (key === 'connection') this._removedConnection = true;
    if (key === 'content-length') this._removedContLen = true;
    if (key === 'transfer-encoding') this._removedTE = true;
    if (key === 'date') this.sendDate = false;
  }

  #checkUnsent(what) {
    if (this._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT(what);
  }

  /** Fields after a chunked body. */
  addTrailers(headers) {
    for (const [name, value] of Array.isArray(headers) ? headers : Object.entries(headers)) {
      validateHeaderName(name, 'Trailer name');
      for (const one of [].concat(value)) {
        validateHeaderValue(name, one);
        this.#trailers += `${name}: ${one}\r\n`;
      }
    }
  }

  // ---- The head

  /** Makes the head: a first line, the message's fields and those that follow from them. */
  static makeHead(message, firstLine) {
    message.#makeHead(firstLine);
  }

  #makeHead(firstLine) {
    const seen = { connection: false, length: false, coding: false, date: false };
    let text = firstLine;
    const add = (key, name, value) => {
      text += `${name}: ${value}\r\n`;
      this.#note(key, String(value), seen);
    };
    for (const [key, [name, value]] of this.#fields) {
      if (!Array.isArray(value)) add(key, name, value);
      else if (key === 'cookie') add(key, name, value.join('; '));
      else for (const one of value) add(key, name, one);
    }
    if (this.sendDate && !seen.date) text += `Date: ${httpDate()}\r\n`;
    const bodyFields = seen.length || seen.coding ? '' : this.#bodyFields();
    if (!seen.connection) text += this.#connectionFields();
    text += bodyFields;
    this._header = `${text}\r\n`;
  }

  // What a field of the program's means for the message.
  #note(key, value, seen) {
    if (key === 'connection') {
      seen.connection = true;
      this._removedConnection = false;
      if (/(?:^|[\s,])close(?:$|[\s,])/i.test(value)) this._last = true;
      else this.shouldKeepAlive = true;
    } else if (key === 'content-length') {
      seen.length = true;
      this.#declared = Number(value);
      this._contentLength = this.#declared;
      this._removedContLen = false;
    } else if (key === 'transfer-encoding') {
      seen.coding = true;
      this._removedTE = false;
      if (CHUNKED.test(value)) this.chunkedEncoding = true;
    } else if (key === 'date') seen.date = true;
  }

  #bodyFields() {
    if (!this._hasBody) {
      this.chunkedEncoding = false;
      return '';
    }
    if (
      !this._removedContLen &&
      this.#whole >= 0 &&
      this.#trailers === '' &&
      !this.hasHeader('trailer')
    ) {
      this._contentLength = this.#declared = this.#whole;
      return this.#whole > 0 || this._sendsEmptyLength ? `Content-Length: ${this.#whole}\r\n` : '';
    }
    if (!this.useChunkedEncodingByDefault || this._removedTE) {
      this._last = true;
      return '';
    }
    this.chunkedEncoding = true;
    return 'Transfer-Encoding: chunked\r\n';
  }

  #connectionFields() {
    const persists = this.shouldKeepAlive && !this._last && !this.maxRequestsOnConnectionReached;
    if (this._removedConnection) {
      this._last ||= !this.shouldKeepAlive;
      return '';
    }
    if (persists) return `Connection: keep-alive\r\n${this._keepAliveField?.() ?? ''}`;
    this._last = true;
    return 'Connection: close\r\n';
  }

  // Whether an empty body is told by Content-Length: 0; not in a request without a body.
  get _sendsEmptyLength() {
    return true;
  }

  /** Sends the head without waiting for the body. */
  flushHeaders() {
    if (this._header === null) this._implicitHeader();
    if (!this._headerSent) this.#send(undefined, () => {});
  }

  // ---- The body

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') {
      callback = chunk;
      chunk = encoding = undefined;
    } else if (typeof encoding === 'function') {
      callback = encoding;
      encoding = undefined;
    }
    if (this.finished && chunk == null) {
      if (typeof callback === 'function') super.end(callback);
      return this;
    }
    if (chunk != null) chunk = bytesOf(chunk, encoding);
    if (this._header === null && this.writableLength === 0) this.#whole = chunk?.byteLength ?? 0;
    this.finished = true;
    super.end(chunk ?? undefined, callback);
    return this;
  }

  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') {
      callback = encoding;
      encoding = undefined;
    }
    if (chunk !== null && chunk !== undefined) chunk = bytesOf(chunk, encoding);
    return super.write(chunk, undefined, callback);
  }

  _write(chunk, encoding, callback) {
    if (this._header === null) this._implicitHeader();
    if (!this._hasBody) return this._headerSent ? callback() : this.#send(undefined, callback);
    this.#bodyLength += chunk.length;
    if (this.strictContentLength && this.#declared >= 0 && this.#bodyLength > this.#declared)
      return callback(new codes.ERR_HTTP_CONTENT_LENGTH_MISMATCH(this.#bodyLength, this.#declared));
    if (chunk.length === 0) return this._headerSent ? callback() : this.#send(undefined, callback);
    this.#send(this.chunkedEncoding ? frame(chunk) : chunk, callback);
  }

  _writev(chunks, callback) {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', callback);
  }

  _final(callback) {
    if (this._header === null) this._implicitHeader();
    const short = this._hasBody && this.#declared >= 0 && this.#bodyLength !== this.#declared;
    // The peer would take what follows for the rest of the body.
    if (short) this._last = true;
    if (short && this.strictContentLength)
      return callback(new codes.ERR_HTTP_CONTENT_LENGTH_MISMATCH(this.#bodyLength, this.#declared));
    if (this.chunkedEncoding && this._hasBody)
      this.#send(Buffer.from(`0\r\n${this.#trailers}\r\n`, 'latin1'), callback);
    else if (!this._headerSent) this.#send(undefined, callback);
    else this.#drained(callback);
  }

  _destroy(error, callback) {
    this.#waiting = [];
    this.finished = true;
    callback(error);
  }

  // The head goes with the first bytes of the body.
  #send(bytes, callback) {
    if (!this._headerSent) {
      this._headerSent = true;
      if (bytes === undefined) bytes = Buffer.from(this._header, 'latin1');
      else if (bytes.length <= SMALL)
        bytes = Buffer.concat([Buffer.from(this._header, 'latin1'), bytes]);
      else this.#give(Buffer.from(this._header, 'latin1'), () => {});
    }
    this.#give(bytes, callback);
  }

  #give(bytes, callback) {
    const { socket } = this;
    if (socket === null || this.#waiting.length > 0) this.#waiting.push([bytes, callback]);
    // What cannot be sent any more is nobody's: `close` tells that the connection is gone.
    else if (socket.writable) socket.write(bytes, () => callback());
    else callback();
  }

  #drained(callback) {
    if (this.socket === null) this.#waiting.push([Buffer.alloc(0), callback]);
    else callback();
  }

  /** There is a socket now: what waited goes there. */
  static attach(message, socket) {
    message.socket = socket;
    const waiting = message.#waiting;
    message.#waiting = [];
    for (const [bytes, callback] of waiting) {
      if (bytes.length > 0) message.#give(bytes, callback);
      else callback();
    }
  }

  setTimeout(msecs, callback) {
    if (callback) this.on('timeout', callback);
    if (this.socket) this.socket.setTimeout(msecs);
    else this.once('socket', (socket) => socket.setTimeout(msecs));
    return this;
  }
}
const { attach, makeHead } = OutgoingMessage;
delete OutgoingMessage.attach;
delete OutgoingMessage.makeHead;

function checkName(name) {
  if (typeof name !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('name', 'string', name);
}

function bytesOf(chunk, encoding) {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  if (chunk instanceof Uint8Array) return chunk;
  throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
}

/** A chunk of a chunked body. */
function frame(chunk) {
  return Buffer.concat([
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
}

module.exports = { OutgoingMessage, attach, makeHead };
