'use strict';
// net.Socket: a Duplex over a C++ stream, encrypted or not. Bytes arrive as views of the memory they
// were read into; a Buffer that is written while nothing is queued goes to the kernel in one call.
// Here: how a socket begins, connects and ends.
const { Duplex, getDefaultHighWaterMark } = require('stream');
const { Buffer } = require('buffer');
const native = binding('net');
const { codes, errnoException } = require('internal/errors/codes');
const {
  validateNumber,
  validateInt32,
  validateAbortSignal,
} = require('internal/errors/validators');
const { define } = require('internal/base/lazy');
const { setImmediate } = require('internal/timers/timers');
const { on, own, close, takeUntold } = require('internal/net/handles');
const { beginDuplex } = require('internal/streams/lean');
const reading = require('internal/net/socket_reading');
const writing = require('internal/net/socket_writing');
const properties = require('internal/net/socket_properties');
const {
  members,
  kId,
  kReading,
  kStopped,
  kWriteDone,
  kFinalDone,
  kConnector,
  kAccepted,
  kBound,
  kLocal,
  kTimeout,
  kTimer,
  kIdle,
  kIdleOff,
  kSettings,
  kReset,
  kUnref,
  kOnRead,
  kTls,
  kAbove,
  kTruncated,
  kCloseCode,
  kCause,
  kWriteLimit,
  kHeld,
  kCarried,
  kHeader,
} = require('internal/net/socket_fields');

const { startReading, stopReading } = reading;
const { apply, idleMs, keepAsServer, keepLast, keepWhileBusy, leaveBound } = properties;
const { local, peer, truncated } = properties;

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
 * @param {BoundSocket} [options.handle] what connect() connects, and is this socket's from now on
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
  if (options.fd !== undefined) validateInt32(options.fd, 'fd', 0);
  if (options.typeOfService !== undefined)
    validateInt32(options.typeOfService, 'options.typeOfService', 0, 255);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'signal');
  const { highWaterMark, readableHighWaterMark, writableHighWaterMark } = options;
  const { readable, writable } = options;
  begin(this, Boolean(options.allowHalfOpen), {
    highWaterMark,
    readableHighWaterMark,
    writableHighWaterMark,
    readable,
    writable,
  });
  this.id = nextId();
  construct(this, options);
}
Socket.prototype = Object.setPrototypeOf(members, Duplex.prototype);
define(members, 'constructor', Socket, false);
Object.setPrototypeOf(Socket, Duplex);

// What a socket begins with; it has a field of its own once that is set.
Object.assign(Socket.prototype, {
  /** Unique for the life of the process, also after `close`. */
  id: 0,
  connecting: false,
  server: null,
  _server: null,
  [kId]: 0,
  [kReading]: false,
  [kStopped]: false,
  [kWriteDone]: null,
  [kFinalDone]: null,
  [kConnector]: null,
  [kAccepted]: false,
  [kBound]: -1,
  [kTls]: null,
  [kWriteLimit]: undefined,
  [kHeld]: 0,
  [kCarried]: false,
  [kIdle]: undefined,
  [kIdleOff]: false,
});

function begin(socket, allowHalfOpen, options) {
  beginDuplex(socket, allowHalfOpen, options);
  const mark = options.writableHighWaterMark ?? options.highWaterMark;
  if (mark !== undefined && mark !== getDefaultHighWaterMark(false))
    socket.write = writing.writeToMark;
  socket.on('end', writing.peerEnded);
}

