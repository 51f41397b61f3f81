'use strict';
// Http2Session: a connection's streams. The engine reads and makes the frames; here are the socket,
// the streams by number, and the order of the end.
const native = binding('http2');
const EventEmitter = require('events');
const { carry } = require('internal/base/stores');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateInt32, validateInteger } = require('internal/errors/validators');
const { constants, errorName } = require('internal/http2/constants');
const { create } = require('internal/http2/limits');
const { dispatch } = require('internal/http2/events');
const { unpack } = require('internal/http2/headers');
const { setIdleTimeout, stopIdleTimeout, touch } = require('internal/http2/idle');
const {
  CustomSettings,
  numbersOf,
  settingsOf,
  validateSettings,
} = require('internal/http2/settings');
const { socketOf } = require('internal/http2/socket');
const { kId, on } = require('internal/http2/stream');

const { monotonic } = binding('runtime');

const OUTPUT = 64 * 1024; // bytes that go to the socket at once
const MOST_PENDING_SETTINGS = 10;
const PING_BYTES = 8;
const LINGER_MS = 2000; // until a peer must have closed its side

const STATE = [
  'effectiveLocalWindowSize',
  'effectiveRecvDataLength',
  'nextStreamID',
  'localWindowSize',
  'lastProcStreamID',
  'remoteWindowSize',
  'outboundQueueSize',
  'deflateDynamicTableSize',
  'inflateDynamicTableSize',
];

