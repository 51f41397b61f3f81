'use strict';
// IncomingMessage: a request that a server got, or a response that a client got.
const { Readable, finished } = require('stream');
const own = require('internal/buffer/own');
const { distinctHeaders, joinHeaders } = require('internal/http/headers');
const { hidden } = require('internal/http/outgoing');
const { beginReadable } = require('internal/streams/lean');

const kHeaders = Symbol('headers');
const kDistinct = Symbol('headersDistinct');
const kTrailers = Symbol('trailers');
const kTrailersDistinct = Symbol('trailersDistinct');
const kController = Symbol('controller'); // of the signal
const kAbandoned = Symbol('abandoned');

/** @param {import('net').Socket} socket */
function IncomingMessage(socket) {
  beginReadable(this, socket?.readableHighWaterMark);
  this.socket = socket;
  this.httpVersionMajor = null;
  this.httpVersionMinor = null;
  this.httpVersion = null;
  this.complete = false; // all of the message has arrived
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
  this._dumped = false;
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
Object.setPrototypeOf(IncomingMessage, Readable);

// What a message has until it is asked for, or told.
Object.assign(IncomingMessage.prototype, {
  [kHeaders]: undefined,
  [kDistinct]: undefined,
  [kTrailers]: undefined,
  [kTrailersDistinct]: undefined,
  [kController]: undefined,
  [kAbandoned]: false,
});

hidden(IncomingMessage.prototype, {
  get connection() {
    return this.socket;
  },
  set connection(socket) {
    this.socket = socket;
  },

  /** Fields by name in small letters. */
  get headers() {
    return (this[kHeaders] ??= joinHeaders(this.rawHeaders, this.joinDuplicateHeaders));
  },
  set headers(value) {
    this[kHeaders] = value;
  },
  get headersDistinct() {
    return (this[kDistinct] ??= distinctHeaders(this.rawHeaders));
  },
  set headersDistinct(value) {
    this[kDistinct] = value;
  },
  /** Fields after the body; empty before its end. */
  get trailers() {
    if (!this.complete) return this[kTrailers] ?? {};
    return (this[kTrailers] ??= joinHeaders(this.rawTrailers, this.joinDuplicateHeaders));
  },
  set trailers(value) {
    this[kTrailers] = value;
  },
  get trailersDistinct() {
    if (!this.complete) return this[kTrailersDistinct] ?? { __proto__: null };
    return (this[kTrailersDistinct] ??= distinctHeaders(this.rawTrailers));
  },
  set trailersDistinct(value) {
    this[kTrailersDistinct] = value;
  },

  /** Aborts when the message is given up, or its connection is lost before the answer. */
  get signal() {
    if (this[kController] === undefined) {
      this[kController] = new AbortController();
      if (this[kAbandoned]) this[kController].abort();
    }
    return this[kController].signal;
  },

  /** Tells who follows the signal that nobody waits for what the message asked for. */
  _abandon() {
    this[kAbandoned] = true;
    this[kController]?.abort();
  },

  /** Makes it one without a body, which tells no events. */
  _endAtOnce() {
    this._readableState.ended = this._readableState.endEmitted = true;
  },

  setTimeout(msecs, callback) {
    if (callback) this.on('timeout', callback);
    this.socket.setTimeout(msecs);
    return this;
  },

  _read() {
    if (this.socket?.readable && !this.complete) this.socket.resume();
  },

  /** Adds bytes of the body; returns whether more shall be read now. */
  _take(bytes) {
    const waits = !this.readableFlowing || this.readableLength > 0;
    return this.push(waits ? own(bytes) : bytes);
  },

  _destroy(error, callback) {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    if (this.aborted) this._abandon();
    const done = (problem) =>
      process.nextTick(() => callback(this.listenerCount('error') > 0 ? problem : null));
    const { socket } = this;
    // A message that was given up cannot be read to its end: what follows it is lost too.
    if (!socket || socket.destroyed || !this.aborted) {
      done(error);
      return;
    }
    socket.destroy(error);
    const cleanUp = finished(socket, (problem) => {
      cleanUp();
      done(problem?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? error : (problem ?? error));
    });
  },

  /** Reads and forgets the rest, so that the connection can be used again. */
  _dump() {
    if (this._dumped) return;
    this._dumped = true;
    this.removeAllListeners('data');
    this.resume();
  },
});

/** Takes what the parser read. */
function fill(message, head) {
  message.httpVersionMajor = head.versionMajor;
  message.httpVersionMinor = head.versionMinor;
  message.httpVersion =
    head.versionMinor === 1 ? '1.1' : `${head.versionMajor}.${head.versionMinor}`;
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

/** Ends a message whose body is all there: without body and listeners push() would tell nobody, a tick later. */
function completed(message) {
  const state = message._readableState;
  if (
    state.flowing !== null ||
    state.length > 0 ||
    state.decoder !== null ||
    message._eventsCount > 0 ||
    message.push !== Readable.prototype.push
  ) {
    message.push(null);
    return;
  }
  state.ended = true;
  state.reading = false;
  state.needReadable = false;
}

/** Has nobody wait for a message that nobody reads: without its body, and listeners, it is over at once. */
function forget(message) {
  const state = message._readableState;
  if (!message.complete || state.length > 0 || message._eventsCount > 0 || message.destroyed) {
    message._dump();
    return;
  }
  message._dumped = true;
  state.endEmitted = true;
  state.flowing = true;
  state.destroyed = true;
  state.closed = true;
  state.closeEmitted = true;
}

/** The error of a message whose connection ended before it did. */
function aborted(message = 'aborted') {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

module.exports = { IncomingMessage, aborted, completed, fill, forget };
