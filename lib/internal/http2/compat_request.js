'use strict';
// Http2ServerRequest: a stream of a server in the form of http's IncomingMessage.
const { Readable } = require('stream');
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');
const { join, take } = require('internal/streams/join');

const kStream = Symbol('stream');
const kState = Symbol('state');

class Http2ServerRequest extends Readable {
  constructor(stream, headers, options, rawHeaders) {
    super({ autoDestroy: false, ...options });
    if (!this._readableState.objectMode) this._readableState.join = join;
    this[kStream] = stream;
    this[kState] = {
      closed: false,
      method: headers[':method'],
      url: headers[':path'],
      aborted: false,
    };
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    this.trailers = {};
    this.rawTrailers = [];
    stream.on('trailers', (trailers, flags, raw) => {
      Object.assign(this.trailers, trailers);
      this.rawTrailers.push(...raw);
    });
    stream.on('data', (chunk) => {
      if (!take(this, chunk)) stream.pause();
    });
    stream.on('end', () => {
      if (!this[kState].closed) this.push(null);
    });
    stream.on('aborted', () => {
      this[kState].aborted = true;
      this.emit('aborted');
    });
    stream.on('timeout', () => this.emit('timeout'));
    stream.on('close', () => this.#onClose());
    stream.pause(); // until somebody reads
  }

  #onClose() {
    const state = this[kState];
    if (state.closed) return;
    state.closed = true;
    this.push(null);
    this.emit('close');
  }

  _read() {
    const stream = this[kStream];
    if (!stream.destroyed) stream.resume();
  }
  _destroy(error, done) {
    this[kStream].destroy(error);
    done(error);
  }

  get aborted() {
    return this[kState].aborted;
  }
  get complete() {
    return (
      this[kState].aborted ||
      this.readableEnded ||
      this[kState].closed ||
      this[kStream].endAfterHeaders
    );
  }
  get stream() {
    return this[kStream];
  }
  get httpVersion() {
    return '2.0';
  }
  get httpVersionMajor() {
    return 2;
  }
  get httpVersionMinor() {
    return 0;
  }
  get socket() {
    return this[kStream].session?.socket;
  }
  get connection() {
    return this.socket;
  }

  get method() {
    return this[kState].method;
  }
  set method(method) {
    validateString(method, 'method');
    if (method.trim() === '') throw new codes.ERR_INVALID_ARG_VALUE('method', method);
    this[kState].method = method;
  }
  get url() {
    return this[kState].url;
  }
  set url(url) {
    this[kState].url = url;
  }
  get authority() {
    return this.headers[':authority'] ?? this.headers.host;
  }
  get scheme() {
    return this.headers[':scheme'];
  }

  setTimeout(msecs, callback) {
    if (!this[kState].closed) this[kStream].setTimeout(msecs, callback);
    return this;
  }
}

module.exports = { Http2ServerRequest };