const bytesOf = (view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

class Http2Session extends EventEmitter {
  _streams = new Map();
  _pending = new Set(); // streams without a number
  _endCode = 0; // of what ended the session
  #socket;
  #shown; // the socket, as programs see it
  #connecting;
  #scheduled = false;
  #flushing = false;
  #closed = false;
  #destroyed = false;
  #sentSettings = []; // { callback, began }, not acknowledged
  #pings = [];
  #mostPings;
  #custom; // settings of the peer that have no name
  #ownCustom; // customSettings that the peer knows
  #local;
  #remote;

  /** @param {object} options @param {import('stream').Duplex} socket */
  constructor(type, options, socket, connecting) {
    super();
    validateSettings(options.settings);
    this.type = type;
    this.timeout = 0;
    this._streamOptions = options.streamOptions;
    this._strict = options.strictSingleValueFields !== false;
    this.#mostPings = options.maxOutstandingPings ?? 10;
    this.#custom = new CustomSettings(options.remoteCustomSettings);
    this._handle = create(type === constants.NGHTTP2_SESSION_SERVER, options);
    this.#socket = socket;
    this.#connecting = connecting;
    if (socket._http2Session) throw new codes.ERR_HTTP2_SOCKET_BOUND();
    socket._http2Session = this;
    const settings = { maxHeaderListSize: 65535, ...options.settings };
    this.#submitSettings(settings, undefined);
    socket.on('error', (error) => this.#onSocketError(error));
    socket.once('close', () => this.#onSocketClose());
    socket.on('drain', () => this._flush());
    if (!connecting) this.#begin();
  }

  #begin() {
    this.#socket.on('data', (bytes) => this.#onBytes(bytes));
    this._schedule();
  }

  /** The socket is connected. */
  _connected() {
    if (this.#destroyed) return;
    this.#connecting = false;
    this.#begin();
    this.emit('connect', this, this.socket);
    this._flush();
  }

  // ---- Properties

  get connecting() {
    return this.#connecting;
  }
  get closed() {
    return this.#closed;
  }
  get destroyed() {
    return this.#destroyed;
  }
  get socket() {
    if (this.#destroyed) return undefined;
    return (this.#shown ??= socketOf(this, () => (this.#destroyed ? undefined : this.#socket)));
  }
  get encrypted() {
    return this.#connecting ? undefined : Boolean(this.#socket.encrypted);
  }
  get alpnProtocol() {
    return this.#connecting ? undefined : this.#socket.alpnProtocol || 'h2c';
  }
  get pendingSettingsAck() {
    return this.#sentSettings.length > 0;
  }
  get localSettings() {
    if (this.#destroyed) return this.#local ?? {};
    return (this.#local ??= settingsOf(native.localSettings(this._handle), this.#ownCustom));
  }
  get remoteSettings() {
    if (this.#destroyed) return this.#remote ?? {};
    return (this.#remote ??= settingsOf(native.remoteSettings(this._handle), this.#custom.values));
  }
  get state() {
    if (this.#destroyed) return {};
    const list = native.state(this._handle);
    return Object.fromEntries(STATE.map((name, index) => [name, list[index]]));
  }

  // ---- Bytes

  /** Has what the engine has to send sent, in this turn. */
  _schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => this._flush());
  }

  /** Sends what the engine has, as much as the socket takes. */
  _flush() {
    if (this.#destroyed || this.#connecting || this.#flushing) return;
    this.#flushing = true;
    this.#scheduled = true;
    try {
      while (!this.#destroyed && !this.#socket.writableNeedDrain) {
        const bytes = native.send(this._handle, OUTPUT);
        if (bytes !== undefined) {
          touch(this);
          this.#socket.write(bytesOf(bytes));
        }
        const happened = native.take(this._handle);
        if (happened !== undefined) dispatch(this, happened);
        else if (bytes === undefined) break;
      }
    } finally {
      this.#flushing = false;
      this.#scheduled = false;
    }
    if (!this.#destroyed && !native.alive(this._handle)) this.destroy();
  }

  #onBytes(bytes) {
    if (this.#destroyed) return;
    touch(this);
    this.#scheduled = true;
    try {
      dispatch(this, native.receive(this._handle, bytes), bytes);
    } finally {
      this.#scheduled = false;
      this._flush();
    }
  }

  #onSocketError(error) {
    if (this.#destroyed) return;
    if (error.code === 'ECONNRESET' && this.goawayCode === constants.NGHTTP2_NO_ERROR)
      this.destroy();
    else this.destroy(error);
  }

  #onSocketClose() {
    this.#socket._http2Session = undefined;
    if (this.#destroyed) return;
    const { NGHTTP2_CANCEL } = constants;
    for (const stream of [...this._streams.values(), ...this._pending])
      stream.close(NGHTTP2_CANCEL);
    this.#closed = true;
    this.destroy();
  }

  // ---- What the engine tells

  _nativeError(number) {
    const error = new codes.ERR_HTTP2_ERROR(native.errorText(number));
    return Object.assign(error, { errno: number });
  }

  _onFailed(number, code) {
    const error = this._nativeError(number);
    // The engine has queued a GOAWAY; it is sent before the end.
    this.destroy(error, code || constants.NGHTTP2_PROTOCOL_ERROR);
  }

  _onData(id, bytes) {
    const stream = this._streams.get(id);
    if (stream !== undefined) stream._tell(on.data, bytes);
    else native.consumed(this._handle, id, bytes.length);
  }

  _onHeaders(id, flags, text) {
    const stream = this._streams.get(id);
    const [headers, raw] = unpack(text);
    if (stream !== undefined) {
      stream._tell(on.headers, headers, flags, raw);
      if (flags & constants.NGHTTP2_FLAG_END_STREAM) stream._tell(on.end);
    } else {
      this._onRequest(id, headers, flags, raw);
    }
  }

  _onRequest() {} // of servers
  _onPush() {} // of clients

  _onSettings(unnamed = '') {
    this.#custom.take(unnamed);
    this.#remote = undefined;
    this.emit('remoteSettings', this.remoteSettings);
  }

  _onSettingsAck() {
    const sent = this.#sentSettings.shift();
    if (sent?.custom !== undefined) this.#ownCustom = { ...this.#ownCustom, ...sent.custom };
    this.#local = undefined;
    sent?.callback?.(null, this.localSettings, monotonic() - sent.began);
    this.emit('localSettings', this.localSettings);
  }

  _onPingAck(payload) {
    const ping = this.#pings.shift();
    if (ping === undefined) this.destroy(this._nativeError(-505));
    else ping.callback(null, monotonic() - ping.began, payload);
  }

  _onGoaway(code, lastStream, data) {
    this.goawayCode = code;
    this.goawayLastStreamID = lastStream;
    this.emit('goaway', code, lastStream, data);
    if (code === constants.NGHTTP2_NO_ERROR) this.close();
    else
      this.destroy(new codes.ERR_HTTP2_SESSION_ERROR(errorName(code)), constants.NGHTTP2_NO_ERROR);
  }

  _onFrameError(id, type, error) {
    const stream = this._streams.get(id);
    (stream ?? this).emit('frameError', type, error, id);
    stream?.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  _onAltsvc(id, origin, value) {
    this.emit('altsvc', value, origin, id);
  }
  _onOrigin(origins) {
    if (!this.encrypted) return;
    for (const one of origins) this._addOrigin(one);
    if (this.#destroyed) return;
    this.emit('origin', origins);
  }

  _adopt(stream) {
    this._streams.set(stream.id, stream);
  }
  _forget(stream) {
    if (stream[kId] === undefined) this._pending.delete(stream);
    else this._streams.delete(stream[kId]);
    this._maybeDestroy();
  }

  // ---- What programs ask for

  #alive() {
    if (this.#destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
  }

  #submitSettings(settings, callback) {
    const result = native.settings(this._handle, ...numbersOf(settings));
    if (result < 0) throw this._nativeError(result);
    callback &&= carry(callback, 'HTTP2SETTINGS');
    this.#sentSettings.push({ callback, began: monotonic(), custom: settings?.customSettings });
    this._schedule();
  }

  /** Changes settings; callback(error, settings, ms) when the peer knows. */
  settings(settings, callback) {
    this.#alive();
    validateSettings(settings);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.#sentSettings.length >= MOST_PENDING_SETTINGS)
      throw new codes.ERR_HTTP2_MAX_PENDING_SETTINGS_ACK();
    this.#submitSettings(settings, callback);
  }

  /** @param {Uint8Array} [payload] 8 bytes; callback(error, ms, payload). Whether it was sent. */
  ping(payload, callback) {
    this.#alive();
    if (typeof payload === 'function') [payload, callback] = [undefined, payload];
    if (payload !== undefined && payload !== null) {
      if (!ArrayBuffer.isView(payload))
        throw new codes.ERR_INVALID_ARG_TYPE(
          'payload',
          ['Buffer', 'TypedArray', 'DataView'],
          payload,
        );
      if (payload.byteLength !== PING_BYTES) throw new codes.ERR_HTTP2_PING_LENGTH();
    }
    validateFunction(callback, 'callback');
    callback = carry(callback, 'HTTP2PING');
    if (this.#connecting) {
      this.once('connect', () => this.ping(payload, callback));
      return true;
    }
    if (this.#pings.length >= this.#mostPings) {
      process.nextTick(callback, new codes.ERR_HTTP2_PING_CANCEL());
      return false;
    }
    this.#pings.push({ callback, began: monotonic() });
    native.ping(
      this._handle,
      payload ? bytesOf(payload) : require('crypto').randomBytes(PING_BYTES),
    );
    this._schedule();
    return true;
  }

  goaway(code = constants.NGHTTP2_NO_ERROR, lastStream = 0, data = undefined) {
    this.#alive();
    if (data !== undefined && !ArrayBuffer.isView(data))
      throw new codes.ERR_INVALID_ARG_TYPE(
        'opaqueData',
        ['Buffer', 'TypedArray', 'DataView'],
        data,
      );
    validateInteger(code, 'code', 0, 2 ** 32 - 1);
    validateInteger(lastStream, 'lastStreamID', 0, 2 ** 31 - 1);
    native.goaway(this._handle, code, lastStream, data ? bytesOf(data) : Buffer.alloc(0));
    this._schedule();
  }

  /** How much the peer may send on the whole connection before it is read, bytes. */
  setLocalWindowSize(size) {
    validateInt32(size, 'windowSize', 0);
    this.#alive();
    const result = native.window(this._handle, size);
    if (result < 0) this.destroy(this._nativeError(result));
    this._schedule();
  }

  ref() {
    this.#socket.ref?.();
  }
  unref() {
    this.#socket.unref?.();
  }

  // ---- The end

  /** Ends the session when its streams have ended; no new ones begin. */
  close(callback) {
    if (this.#closed || this.#destroyed) return;
    this.#closed = true;
    if (typeof callback === 'function') this.once('close', callback);
    this.goaway();
    // Programs still look at the socket of what they have closed.
    process.nextTick(() => this._maybeDestroy());
  }

  _maybeDestroy() {
    if (this.#closed && !this.#destroyed && this._streams.size === 0 && this._pending.size === 0)
      this.destroy();
  }

  /** Ends the session and its streams now. @param {Error | number} [error] or a code */
  destroy(error = constants.NGHTTP2_NO_ERROR, code = undefined) {
    if (this.#destroyed) return;
    if (typeof error === 'number') {
      code = error;
      error = code === 0 ? undefined : new codes.ERR_HTTP2_SESSION_ERROR(errorName(code));
    }
    code ??= error == null ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_INTERNAL_ERROR;
    this._endCode = code;
    stopIdleTimeout(this);
    // The last values stay to be seen.
    this.#local = this.localSettings;
    this.#remote = this.remoteSettings;
    this.#sayGoodbye(code, error != null);
    this.#closed = this.#destroyed = true;
    const canceled =
      this._pending.size > 0 ? new codes.ERR_HTTP2_STREAM_CANCEL(error ?? undefined) : undefined;
    for (const stream of [...this._pending]) stream.destroy(canceled);
    for (const stream of [...this._streams.values()]) stream._sessionEnded(error ?? undefined);
    for (const { callback } of this.#sentSettings.splice(0))
      callback?.(new codes.ERR_HTTP2_SETTINGS_CANCEL());
    for (const { callback } of this.#pings.splice(0)) callback(new codes.ERR_HTTP2_PING_CANCEL());
    const told = () => {
      if (error) this.emit('error', error);
      this.emit('close');
    };
    if (this.#socket.closed ?? this.#socket.destroyed) process.nextTick(told);
    else this.#socket.once('close', told);
  }

  // Tells the peer, with all that was to be sent, and ends the socket. Who has all of it may go on
  // sending: a socket that is destroyed at once would take the last bytes from it.
  #sayGoodbye(code, failed) {
    const socket = this.#socket;
    if (socket.destroyed || this.#connecting) {
      socket.destroy();
      return;
    }
    native.terminate(this._handle, code);
    for (;;) {
      const bytes = native.send(this._handle, OUTPUT);
      if (bytes === undefined) break;
      socket.write(bytesOf(bytes));
    }
    if (failed && socket.writableLength > 0) {
      socket.destroy();
      return;
    }
    socket.resume();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  _onTimeout() {
    if (!this.#destroyed) this.emit('timeout');
  }
}
Http2Session.prototype.setTimeout = setIdleTimeout;

module.exports = { Http2Session };
