'use strict';
// Http2ServerResponse: a stream of a server in the form of http's ServerResponse.
const { Stream } = require('stream');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateObject, validateString } = require('internal/errors/validators');
const { constants } = require('internal/http2/constants');
const { OF_CONNECTIONS } = require('internal/http2/headers');
const { isToken, linksOf } = require('internal/http/headers');

const kStream = Symbol('stream');
const kState = Symbol('state');

let warned = false;
function warnOfMessage() {
  if (warned) return;
  warned = true;
  process.emitWarning(
    'Status message is not supported by HTTP/2 (RFC7540 8.1.2.4)',
    'UnsupportedWarning',
  );
}

/** A field that a program sets: its name in small letters, or undefined if HTTP/2 has none such. */
function fieldName(name, value) {
  validateString(name, 'name');
  if (value === undefined || value === null)
    throw new codes.ERR_HTTP2_INVALID_HEADER_VALUE(value, name);
  const lower = name.trim().toLowerCase();
  if (lower[0] === ':') throw new codes.ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED();
  if (!isToken(lower)) throw new codes.ERR_INVALID_HTTP_TOKEN('Header name', name);
  // Programs for HTTP/1 set these.
  return OF_CONNECTIONS.has(lower) || (lower === 'te' && value !== 'trailers') ? undefined : lower;
}

class Http2ServerResponse extends Stream {
  constructor(stream, options) {
    super(options);
    this[kStream] = stream;
    this[kState] = { closed: false, ending: false, status: 200, sendDate: true };
    this._fields = { __proto__: null };
    this._trailers = { __proto__: null };
    this.req = undefined;
    this.writable = true;
    this.destroyed = false;
    stream.on('drain', () => this.emit('drain'));
    stream.on('aborted', () => this.emit('aborted'));
    stream.on('timeout', () => this.emit('timeout'));
    stream.on('wantTrailers', () => stream.sendTrailers(this._trailers));
    stream.on('close', () => this.#onClose());
    stream.on('finish', () => this.#onFinish());
    stream.on('error', () => {}); // the session's affair: the response is closed
  }

  #onFinish() {
    if (this[kState].finished) return;
    this[kState].finished = true;
    this.emit('finish');
  }
  #onClose() {
    const state = this[kState];
    if (state.closed) return;
    state.closed = true;
    this.destroyed = true;
    if (this[kStream].writableFinished) this.#onFinish();
    this.emit('close');
  }

  get _header() {
    return this.headersSent;
  }
  get writableEnded() {
    return this[kState].ending;
  }
  get finished() {
    return this[kState].ending;
  }
  get socket() {
    return this[kState].closed ? undefined : this[kStream].session?.socket;
  }
  get connection() {
    return this.socket;
  }
  get stream() {
    return this[kStream];
  }
  get headersSent() {
    return this[kStream].headersSent;
  }
  get sendDate() {
    return this[kState].sendDate;
  }
  set sendDate(value) {
    this[kState].sendDate = Boolean(value);
  }
  get statusCode() {
    return this[kState].status;
  }
  set statusCode(code) {
    code |= 0;
    if (code >= 100 && code < 200) throw new codes.ERR_HTTP2_INFO_STATUS_NOT_ALLOWED();
    if (code < 100 || code > 599) throw new codes.ERR_HTTP2_STATUS_INVALID(code);
    this[kState].status = code;
  }
  get statusMessage() {
    warnOfMessage();
    return '';
  }
  set statusMessage(value) {
    warnOfMessage();
  }
  get writableCorked() {
    return this[kStream].writableCorked;
  }
  get writableHighWaterMark() {
    return this[kStream].writableHighWaterMark;
  }
  get writableObjectMode() {
    return false;
  }
  get writableFinished() {
    return this[kStream].writableFinished;
  }
  get writableLength() {
    return this[kStream].writableLength;
  }
  get writableNeedDrain() {
    return this[kStream].writableNeedDrain;
  }

  // ---- Fields

