'use strict';
// net.Socket: a Duplex over a C++ stream, encrypted or not. Bytes arrive as views of the memory they were read into;
// a Buffer that is written while nothing is queued goes to the kernel in one call.
const { Duplex } = require('stream');
const { Buffer } = require('buffer');
const native = binding('net');
const { codes, errnoException } = require('internal/errors');
const {
  validateFunction,
  validateNumber,
  validateInt32,
  validateAbortSignal,
} = require('internal/validators');
const { moves } = require('internal/wasm_memory');
const { on, own, close, takeUntold } = require('internal/net/handles');
const { normalizeConnect, validateConnect, validateTimeout } = require('internal/net/options');

const kId = Symbol('id'); // the handle's number, 0 for none
const kReading = Symbol('reading'); // C++ reads
const kStopped = Symbol('stopped'); // by pause()
const kWriteDone = Symbol('writeDone'); // callback of the write that C++ has queued
const kFinalDone = Symbol('finalDone');
const kConnector = Symbol('connector'); // the connection attempt that goes on
const kAccepted = Symbol('accepted'); // made by a server
const kBytesRead = Symbol('bytesRead');
const kBytesWritten = Symbol('bytesWritten');
const kPeer = Symbol('peer');
const kLocal = Symbol('local');
const kTimeout = Symbol('timeout');
const kTimer = Symbol('timer'); // idle timer while there is no handle
const kSettings = Symbol('settings'); // options set before there was a handle
const kReset = Symbol('reset');
const kUnref = Symbol('unref');
const kOnRead = Symbol('onread');
const kTls = Symbol('tls'); // what a socket that encrypts is made with, else null
const kTruncated = Symbol('truncated');

// Connection ids are unique over the process: a task takes them by the block.
const ID_BLOCK = 256;
let lastId = 0;
let lastOfBlock = 0;

function nextId() {
  if (lastId === lastOfBlock) {
    lastId = native.connectionIds(ID_BLOCK) - 1;
    lastOfBlock = lastId + ID_BLOCK;
  }
  return ++lastId;
}

/**
 * A TCP or Unix stream socket.
 * @param {object} [options]
 * @param {number} [options.fd] a connected descriptor to take over
 * @param {boolean} [options.allowHalfOpen=false] keep the own side open when the peer ends its
 * @param {AbortSignal} [options.signal] destroys the socket when it aborts
 * @param {object} [options.onread] {buffer, callback}: read into a buffer of the program's own
 */
function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  if (typeof options === 'number') options = { fd: options };
  else if (options === undefined || options === null) options = {};
  else if (typeof options !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  if (options.objectMode || options.readableObjectMode || options.writableObjectMode)
    throw new codes.ERR_INVALID_ARG_VALUE(
      options.objectMode
        ? 'options.objectMode'
        : options.readableObjectMode
          ? 'options.readableObjectMode'
          : 'options.writableObjectMode',
      true,
      'is not supported',
    );
  if (options.keepAliveInitialDelay !== undefined)
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
  if (options.fd !== undefined) validateInt32(options.fd, 'options.fd', 0);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  const handle = options.handleId ?? 0;
  Duplex.call(this, {
    allowHalfOpen: Boolean(options.allowHalfOpen),
    emitClose: false,
    autoDestroy: true,
    decodeStrings: true,
    highWaterMark: options.highWaterMark,
    readableHighWaterMark: options.readableHighWaterMark,
    writableHighWaterMark: options.writableHighWaterMark,
    readable: options.fd === undefined ? undefined : options.readable,
    writable: options.fd === undefined ? undefined : options.writable,
  });
  /** Unique for the life of the process, also after `close`. */
  this.id = options.connectionId ?? nextId();
  this.connecting = false;
  this[kId] = handle;
  this[kReading] = false;
  this[kStopped] = false;
  this[kWriteDone] = null;
  this[kFinalDone] = null;
  this[kConnector] = null;
  this[kAccepted] = false;
  this[kTimeout] = undefined;
  this[kPeer] = undefined;
  this[kTls] = null;
  this.server = null;
  this._server = null;
  this.on('end', peerEnded);
  if (handle !== 0) {
    own(handle, this);
    return;
  }
  construct(this, options);
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype);
Object.setPrototypeOf(Socket, Duplex);

