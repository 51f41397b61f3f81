'use strict';
// Http2Stream: one exchange of a session, as a Duplex. What arrives comes by the methods with
// symbols, from the session; what is written goes to the engine, which takes as much as the peer's
// window allows.
const channels = require('internal/base/channels');
const native = binding('http2');
const { Duplex } = require('stream');
const stores = require('internal/base/stores');
const { codes, AbortError } = require('internal/errors/codes');
const { validateFunction, validateInteger, validateObject } = require('internal/errors/validators');
const { constants, errorName } = require('internal/http2/constants');
const { TRAILERS, pack } = require('internal/http2/headers');
const { setIdleTimeout, stopIdleTimeout, touch } = require('internal/http2/idle');
const { join, take } = require('internal/streams/join');

const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR } = constants;

const kSession = Symbol('session');
const kId = Symbol('id');
const kState = Symbol('state');
const kStores = Symbol('stores'); // of who asked or answers, once there is one
const on = {
  data: Symbol('data'),
  end: Symbol('end'),
  closed: Symbol('closed'), // by the engine
  written: Symbol('written'),
  wantTrailers: Symbol('wantTrailers'),
  headers: Symbol('headers'),
};

// Bytes that the engine gets of what is to be written, which it copies: first, as long as it is not known
// whether the peer takes any, and then.
const FIRST = 16 * 1024;
const MORE = 64 * 1024;

const STATES = ['state', 'localClose', 'remoteClose', 'localWindowSize'];

class Http2Stream extends Duplex {
  constructor(session, options) {
    super({ ...options, allowHalfOpen: true, autoDestroy: false, decodeStrings: true });
    if (!this._readableState.objectMode) this._readableState.join = join;
    this[kSession] = session;
    this[kId] = undefined;
    this[kStores] = undefined;
    this[kState] = {
      closed: false,
      rstCode: NGHTTP2_NO_ERROR,
      engineClosed: false,
      aborted: false,
      unconsumed: 0, // bytes that were not told to be read
      written: null, // callback of the write that is not all sent
      waiting: [], // of it, what the engine has not got
      trailersReady: false,
      wantsTrailers: false,
      endAfterHeaders: false,
      didRead: false,
      headRequest: false,
      sentHeaders: undefined,
      sentInfoHeaders: undefined,
      sentTrailers: undefined,
    };
  }

  /** From now on the stream is of who calls this: what the session hears of it has these stores. */
  _ownedHere() {
    if (stores.used) this[kStores] = stores.capture('HTTP2STREAM', this);
  }

  /** Tells what the session heard of the stream, with the stores of who asked or answers. */
  _tell(what, ...args) {
    const context = this[kStores];
    if (context === undefined) this[what](...args);
    else stores.within(context, this[what], this, args);
  }

  get id() {
    return this[kId];
  }
  get session() {
    return this[kSession];
  }
  get pending() {
    return this[kId] === undefined;
  }
  get closed() {
    return this[kState].closed;
  }
  get aborted() {
    return this[kState].aborted;
  }
  get rstCode() {
    return this[kState].rstCode;
  }
  get endAfterHeaders() {
    return this[kState].endAfterHeaders;
  }
  get headersSent() {
    return this[kState].sentHeaders !== undefined;
  }
  get headRequest() {
    return this[kState].headRequest;
  }
  get sentHeaders() {
    return this[kState].sentHeaders;
  }
  get sentInfoHeaders() {
    return this[kState].sentInfoHeaders;
  }
  get sentTrailers() {
    return this[kState].sentTrailers;
  }
  get bufferSize() {
    return this.writableLength;
  }

  get state() {
    const handle = this[kSession]?._handle;
    const list =
      handle && this[kId] !== undefined ? native.streamState(handle, this[kId]) : undefined;
    if (list === undefined) return {};
    const state = Object.fromEntries(STATES.map((name, index) => [name, list[index]]));
    return { weight: constants.NGHTTP2_DEFAULT_WEIGHT, sumDependencyWeight: 0, ...state };
  }

  _onTimeout() {
    if (!this.destroyed) this.emit('timeout');
  }