// What only sockets that no server made need.
function construct(socket, options) {
  if (options.onread !== undefined)
    socket[kOnRead] = require('internal/net/read_target').ReadTarget.of(options.onread);
  socket[kSettings] = null;
  properties.begin(socket, options);
  if (options.fd !== undefined) {
    const id = native.adopt(options.fd, socket.id);
    if (id < 0) throw new codes.ERR_INVALID_FD_TYPE('UNKNOWN');
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
  socket[kOnRead]?.open(id);
  const settings = socket[kSettings];
  socket[kSettings] = null;
  if (settings) for (const [name, value] of Object.entries(settings)) apply[name](id, value);
  if (socket[kUnref]) keepWhileBusy(socket);
  if (socket[kTimer]) {
    clearTimeout(socket[kTimer]);
    socket[kTimer] = undefined;
  }
  if (socket[kTimeout] > 0) native.setIdle(id, idleMs(socket[kTimeout]));
  if (socket[kWriteLimit] !== undefined) require('internal/net/write_limits').applyLimit(socket);
  if (socket[kHeader] !== undefined) sendHeader(socket, id);
}

// Before TLS, in one write.
function sendHeader(socket, id) {
  const bytes = socket[kHeader];
  socket[kHeader] = undefined;
  native.write(id, bytes);
}

// ---- Connecting

/**
 * Starts a connection. Forms: (options[, cb]), (port[, host][, cb]), (path[, cb]),
 * (saddr[, tlsOpt][, cb]).
 * @returns {this}
 * @throws {TypeError|RangeError} on bad arguments; failures of the network are `error` events
 */
Socket.prototype.connect = function connect(...args) {
  require('internal/net/connecting').connect(this, args);
  return this;
};

// The connector found a connection: it is this socket's now.
Socket.prototype._connected = function connected(id) {
  open(this, id);
  if (this[kTls] === null) {
    established(this);
    return;
  }
  const failure = require('internal/tls/page').encrypt(id, this[kTls].options);
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
Socket.prototype[on.secure] = function onSecure(protocol, servername) {
  const { identify } = require('internal/tls/page');
  identify(this, this[kId], protocol, servername, this[kTls].server);
  established(this);
};

Socket.prototype[on.tlsError] = function onTlsError(fields) {
  this.destroy(describe(this, require('internal/tls/page').socketError(fields)));
};

// A _read() that came before the handle waits for it.
Socket.prototype._readSoon = function readSoon() {
  if (this[kOnRead] !== undefined || this._readableState.reading) startReading(this);
  else this.read(0);
};

Socket.prototype._connectFailed = function connectFailed(error) {
  this[kConnector] = null;
  this.destroy(describe(this, error));
};

// ---- The end

function describe(socket, error) {
  return require('internal/net/record').withConnection(socket, error);
}

Socket.prototype[on.error] = function onError(errno, syscall) {
  if (errno !== 0) this.destroy(describe(this, errnoException(-errno, syscall)));
  else this.destroy(syscall === 'write' ? new codes.ERR_WRITE_QUEUES_FULL() : undefined);
};

Socket.prototype._destroy = function _destroy(error, done) {
  const { connecting } = this;
  this.connecting = false;
  if (this[kTimer]) {
    clearTimeout(this[kTimer]);
    this[kTimer] = undefined;
  }
  if (this[kConnector] !== null) {
    this[kConnector].cancel(this[kCause] === undefined ? 'local-destroy' : 'connect-timeout');
    this[kConnector] = null;
  }
  if (this[kBound] >= 0) leaveBound(this);
  const id = this[kId];
  if (id !== 0) {
    keepLast(this, id, connecting);
    this[kLocal] = null;
    if (this.encrypted) this[kTruncated] = truncated(id);
    this[kId] = 0;
    this[kReading] = false;
    this[kCloseCode] = close(id, Boolean(this[kReset]), this[kCause]);
  }
  if (this[kWriteDone] !== null) process.nextTick(giveUpWrite, this, this[kWriteDone], error);
  this[kWriteDone] = null;
  this[kFinalDone] = null;
  if (error && this[kAccepted] && this.listenerCount('error') === 0)
    this.once('error', warnUnheard);
  done(error);
  // Who awaited `error` can still listen to `close`.
  setImmediate(emitClose, this, Boolean(error));
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
  const { remoteAddress, remotePort } = this;
  const who = remoteAddress ? ` ${remoteAddress}:${remotePort}` : '';
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

const NONE = Object.freeze({});

// A socket that a server made, of the open handle id.
function AcceptedSocket(id, connectionId, server, options, tls) {
  // Named here so that the engine makes objects with room for what every such socket has.
  this._readableState = null;
  this._writableState = null;
  this._events = undefined;
  this._eventsCount = 0;
  this.allowHalfOpen = false;
  this.id = connectionId;
  this.server = server;
  this._server = server;
  this.connecting = false;
  beginAccepted(this, id, connectionId, server, options);
  this[kAccepted] = true;
  if (tls !== null) this[kTls] = tls;
}
AcceptedSocket.prototype = Socket.prototype;

function beginAccepted(socket, id, connectionId, server, { highWaterMark }) {
  const usual = highWaterMark === undefined || highWaterMark === getDefaultHighWaterMark(false);
  begin(socket, server.allowHalfOpen, usual ? NONE : { highWaterMark });
  socket.id = connectionId;
  socket[kId] = id;
  socket.server = server;
  socket._server = server;
  own(id, socket);
  if (server[kWriteLimit] !== undefined)
    require('internal/net/write_limits').setLimit(socket, server[kWriteLimit]);
  server._drain?.accepted(socket);
}

// tls: what the connection is encrypted with, or null. Its identity is told by identify().
function accepted(id, connectionId, server, options, tls = null) {
  const socket =
    tls === null
      ? new AcceptedSocket(id, connectionId, server, options, null)
      : Reflect.construct(
          AcceptedSocket,
          [id, connectionId, server, options, tls],
          require('internal/tls/page').Secure,
        );
  if (options.noDelay) native.setNoDelay(id, true);
  keepAsServer(id, options);
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
  if (from[kOnRead] !== undefined) chunks.push(...takeHeld(from[kOnRead], id));
  chunks.push(...takeUntold(id, from[kOnRead]));
  peer(from);
  local(from);
  stopReading(from);
  from[kId] = 0;
  from[kAbove] = to;
  to[kUnref] = from[kUnref];
  open(to, id);
  if (from[kTimeout] > 0 && !(to[kTimeout] > 0)) native.setIdle(id, idleMs(from[kTimeout]));
  from.once('finish', () => to.end());
  return chunks.length > 0 ? Buffer.concat(chunks) : undefined;
}

// What target did not tell of; the handle reads into it no more.
function takeHeld(target, id) {
  const { rest } = target;
  target.rest = null;
  native.readInto(id, undefined);
  return rest === null ? [] : [rest];
}

/** Closes the socket's handle here, as another process has it; the socket is not told. */
function detach(socket) {
  const id = socket[kId];
  if (id === 0) return;
  socket.setTimeout(0);
  peer(socket);
  local(socket);
  stopReading(socket);
  socket[kId] = 0;
  socket[kCloseCode] = close(id, false, 'moved');
  const server = socket._server;
  socket._server = null;
  server?._connectionEnded(socket);
}

module.exports = {
  Socket,
  accepted,
  beginAccepted,
  detach,
  established,
  handOver,
  open,
  kId,
  kTls,
};