  // Whether fields can still be sent; what is said to a client that has gone is not heard.
  #unsent() {
    if (this[kState].closed) return false;
    if (this.headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    return true;
  }
  setHeader(name, value) {
    const open = this.#unsent();
    const field = fieldName(name, value);
    if (open && field !== undefined) this._fields[field] = value;
    return this;
  }
  appendHeader(name, value) {
    const open = this.#unsent();
    const field = fieldName(name, value);
    if (!open || field === undefined) return this;
    const before = this._fields[field];
    this._fields[field] = before === undefined ? value : [].concat(before, value);
    return this;
  }
  setHeaders(headers) {
    if (typeof headers?.keys !== 'function' || typeof headers.get !== 'function')
      throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    for (const name of headers.keys()) this.setHeader(name, headers.get(name));
    return this;
  }
  getHeader(name) {
    validateString(name, 'name');
    return this._fields[name.trim().toLowerCase()];
  }
  getHeaderNames() {
    return Object.keys(this._fields);
  }
  getHeaders() {
    return { __proto__: null, ...this._fields };
  }
  hasHeader(name) {
    return this.getHeader(name) !== undefined;
  }
  removeHeader(name) {
    validateString(name, 'name');
    if (this.#unsent()) delete this._fields[name.trim().toLowerCase()];
  }
  setTrailer(name, value) {
    const field = fieldName(name, value);
    if (field !== undefined) this._trailers[field] = value;
  }
  addTrailers(headers) {
    for (const [name, value] of Object.entries(headers)) this.setTrailer(name, value);
  }

  // ---- Sending

  #begin(options) {
    const { status, sendDate } = this[kState];
    const trailers = { waitForTrailers: true, sendDate, ...options };
    this[kStream].respond({ ...this._fields, ':status': status }, trailers);
  }
  flushHeaders() {
    if (!this[kState].closed && !this.headersSent) this.#begin();
  }
  writeHead(statusCode, message, headers) {
    if (this[kState].closed || this[kStream].destroyed) return this;
    if (this.headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    if (typeof message === 'string') warnOfMessage();
    else headers ??= message;
    if (Array.isArray(headers)) {
      const pairs = Array.isArray(headers[0]) ? headers.flat() : headers;
      if (pairs.length % 2 !== 0) throw new codes.ERR_INVALID_ARG_VALUE('headers', headers);
      const own = new Set();
      for (let i = 0; i < pairs.length; i += 2) {
        const again = own.has(pairs[i].toLowerCase());
        own.add(pairs[i].toLowerCase());
        if (again) this.appendHeader(pairs[i], pairs[i + 1]);
        else this.setHeader(pairs[i], pairs[i + 1]);
      }
    } else if (headers != null) {
      for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    }
    this.statusCode = statusCode;
    this.#begin();
    return this;
  }

  cork() {
    this[kStream].cork();
  }
  uncork() {
    this[kStream].uncork();
  }

  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    const state = this[kState];
    let error;
    if (state.ending) error = new codes.ERR_STREAM_WRITE_AFTER_END();
    else if (state.closed) error = new codes.ERR_HTTP2_INVALID_STREAM();
    if (error) {
      if (typeof callback === 'function') process.nextTick(callback, error);
      else this.destroy(error);
      return false;
    }
    if (!this.headersSent) this.#begin();
    return this[kStream].write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, callback] = [undefined, chunk];
    else if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    const state = this[kState];
    const stream = this[kStream];
    if (state.closed || state.ending) {
      if (typeof callback === 'function') {
        if (state.ending && !state.closed) this.once('finish', callback);
        else process.nextTick(callback);
      }
      return this;
    }
    if (chunk !== null && chunk !== undefined) this.write(chunk, encoding);
    state.ending = true;
    this.writable = false;
    if (typeof callback === 'function') this.once('finish', callback);
    if (!this.headersSent) {
      const empty = Object.keys(this._trailers).length === 0;
      this.#begin(empty ? { endStream: true, waitForTrailers: false } : undefined);
    }
    if (!stream.writableEnded) stream.end();
    return this;
  }

  destroy(error) {
    if (!this.destroyed) {
      this.destroyed = true;
      this[kStream].destroy(error);
    }
    return this;
  }

  setTimeout(msecs, callback) {
    if (!this[kState].closed) this[kStream].setTimeout(msecs, callback);
    return this;
  }

  // ---- More than an answer

  createPushResponse(headers, callback) {
    validateFunction(callback, 'callback');
    if (this[kState].closed) {
      process.nextTick(callback, new codes.ERR_HTTP2_INVALID_STREAM());
      return;
    }
    this[kStream].pushStream(headers, {}, (error, stream) => {
      if (error) callback(error);
      else callback(null, new this.constructor(stream));
    });
  }

  /** Sends an answer of the class 1xx before the last one. */
  writeInformation(status, headers = {}) {
    if (!(status >= 100 && status <= 199) || status === 101)
      throw new codes.ERR_HTTP2_STATUS_INVALID(status);
    validateObject(headers, 'headers');
    this[kStream].additionalHeaders({ ...headers, ':status': status });
    return true;
  }
  writeContinue() {
    if (this[kStream].headersSent || this[kState].closed) return false;
    return this.writeInformation(constants.HTTP_STATUS_CONTINUE);
  }
  writeEarlyHints(hints) {
    validateObject(hints, 'hints');
    if (this.headersSent || this[kState].closed) return false;
    const link = linksOf(hints);
    if (link === '') return false;
    return this.writeInformation(constants.HTTP_STATUS_EARLY_HINTS, { ...hints, link });
  }
}

module.exports = { Http2ServerResponse };