// The own side ends by itself in a moment: who writes now is told why that fails.
function peerEnded() {
  if (!this.allowHalfOpen) this.write = writeAfterEnd;
}

function writeAfterEnd(data, encoding, callback) {
  if (!this.writableEnded) return Socket.prototype.write.call(this, data, encoding, callback);
  if (typeof encoding === 'function') callback = encoding;
  const error = new Error('This socket has been ended by the other party');
  error.code = 'EPIPE';
  if (typeof callback === 'function') process.nextTick(callback, error);
  this.destroy(error);
  return false;
}

// What only sockets that no server made need.
function construct(socket, options) {
  if (options.onread !== null && typeof options.onread === 'object') {
    const { buffer, callback } = options.onread;
    if (
      (typeof buffer === 'function' || buffer instanceof Uint8Array) &&
      typeof callback === 'function'
    )
      socket[kOnRead] = {
        next: typeof buffer === 'function' ? buffer : null,
        buffer,
        callback,
        rest: null,
      };
  }
  if (socket[kOnRead]?.next) {
    socket[kOnRead].buffer = socket[kOnRead].next();
  }
  socket[kSettings] = null;
  if (options.noDelay) setting(socket, 'noDelay', true);
  if (options.keepAlive) socket.setKeepAlive(true, options.keepAliveInitialDelay);
  if (options.fd !== undefined) {
    const id = native.adopt(options.fd);
    if (id < 0) throw errnoException(id, 'open');
    open(socket, id);
    if (options.pauseOnCreate) socket.pause();
    else if (!options.manualStart && options.readable !== false) socket.read(0);
  }
  if (options.signal) {
    const { addAbortSignal } = require('stream');
    addAbortSignal(options.signal, socket);
  }
}

function open(socket, id) {
  socket[kConnector] = null;
  socket[kId] = id;
  own(id, socket);
  const settings = socket[kSettings];
  socket[kSettings] = null;
  if (settings) for (const [name, value] of Object.entries(settings)) apply[name](id, value);
  if (socket[kUnref]) native.setRef(id, false);
  if (socket[kTimer]) {
    clearTimeout(socket[kTimer]);
    socket[kTimer] = undefined;
  }
  if (socket[kTimeout] > 0) native.setIdle(id, socket[kTimeout]);
}

// ---- Connecting

/**
 * Starts a connection. Forms: (options[, cb]), (port[, host][, cb]), (path[, cb]),
 * (saddr[, tlsOpt][, cb]).
 * @returns {this}
 * @throws {TypeError|RangeError} on bad arguments; failures of the network are `error` events
 */
Socket.prototype.connect = function connect(...args) {
  // net.connect() passes what it normalized already.
  const [options, listener] =
    Array.isArray(args[0]) && args.length === 1 ? args[0] : normalizeConnect(args);
  const port = validateConnect(options);
  if (listener !== null) validateFunction(listener, 'connectListener');
  if (this.connecting) throw busy('EALREADY', 'the socket is connecting');
  if (this[kId] !== 0) throw busy('EISCONN', 'the socket is connected');
  if (this.destroyed) revive(this);
  if (options.keepAliveInitialDelay !== undefined)
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
  const { tlsOpt } = options;
  this[kTls] =
    tlsOpt === undefined || tlsOpt === null
      ? null
      : require('internal/tls/page').clientOptions(tlsOpt, options.host);
  if (listener !== null) this.once('connect', listener);
  this.connecting = true;
  this._host = options.host ?? null;
  const { Connector } = require('internal/net/connector');
  this[kConnector] = new Connector(this, options, port);
  if (this[kUnref]) this[kConnector].setRef(false);
  if (this[kTimeout] > 0) startTimer(this);
  if (options.timeout !== undefined) this.setTimeout(options.timeout);
  if (options.noDelay !== undefined) this.setNoDelay(Boolean(options.noDelay));
  if (options.keepAlive !== undefined)
    this.setKeepAlive(options.keepAlive, options.keepAliveInitialDelay);
  this[kConnector].start();
  return this;
};

