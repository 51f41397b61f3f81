'use strict';
// ServerResponse: what a server answers.
const { codes } = require('internal/errors/codes');
const { validateObject } = require('internal/errors/validators');
const { OutgoingMessage, attach, makeHead } = require('internal/http/outgoing');
const { STATUS_CODES } = require('internal/http/constants');
const { validateHeaderValue } = require('internal/http/headers');

const INVALID_REASON = /[^\t\x20-\x7e\x80-\xff]/;

class ServerResponse extends OutgoingMessage {
  constructor(req, options) {
    super(options);
    this.req = req;
    this.statusCode = 200;
    this.statusMessage = undefined;
    this.sendDate = true;
    this._hasBody = req.method !== 'HEAD';
    if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
      this.useChunkedEncodingByDefault = /chunked/i.test(req.headers.te ?? '');
      this.shouldKeepAlive = false;
    }
  }

  assignSocket(socket) {
    if (socket._httpMessage) throw new codes.ERR_HTTP_SOCKET_ASSIGNED();
    socket._httpMessage = this;
    attach(this, socket);
    this.emit('socket', socket);
  }

  detachSocket(socket) {
    socket._httpMessage = null;
    this.socket = null;
  }

  _implicitHeader() {
    this.writeHead(this.statusCode);
  }

  _keepAliveField() {
    const { keepAliveTimeout, maxRequestsPerSocket } = this.socket?.server ?? {};
    if (!(keepAliveTimeout > 0)) return '';
    const max = maxRequestsPerSocket > 0 ? `, max=${maxRequestsPerSocket}` : '';
    return `Keep-Alive: timeout=${Math.floor(keepAliveTimeout / 1000)}${max}\r\n`;
  }

  /** Makes the head: (statusCode[, statusMessage][, headers]); headers are an object or a list. */
  writeHead(statusCode, reason, headers) {
    if (this._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT('write');
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
    setAll(this, headers);
    if (INVALID_REASON.test(this.statusMessage)) throw new codes.ERR_INVALID_CHAR('statusMessage');
    if (statusCode === 204 || statusCode === 304 || statusCode < 200) this._hasBody = false;
    // What the peer still sends is not a request.
    if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
    makeHead(this, `HTTP/1.1 ${statusCode} ${this.statusMessage}\r\n`);
    return this;
  }

  writeContinue(callback) {
    this.#interim('HTTP/1.1 100 Continue\r\n\r\n', callback);
    this._sent100 = true;
  }
  writeProcessing(callback) {
    this.#interim('HTTP/1.1 102 Processing\r\n\r\n', callback);
  }
  writeEarlyHints(hints, callback) {
    validateObject(hints, 'hints');
    let text = 'HTTP/1.1 103 Early Hints\r\n';
    for (const [name, value] of Object.entries(hints)) {
      const line = Array.isArray(value) ? value.join(', ') : value;
      validateHeaderValue(name, line);
      text += `${name === 'link' ? 'Link' : name}: ${line}\r\n`;
    }
    this.#interim(`${text}\r\n`, callback);
  }

  #interim(text, callback) {
    if (this._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT('write');
    this.socket?.write(text, 'latin1', callback);
  }
}
ServerResponse.prototype.writeHeader = ServerResponse.prototype.writeHead;

// In a list a name may occur more than once.
function setAll(response, headers) {
  if (!headers) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return;
  }
  const pairs = Array.isArray(headers[0]) ? headers.flat() : headers;
  if (pairs.length % 2 !== 0) throw new codes.ERR_INVALID_ARG_VALUE('headers', headers);
  for (let i = 0; i < pairs.length; i += 2) response.removeHeader(pairs[i]);
  for (let i = 0; i < pairs.length; i += 2) response.appendHeader(pairs[i], pairs[i + 1]);
}

module.exports = { ServerResponse };
