'use strict';
// IncomingMessage: a request that a server got, or a response that a client got.
const { Readable, finished } = require('stream');
const own = require('internal/buffer/own');
const { distinctHeaders, joinHeaders } = require('internal/http/headers');

class IncomingMessage extends Readable {
  #headers;
  #distinct;
  #trailers;
  #distinctTrailers;

  /** @param {import('net').Socket} socket */
  constructor(socket) {
    super({ highWaterMark: socket?.readableHighWaterMark });
    this.httpVersionMajor = null;
    this.httpVersionMinor = null;
    this.httpVersion = null;
    /** Whether all of the message has arrived. */
    this.complete = false;
    this.rawHeaders = [];
    this.rawTrailers = [];
    this.joinDuplicateHeaders = false;
    this.aborted = false;
    this.upgrade = null;
    this.url = '';
    this.method = null;
    this.statusCode = null;
    this.statusMessage = null;
    this.client = socket;
    this.socket = socket;
    this._consumed = false;
    this._dumped = false;
  }

  /** Takes what the parser read. */
  static fill(message, head) {
    message.httpVersionMajor = head.versionMajor;
    message.httpVersionMinor = head.versionMinor;
    message.httpVersion = `${head.versionMajor}.${head.versionMinor}`;
    message.rawHeaders = head.rawHeaders;
    message.upgrade = head.upgrade;
    if (head.method !== undefined) {
      message.url = head.url;
      message.method = head.method;
    } else {
      message.statusCode = head.statusCode;
      message.statusMessage = head.statusMessage;
    }
  }

  get connection() {
    return this.socket;
  }
  set connection(socket) {
    this.socket = socket;
  }

  /** Fields by name in lower case. */
  get headers() {
    return (this.#headers ??= joinHeaders(this.rawHeaders, this.joinDuplicateHeaders));
  }
  set headers(value) {
    this.#headers = value;
  }
  get headersDistinct() {
    return (this.#distinct ??= distinctHeaders(this.rawHeaders));
  }
  set headersDistinct(value) {
    this.#distinct = value;
  }
  /** Fields after the body; empty before `end`. */
  get trailers() {
    if (!this.complete) return {};
    return (this.#trailers ??= joinHeaders(this.rawTrailers, this.joinDuplicateHeaders));
  }
  set trailers(value) {
    this.#trailers = value;
  }
  get trailersDistinct() {
    if (!this.complete) return { __proto__: null };
    return (this.#distinctTrailers ??= distinctHeaders(this.rawTrailers));
  }
  set trailersDistinct(value) {
    this.#distinctTrailers = value;
  }

  setTimeout(msecs, callback) {
    if (callback) this.on('timeout', callback);
    this.socket.setTimeout(msecs);
    return this;
  }

  _read() {
    this._consumed = true;
    if (this.socket?.readable && !this.complete) this.socket.resume();
  }

  /** Adds bytes of the body; returns whether more shall be read now. */
  _take(bytes) {
    const waits = !this.readableFlowing || this.readableLength > 0;
    return this.push(waits ? own(bytes) : bytes);
  }

  _destroy(error, callback) {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    const { socket } = this;
    const done = (problem) =>
      process.nextTick(() => callback(this.listenerCount('error') > 0 ? problem : null));
    if (!socket || socket.destroyed || !this.aborted || this.complete) return done(error);
    socket.destroy(error);
    const cleanUp = finished(socket, (problem) => {
      cleanUp();
      done(problem?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? error : (problem ?? error));
    });
  }

  /** Reads and forgets the rest, so that the connection can be used again. */
  _dump() {
    if (this._dumped) return;
    this._dumped = true;
    this.resume();
  }
}
const { fill } = IncomingMessage;
delete IncomingMessage.fill;

/** The error of a message whose connection ended before it did. */
function aborted(message = 'aborted') {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

module.exports = { IncomingMessage, aborted, fill };