function busy(code, reason) {
  const error = new Error(`connect ${code}: ${reason}`);
  error.code = code;
  error.errno = -require('internal/constants').errno[code];
  error.syscall = 'connect';
  return error;
}

// A socket that was closed may connect again: both sides start anew.
function revive(socket) {
  const { allowHalfOpen } = socket;
  socket._undestroy();
  delete socket.write;
  socket.allowHalfOpen = allowHalfOpen;
  socket[kPeer] = socket[kLocal] = undefined;
  socket[kBytesRead] = socket[kBytesWritten] = undefined;
  socket[kReset] = false;
}

// The connector found a connection: it is this socket's now.
Socket.prototype._connected = function connected(id) {
  open(this, id);
  if (this[kTls] === null) {
    established(this);
    return;
  }
  const failure = require('internal/tls/wrap').encrypt(id, this[kTls]);
  if (failure) this.destroy(failure);
  else binding('tls').start(id);
};

function established(socket) {
  socket.connecting = false;
  if (!socket[kStopped]) socket._readSoon();
  socket.emit('connect');
  if (!socket.destroyed) socket.emit('ready');
}

// The handshake is done.
Socket.prototype[on.secure] = function onSecure() {
  established(this);
};

Socket.prototype[on.tlsError] = function onTlsError(fields) {
  this.destroy(require('internal/tls/page').socketError(fields));
};

// A _read() that came before the handle waits for it.
Socket.prototype._readSoon = function readSoon() {
  if (this[kOnRead] !== undefined || this._readableState.reading) startReading(this);
  else this.read(0);
};

Socket.prototype._connectFailed = function connectFailed(error) {
  this[kConnector] = null;
  this.destroy(error);
};

// ---- Reading

function startReading(socket) {
  if (socket[kReading] || socket[kId] === 0 || socket.connecting) return;
  socket[kReading] = true;
  native.resume(socket[kId]);
}

function stopReading(socket) {
  if (!socket[kReading]) return;
  socket[kReading] = false;
  native.pause(socket[kId]);
}

// A stream in paused mode is read by who listens to `readable`, or calls read().
Socket.prototype._read = function _read() {
  const state = this._readableState;
  if (!this[kStopped] || state.readableListening) startReading(this);
  else state.reading = false; // so that a later listener asks again
};

Socket.prototype[on.data] = function onData(chunk) {
  if (this[kOnRead] !== undefined) {
    if (this[kReading]) giveOwnBuffer(this, chunk);
    else
      this[kOnRead].rest =
        this[kOnRead].rest === null ? chunk : Buffer.concat([this[kOnRead].rest, chunk]);
    return;
  }
  const state = this._readableState;
  // What push() comes to on a flowing stream, without the tick it schedules to ask for more: a
  // socket that reads goes on reading.
  if (
    state.flowing &&
    state.length === 0 &&
    state.decoder === null &&
    state.reading &&
    this.listenerCount('data') > 0
  ) {
    if (state.multiAwaitDrain) state.awaitDrainWriters.clear();
    else state.awaitDrainWriters = null;
    state.dataEmitted = true;
    this.emit('data', chunk);
    return;
  }
  if (!this.push(chunk)) stopReading(this);
};

// onread: bytes go to the program's buffer, as often as it takes to hand over a chunk.
function giveOwnBuffer(socket, chunk) {
  const target = socket[kOnRead];
  while (chunk.length > 0) {
    const { buffer } = target;
    const count = Math.min(chunk.length, buffer.byteLength);
    new Uint8Array(buffer.buffer, buffer.byteOffset, count).set(chunk.subarray(0, count));
    chunk = chunk.subarray(count);
    const more = target.callback(count, buffer);
    if (more !== false && target.next !== null) target.buffer = target.next();
    if (socket.destroyed) return;
    if (more === false || !socket[kReading]) {
      target.rest = chunk.length > 0 ? chunk : null;
      stopReading(socket);
      return;
    }
  }
}