  /** Runs fn when the stream has a number. */
  _whenReady(fn) {
    if (this[kId] !== undefined) fn();
    else this.once('ready', fn);
  }

  // ---- Sending

  /** What must be sent before data, if it is not. */
  _proceed() {}

  #send(chunks, done) {
    touch(this);
    this._proceed();
    if (this[kId] === undefined) {
      this.once('ready', () => this.#send(chunks, done));
      return;
    }
    const session = this[kSession];
    const state = this[kState];
    if (this.destroyed || session === undefined || state.engineClosed) {
      done(new codes.ERR_HTTP2_INVALID_STREAM());
      return;
    }
    state.written = done;
    state.waiting = chunks.filter(({ length }) => length > 0).reverse();
    this.#give(FIRST);
  }

  /** Gives the engine so many bytes of what waits, at least one of each write. */
  #give(most) {
    const session = this[kSession];
    const state = this[kState];
    const parts = [];
    let left = most;
    while (left > 0 && state.waiting.length > 0) {
      const chunk = state.waiting.pop();
      if (chunk.length > left) state.waiting.push(chunk.subarray(left));
      parts.push(chunk.subarray(0, left));
      left -= parts.at(-1).length;
    }
    if (left === most) {
      this.#wrote(); // nothing, or nothing any more: its memory is gone
      return;
    }
    native.write(session._handle, this[kId], parts.length > 1 ? Buffer.concat(parts) : parts[0]);
    session._schedule();
  }

  #wrote() {
    const done = this[kState].written;
    this[kState].written = null;
    done?.();
  }

  _write(chunk, encoding, done) {
    this.#tellSent(false, chunk, encoding);
    this.#send([chunk], done);
  }
  _writev(chunks, done) {
    this.#tellSent(true, chunks, '');
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  #tellSent(writev, data, encoding) {
    const session = this[kSession];
    if (channels.publish !== null && session?.type === constants.NGHTTP2_SESSION_CLIENT)
      this.#publish(session, 'bodyChunkSent', { writev, data, encoding });
  }

  _final(done) {
    const { [kSession]: ending } = this;
    if (ending?.type === constants.NGHTTP2_SESSION_CLIENT) this.#publish(ending, 'bodySent', {});
    this._proceed();
    this._whenReady(() => {
      const session = this[kSession];
      if (session !== undefined && !session.destroyed && !this[kState].engineClosed) {
        native.end(session._handle, this[kId]);
        session._schedule();
      }
      done();
    });
  }

  [on.written]() {
    touch(this);
    if (this[kState].waiting.length > 0) this.#give(MORE);
    else this.#wrote();
  }

  [on.wantTrailers]() {
    this[kState].trailersReady = true;
    if (!this.emit('wantTrailers')) this.sendTrailers({});
  }

  /** Fields behind the data; in a listener of `wantTrailers`, or later. */
  sendTrailers(headers) {
    const state = this[kState];
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (state.sentTrailers) throw new codes.ERR_HTTP2_TRAILERS_ALREADY_SENT();
    if (!state.trailersReady) throw new codes.ERR_HTTP2_TRAILERS_NOT_READY();
    validateObject(headers, 'headers', { allowArray: true });
    const fields = pack(headers, TRAILERS, this[kSession]._strict);
    touch(this);
    state.sentTrailers = headers;
    native.trailers(this[kSession]._handle, this[kId], fields);
    this[kSession]._schedule();
  }

  priority() {}

  // ---- Receiving

  [on.data](bytes) {
    touch(this);
    const state = this[kState];
    state.unconsumed += bytes.length;
    if (this.destroyed || this.readableEnded || take(this, bytes)) this.#consume();
  }

  [on.end]() {
    if (!this.destroyed) this.push(null);
  }

  _read() {
    if (this.destroyed) {
      this.push(null);
      return;
    }
    this[kState].didRead = true;
    this.#consume();
  }

  // Gives the peer as much of its window back as was read.
  #consume() {
    const { unconsumed } = this[kState];
    const session = this[kSession];
    if (unconsumed === 0 || session === undefined || session.destroyed) return;
    this[kState].unconsumed = 0;
    native.consumed(session._handle, this[kId], unconsumed);
    session._schedule();
  }

  // ---- The end

  /**
   * Ends the stream: at once with an error's code, without one when what was written is sent.
   * @param {number} [code] of RST_STREAM
   */
  close(code = NGHTTP2_NO_ERROR, callback) {
    validateInteger(code, 'code', 0, 0xffffffff);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.closed) return;
    if (callback !== undefined) this.once('close', callback);
    this.#close(code, 'when finished');
  }

  #close(code, reset) {
    const state = this[kState];
    state.closed = true;
    state.rstCode = code;
    stopIdleTimeout(this);
    const { ending } = this._writableState;
    if (!ending) {
      // The program may have more to write, which nobody reads.
      if (!state.aborted) {
        state.aborted = true;
        this.emit('aborted');
      }
      this.end();
    }
    if (reset === 'never') return;
    const finish = () => this.#reset(code);
    if (reset === 'now' || !ending || this.writableFinished || code !== NGHTTP2_NO_ERROR) finish();
    else this.once('finish', finish);
  }

  #reset(code) {
    const session = this[kSession];
    if (session === undefined || session.destroyed || this[kState].engineClosed) return;
    if (this[kId] === undefined) {
      this.destroy();
      return;
    }
    // What was written goes out first, with the end of the stream.
    if (code === NGHTTP2_NO_ERROR) session._flush();
    if (this[kState].engineClosed || session.destroyed) return;
    native.reset(session._handle, this[kId], code);
    session._schedule();
  }

  [on.closed](code) {
    const state = this[kState];
    state.engineClosed = true;
    if (this.destroyed) return;
    if (!state.closed) this.#close(code, 'never');
    if (this.readableEnded || code !== NGHTTP2_NO_ERROR) {
      this.destroy();
      return;
    }
    this.once('end', () => this.destroy());
    this.push(null);
    // Nobody reads what a server was sent and has answered.
    const { type } = this[kSession];
    if (
      type === constants.NGHTTP2_SESSION_SERVER &&
      !state.didRead &&
      this.readableFlowing === null
    )
      this.resume();
    else this.read(0);
    // It is complete: what becomes of the session does not matter to who still reads it.
    this[kSession]?._forget(this);
  }

  /** The session was destroyed, with an error or without. */
  _sessionEnded(error) {
    this.destroy(error);
  }

  /** What an end with a code of the peer is. */
  _streamError(code) {
    return new codes.ERR_HTTP2_STREAM_ERROR(errorName(code));
  }

  _destroy(error, done) {
    const session = this[kSession];
    const state = this[kState];
    const sessionCode = session._endCode;
    let code = state.closed ? state.rstCode : sessionCode;
    if (error != null) {
      if (sessionCode) code = sessionCode;
      else
        code =
          error instanceof AbortError || error.name === 'AbortError'
            ? NGHTTP2_CANCEL
            : NGHTTP2_INTERNAL_ERROR;
    }
    if (!state.closed) this.#close(code, 'never');
    stopIdleTimeout(this);
    this.push(null);
    if (!session.destroyed && this[kId] !== undefined) {
      this.#consume();
      if (!state.engineClosed) {
        native.reset(session._handle, this[kId], code);
        session._schedule();
      }
    }
    state.engineClosed = true;
    session._forget(this);
    if (error == null && code !== NGHTTP2_NO_ERROR && code !== NGHTTP2_CANCEL)
      error = this._streamError(code);
    const { written } = state;
    state.written = null;
    state.waiting = [];
    written?.(error ?? new codes.ERR_HTTP2_INVALID_STREAM());
    this[kSession] = undefined;
    this.#publish(session, 'close', {});
    if (error != null) this.#publish(session, 'error', { error });
    done(error);
  }

  #publish({ type }, event, message) {
    if (channels.publish === null) return;
    const side = type === constants.NGHTTP2_SESSION_SERVER ? 'server' : 'client';
    channels.publish(`http2.${side}.stream.${event}`, { stream: this, ...message });
  }
}
Http2Stream.prototype.setTimeout = setIdleTimeout;

module.exports = { Http2Stream, kId, kSession, kState, on };
