'use strict';
// ServerResponse: what a server answers.
const channels = require('internal/base/channels');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateInteger, validateObject } = require('internal/errors/validators');
const { OutgoingMessage, hidden } = require('internal/http/outgoing');
const { isUnheard } = require('internal/http/outgoing_body');
const { makeHead, pairsOf, kFields } = require('internal/http/outgoing_head');
const { STATUS_CODES } = require('internal/http/constants');
const { linksOf, validateHeader } = require('internal/http/headers');

const kAssigned = Symbol('assigned'); // assignSocket() listens to the socket's end

const INVALID_REASON = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * @param {IncomingMessage} req that it answers
 * @param {object} [options] of OutgoingMessage
 */
function ServerResponse(req, options) {
  OutgoingMessage.call(this, options);
  if (req.method === 'HEAD') this._hasBody = false;
  this.req = req;
  this.sendDate = true;
  if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
    this.useChunkedEncodingByDefault = /chunked/i.test(req.headers.te ?? '');
    this.shouldKeepAlive = false;
  }
  channels.publish?.('http.server.response.created', { request: req, response: this });
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ServerResponse, OutgoingMessage);
Object.assign(ServerResponse.prototype, {
  statusCode: 200,
  statusMessage: undefined,
  _sent100: false,
  _expect_continue: false,
  [kAssigned]: false,
});

let lastCode = 0;
let lastMessage = '';
let lastLine = '';
// Most answers begin as the one before.
function statusLine(code, message) {
  if (code !== lastCode || message !== lastMessage) {
    lastCode = code;
    lastMessage = message;
    lastLine = `HTTP/1.1 ${code} ${message}\r\n`;
  }
  return lastLine;
}

function checkUnsent(response) {
  if (response._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT('write');
}

// The connection is gone. `this` is the socket.
function onSocketClose() {
  const response = this._httpMessage;
  if (!response) return;
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
}

hidden(ServerResponse.prototype, {
  assignSocket(socket) {
    if (socket._httpMessage) throw new codes.ERR_HTTP_SOCKET_ASSIGNED();
    socket.on('close', onSocketClose);
    this[kAssigned] = true;
    this._attach(socket);
  },

  // For who has the socket call onSocketClose().
  _attach(socket) {
    socket._httpMessage = this;
    this.socket = socket;
    if (!isUnheard(this)) this.emit('socket', socket);
    if (this.outputData.length > 0 || this.finished) this._flush();
  },

  detachSocket(socket) {
    if (this[kAssigned]) socket.off('close', onSocketClose);
    this[kAssigned] = false;
    socket._httpMessage = null;
    this.socket = null;
  },

  _implicitHeader() {
    this.writeHead(this.statusCode);
  },

  /** Makes the head: (statusCode[, statusMessage][, headers]); headers are an object or a list. */
  writeHead(statusCode, reason, headers) {
    checkUnsent(this);
    const original = statusCode;
    statusCode |= 0;
    if (statusCode < 100 || statusCode > 999)
      throw new codes.ERR_HTTP_INVALID_STATUS_CODE(original);
    if (typeof reason === 'string') this.statusMessage = reason;
    else {
      this.statusMessage ||= STATUS_CODES[statusCode] || 'unknown';
      headers ??= reason;
    }
    this.statusCode = statusCode;
    // Fields that were set before are merged with these.
    if (headers && this[kFields] !== null) {
      merge(this, headers);
      headers = undefined;
    }
    if (this.statusMessage !== STATUS_CODES[statusCode] && INVALID_REASON.test(this.statusMessage))
      throw new codes.ERR_INVALID_CHAR('statusMessage');
    if (statusCode === 204 || statusCode === 304 || statusCode < 200) this._hasBody = false;
    // What the peer still sends is not a request.
    if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
    if (makeHead(this, statusLine(statusCode, this.statusMessage), headers || undefined))
      this._send('');
    return this;
  },

  writeContinue(callback) {
    checkUnsent(this);
    this._writeRaw('HTTP/1.1 100 Continue\r\n\r\n', 'ascii', callback);
    this._sent100 = true;
  },
  writeProcessing(callback) {
    checkUnsent(this);
    this._writeRaw('HTTP/1.1 102 Processing\r\n\r\n', 'ascii', callback);
  },

  /** Sends the fields that a later answer will have, so that a browser can begin with its links. */
  writeEarlyHints(hints, callback) {
    checkUnsent(this);
    validateObject(hints, 'hints');
    const links = linksOf(hints);
    if (links === '') return;
    let text = `HTTP/1.1 103 Early Hints\r\nLink: ${links}\r\n`;
    for (const name of Object.keys(hints)) {
      if (name === 'link') continue;
      validateHeader(name, hints[name]);
      text += `${name}: ${hints[name]}\r\n`;
    }
    this._writeRaw(`${text}\r\n`, 'ascii', callback);
  },

  /** Sends an answer of the class 1xx that comes before the last one. */
  writeInformation(statusCode, headers, callback) {
    checkUnsent(this);
    if (typeof headers === 'function') [callback, headers] = [headers, undefined];
    validateInteger(statusCode, 'statusCode', 100, 199);
    if (headers !== undefined && headers !== null && typeof headers !== 'object')
      throw new codes.ERR_INVALID_ARG_TYPE('headers', 'Object', headers);
    if (statusCode === 101) throw new codes.ERR_HTTP_INVALID_STATUS_CODE(statusCode);
    if (callback !== undefined) validateFunction(callback, 'callback');
    let text = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? 'unknown'}\r\n`;
    for (const [name, value] of headers ? pairsOf(headers) : []) {
      validateHeader(name, value);
      for (const one of [].concat(value)) text += `${name}: ${one}\r\n`;
    }
    return this._writeRaw(`${text}\r\n`, 'ascii', callback);
  },
});
// In a list a name may occur more than once.
function merge(response, headers) {
  const pairs = pairsOf(headers);
  if (!Array.isArray(headers)) {
    for (const [name, value] of pairs) if (name) response.setHeader(name, value);
    return;
  }
  for (const [name] of pairs) response.removeHeader(name);
  for (const [name, value] of pairs) response.appendHeader(name, value);
}

module.exports = { ServerResponse, onSocketClose };