Socket.prototype[on.end] = function onEnd() {
  this[kReading] = false;
  if (this[kOnRead] !== undefined && this._readableState.flowing === null) this.resume();
  this.push(null);
  this.read(0);
};

/** Stops `data` events and reading from the kernel, so that TCP pushes back on the peer. */
Socket.prototype.pause = function pause() {
  this[kStopped] = true;
  if (this[kReading]) this._readableState.reading = false;
  stopReading(this);
  return Duplex.prototype.pause.call(this);
};

/** Undoes pause(); what is buffered comes first. */
Socket.prototype.resume = function resume() {
  this[kStopped] = false;
  const target = this[kOnRead];
  if (target !== undefined && this[kId] !== 0 && !this.connecting) {
    if (target.rest !== null) {
      const { rest } = target;
      target.rest = null;
      this[kReading] = true;
      process.nextTick(() => {
        if (this.destroyed) return;
        giveOwnBuffer(this, rest);
        if (this[kReading] && !this.destroyed) native.resume(this[kId]);
      });
    } else startReading(this);
  } else if (this._readableState.reading) startReading(this);
  return Duplex.prototype.resume.call(this);
};

Socket.prototype.read = function read(count) {
  if (count !== 0) this[kStopped] = false;
  if (this._readableState.reading && !this[kReading] && !this[kStopped]) startReading(this);
  return Duplex.prototype.read.call(this, count);
};

// ---- Writing

/**
 * Sends data.
 * @param {string|Buffer|Uint8Array} data
 * @param {string} [encoding='utf8'] of a string
 * @param {Function} [callback] once the data is written out
 * @returns {boolean} true if everything reached the kernel; after false, `drain` follows
 */
Socket.prototype.write = function write(data, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  const state = this._writableState;
  const id = this[kId];
  if (
    id !== 0 &&
    state.length === 0 &&
    !state.ending &&
    state.corked === 0 &&
    !state.writing &&
    !this.connecting
  ) {
    if (
      typeof data === 'string' &&
      (encoding === undefined || encoding === null || Buffer.isEncoding(encoding))
    )
      data = Buffer.from(data, encoding);
    if (
      data instanceof Uint8Array &&
      data.byteLength > 0 &&
      state.bufferedIndex === state.buffered.length
    ) {
      const { byteLength } = data;
      const count = native.tryWrite(id, data);
      if (count === byteLength) {
        if (typeof callback === 'function') process.nextTick(callback, null);
        return true;
      }
      if (count > 0)
        data = new Uint8Array(data.buffer, data.byteOffset + count, byteLength - count);
    }
  }
  if (data !== null) data = bytesOf(data);
  const waiting = state.needDrain;
  const below = Duplex.prototype.write.call(this, data, encoding, callback);
  if (state.corked > 0) return below; // the program gathers: nothing can be said of the kernel
  if (state.length > 0) {
    // `drain` follows also where less than the high-water mark is queued.
    if (!state.destroyed && !state.ending) state.needDrain = true;
    return false;
  }
  if (!waiting) state.needDrain = false;
  return !state.destroyed && !state.errored && !state.ending;
};

// Every view of bytes may be written; streams know only Uint8Array.
function bytesOf(data) {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new codes.ERR_INVALID_ARG_TYPE(
    'chunk',
    ['string', 'Buffer', 'TypedArray', 'DataView'],
    data,
  );
}

// C++ borrows bytes until they are written. Some memory can go meanwhile.
function lasting(chunk) {
  const { buffer } = chunk;
  return buffer?.resizable || (buffer && moves(buffer)) ? Buffer.from(chunk) : chunk;
}

// The machinery hands over one chunk, or all that are queued.
Socket.prototype._write = function _write(chunk, encoding, done) {
  const bytes = lasting(chunk);
  send(this, done, (id) => native.write(id, bytes));
};

Socket.prototype._writev = function _writev(chunks, done) {
  const list = [];
  for (const { chunk } of chunks) list.push(lasting(chunk));
  send(this, done, (id) => native.writeAll(id, list, list.length));
};

function send(socket, done, call) {
  if (socket.connecting) {
    const fail = () => done(new codes.ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
    socket.once('connect', () => {
      socket.off('close', fail);
      send(socket, done, call);
    });
    socket.once('close', fail);
    return;
  }
  const id = socket[kId];
  if (id === 0) {
    done(new codes.ERR_SOCKET_CLOSED());
    return;
  }
  if (call(id)) {
    done();
    return;
  }
  // A program that calls _write() itself can have several wait: all of their bytes are borrowed.
  const earlier = socket[kWriteDone];
  if (earlier !== null) {
    socket[kWriteDone] = () => {
      earlier();
      done();
    };
    return;
  }
  socket[kWriteDone] = done;
}

Socket.prototype[on.drain] = function onDrain() {
  const done = this[kWriteDone];
  this[kWriteDone] = null;
  if (done !== null) done();
};

Socket.prototype._final = function _final(done) {
  if (this.connecting) {
    this.once('connect', () => this._final(done));
    return;
  }
  if (this[kId] === 0) {
    done();
    return;
  }
  this[kFinalDone] = done;
  native.shutdown(this[kId]);
};

Socket.prototype[on.shutdown] = function onShutdown() {
  const done = this[kFinalDone];
  this[kFinalDone] = null;
  if (done !== null) done();
};

/** Sends data, if any, then ends the own side; the peer may still send. */
Socket.prototype.end = function end(data, encoding, callback) {
  if (data !== undefined && data !== null && typeof data !== 'function') data = bytesOf(data);
  Duplex.prototype.end.call(this, data, encoding, callback);
  return this;
};

// ---- The end

Socket.prototype[on.error] = function onError(errno, syscall) {
  this.destroy(errnoException(-errno, syscall));
};

Socket.prototype._destroy = function _destroy(error, done) {
  const { bytesWritten } = this;
  this.connecting = false;
  if (this[kTimer]) {
    clearTimeout(this[kTimer]);
    this[kTimer] = undefined;
  }
  if (this[kConnector] !== null) {
    this[kConnector].cancel();
    this[kConnector] = null;
  }
  const id = this[kId];
  if (id !== 0) {
    this[kBytesRead] = native.bytesRead(id);
    this[kBytesWritten] = bytesWritten;
    if (error) peer(this); // for who reads the error
    if (this.encrypted) this[kTruncated] = binding('tls').truncated(id);
    this[kId] = 0;
    this[kReading] = false;
    close(id, Boolean(this[kReset]));
  }
  if (this[kWriteDone] !== null) process.nextTick(giveUpWrite, this, this[kWriteDone], error);
  this[kWriteDone] = null;
  this[kFinalDone] = null;
  if (error && this[kAccepted] && this.listenerCount('error') === 0)
    this.once('error', warnUnheard);
  done(error);
  process.nextTick(emitClose, this, Boolean(error));
};

// The callbacks of what was not written hear of it; destroy() alone makes no stream an errored one.
function giveUpWrite(socket, done, error) {
  const { _readableState: readable, _writableState: writable } = socket;
  const before = [readable.errored, writable.errored];
  done(error ?? new codes.ERR_STREAM_DESTROYED('write'));
  [readable.errored, writable.errored] = before;
}

function emitClose(socket, hadError) {
  const server = socket._server;
  if (server !== null) {
    socket._server = null;
    server._connectionEnded(socket);
  }
  socket._readableState.closed = true;
  socket._writableState.closed = true;
  socket._readableState.closeEmitted = true;
  socket._writableState.closeEmitted = true;
  socket.emit('close', hadError);
}

// An accepted connection that fails must not end the server only because nobody listened.
function warnUnheard(error) {
  if (this.listenerCount('error') > 0) return;
  const peer = this[kPeer];
  const who = peer?.address ? ` ${peer.address}:${peer.port}` : '';
  const text = `connection ${this.id}${who}: ${error.message}${error.code && !error.message.includes(error.code) ? ` (${error.code})` : ''}; it has no 'error' listener and was closed`;
  if (process.emitWarning) process.emitWarning(text, 'SocketWarning');
  else process._rawDebug?.(text);
}

/** Ends the connection with RST (TCP): the peer's reads fail with ECONNRESET. */
Socket.prototype.resetAndDestroy = function resetAndDestroy() {
  if (this.connecting) {
    this.once('connect', () => this.resetAndDestroy());
    return this;
  }
  if (this[kId] === 0) {
    this.destroy(new codes.ERR_SOCKET_CLOSED());
    return this;
  }
  this[kReset] = true;
  this.destroy();
  return this;
};

/** Ends the own side, and destroys the socket once everything is written. */
Socket.prototype.destroySoon = function destroySoon() {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once('finish', this.destroy);
};

// ---- Options

const apply = {
  noDelay: (id, on) => native.setNoDelay(id, on),
  keepAlive: (id, [on, seconds]) => native.setKeepAlive(id, on, seconds),
};

function setting(socket, name, value) {
  if (socket[kId] !== 0) apply[name](socket[kId], value);
  else (socket[kSettings] ??= {})[name] = value;
}

/** Turns Nagle's algorithm off (true, or no argument) or on. */
Socket.prototype.setNoDelay = function setNoDelay(noDelay) {
  setting(this, 'noDelay', noDelay === undefined ? true : Boolean(noDelay));
  return this;
};

/** Turns keep-alive probes on or off; initialDelay in ms, rounded up to seconds, 0: the system's. */
Socket.prototype.setKeepAlive = function setKeepAlive(enable = false, initialDelay = 0) {
  if (typeof enable === 'object' && enable !== null)
    ({ enable = false, initialDelay = 0 } = enable);
  const ms = Number(initialDelay);
  setting(this, 'keepAlive', [Boolean(enable), ms > 0 ? Math.ceil(ms / 1000) : 0]);
  return this;
};

/**
 * Emits `timeout` after ms without a byte in either direction; the connection stays. 0: never.
 * @returns {this}
 */
Socket.prototype.setTimeout = function setTimeout_(ms, callback) {
  const value = validateTimeout(ms);
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    if (value === 0) this.removeListener('timeout', callback);
    else this.once('timeout', callback);
  }
  if (this.destroyed) return this;
  this[kTimeout] = value;
  if (this[kId] !== 0) native.setIdle(this[kId], value);
  else startTimer(this);
  return this;
};

function startTimer(socket) {
  clearTimeout(socket[kTimer]);
  socket[kTimer] = undefined;
  if (socket[kTimeout] > 0)
    socket[kTimer] = setTimeout(() => socket[on.idle](), socket[kTimeout]).unref();
}

Socket.prototype[on.idle] = function onIdle() {
  this.emit('timeout');
};
Socket.prototype._onTimeout = Socket.prototype[on.idle];

/** Lets the process end although the socket is open. */
Socket.prototype.unref = function unref() {
  this[kUnref] = true;
  if (this[kId] !== 0) native.setRef(this[kId], false);
  this[kConnector]?.setRef(false);
  return this;
};

/** Keeps the process while the socket is open, as it does by default. */
Socket.prototype.ref = function ref() {
  this[kUnref] = false;
  if (this[kId] !== 0) native.setRef(this[kId], true);
  this[kConnector]?.setRef(true);
  return this;
};

// ---- Properties

function local(socket) {
  if (socket[kLocal] === undefined && socket[kId] !== 0 && !socket.connecting)
    socket[kLocal] = native.localAddress(socket[kId]);
  return socket[kLocal];
}

function peer(socket) {
  if (socket[kPeer] === undefined && socket[kId] !== 0 && !socket.connecting)
    socket[kPeer] = native.peerAddress(socket[kId]);
  return socket[kPeer];
}

/** The bound address: {port, family, address}; {} while there is none. */
Socket.prototype.address = function address() {
  const found = local(this);
  if (found?.address === undefined) return {};
  return { port: found.port, family: found.family, address: found.address };
};

function readOnly(name, get) {
  Object.defineProperty(Socket.prototype, name, { configurable: true, enumerable: true, get });
}

readOnly('localAddress', function localAddress() {
  return local(this)?.address;
});
readOnly('localPort', function localPort() {
  return local(this)?.port;
});
readOnly('localFamily', function localFamily() {
  return local(this)?.family;
});
readOnly('remoteAddress', function remoteAddress() {
  return peer(this)?.address;
});
readOnly('remotePort', function remotePort() {
  return peer(this)?.port;
});
readOnly('remoteFamily', function remoteFamily() {
  return peer(this)?.family;
});
readOnly('bytesRead', function bytesRead() {
  return this[kId] !== 0 ? native.bytesRead(this[kId]) : (this[kBytesRead] ?? 0);
});
// As in Node: what is queued counts, so that the number does not depend on the kernel's buffers.
readOnly('bytesWritten', function bytesWritten() {
  const state = this._writableState;
  if (state === undefined) return undefined; // the prototype
  const id = this[kId];
  if (this[kBytesWritten] !== undefined) return this[kBytesWritten]; // closed
  if (id === 0 || this.connecting) return state.length;
  // What a _write() has begun is C++'s, which counts what of it is sent and what waits.
  const begun = state.writing ? state.writelen : 0;
  return native.bytesWritten(id) + native.queued(id) + state.length - begun;
});
readOnly('_bytesDispatched', function dispatched() {
  return this.bytesWritten;
});
readOnly('bufferSize', function bufferSize() {
  return this.writableLength;
});
readOnly('pending', function pending() {
  return this[kId] === 0 || this.connecting;
});
readOnly('timeout', function timeout() {
  return this[kTimeout];
});
readOnly('encrypted', function encrypted() {
  return this[kTls] !== null;
});
/** Encrypted connections: whether the peer ended without close_notify, so that data may be missing. */
readOnly('truncated', function truncated() {
  if (this[kId] === 0) return Boolean(this[kTruncated]);
  return this.encrypted && binding('tls').truncated(this[kId]);
});
readOnly('_connecting', function connecting() {
  return this.connecting;
});
readOnly('autoSelectFamilyAttemptedAddresses', function attempted() {
  return this._attempted;
});
readOnly('readyState', function readyState() {
  if (this.connecting) return 'opening';
  if (this.readable && this.writable) return 'open';
  if (this.readable) return 'readOnly';
  if (this.writable) return 'writeOnly';
  return 'closed';
});
// Some packages look whether there is a handle, and at its descriptor.
readOnly('_handle', function handle() {
  const id = this[kId];
  if (id === 0) return null;
  return { fd: native.descriptor(id), id };
});

// A server made the socket from an open handle; tls: what it encrypts with, or null.
function accepted(id, connectionId, server, options, tls = null) {
  const socket = new Socket({
    handleId: id,
    connectionId,
    allowHalfOpen: server.allowHalfOpen,
    highWaterMark: options.highWaterMark,
  });
  socket[kAccepted] = true;
  socket[kTls] = tls;
  socket.server = server;
  socket._server = server;
  if (options.noDelay) native.setNoDelay(id, true);
  if (options.keepAlive)
    native.setKeepAlive(id, true, Math.ceil((options.keepAliveInitialDelay ?? 0) / 1000));
  if (options.pauseOnConnect) socket.pause();
  else socket.read(0);
  return socket;
}

/**
 * Gives the stream of `from` to `to`, which is told its events from now on; nothing is written or
 * read by `from` any more.
 * @returns {Uint8Array|undefined} bytes that were read and that nobody took
 */
function handOver(from, to) {
  const id = from[kId];
  const chunks = [];
  for (let chunk; from.readableLength > 0 && (chunk = from.read()) !== null;)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, from.readableEncoding) : chunk);
  if (from[kOnRead]?.rest) chunks.push(from[kOnRead].rest);
  chunks.push(...takeUntold(id));
  peer(from);
  local(from);
  stopReading(from);
  from[kId] = 0;
  to[kUnref] = from[kUnref];
  open(to, id);
  if (from[kTimeout] > 0 && !(to[kTimeout] > 0)) native.setIdle(id, from[kTimeout]);
  from.once('finish', () => to.end());
  return chunks.length > 0 ? Buffer.concat(chunks) : undefined;
}

module.exports = { Socket, accepted, established, handOver, open, kId, kTls };
