'use strict';
// Options and properties of a net.Socket.
const native = binding('net');
const { kHandle } = require('internal/base/opaque');
const { errnoException } = require('internal/errors/codes');
const { validateFunction, validateInt32 } = require('internal/errors/validators');
const { on } = require('internal/net/handles');
const { validateTimeout } = require('internal/net/options');
const {
  members,
  kBound,
  kTakeBound,
  kId,
  kWriteDone,
  kFinalDone,
  kCarried,
  kBytesRead,
  kBytesWritten,
  kPeer,
  kLocal,
  kTimeout,
  kTimer,
  kIdle,
  kIdleOff,
  kSettings,
  kUnref,
  kTls,
  kTruncated,
  kCause,
  kWriteLimit,
  kProxied,
} = require('internal/net/socket_fields');

function accessor(name, get, set) {
  Object.defineProperty(members, name, { configurable: true, enumerable: true, get, set });
}

// A program may assign it; that sets no timer.
accessor(
  'timeout',
  function timeout() {
    return this[kTimeout];
  },
  function setTimeout_(value) {
    this[kTimeout] = value;
  },
);
/**
 * How much may wait to be written: {hard: bytes, soft: [bytes, ms], stall: ms, policy}. A write that
 * would pass hard is refused whole. undefined: no limit. docs/api/limits.md
 */
accessor(
  'writeLimit',
  function writeLimit() {
    return this[kWriteLimit];
  },
  function setWriteLimit(value) {
    const { limitOf, setLimit } = require('internal/net/write_limits');
    setLimit(this, limitOf(value, 'socket.writeLimit'));
  },
);

const apply = {
  noDelay: (id, on) => native.setNoDelay(id, on),
  keepAlive: (id, [on, ...numbers]) => native.setKeepAlive(id, on, ...numbers),
  typeOfService: (id, value) => native.setTypeOfService(id, value),
};

/** Turns keep-alive on for a server's connection, if the server's options say so. */
function keepAsServer(id, { keepAlive, keepAliveInitialDelay }) {
  if (keepAlive)
    apply.keepAlive(id, probing({ enable: true, initialDelay: keepAliveInitialDelay }));
}

function setting(socket, name, value) {
  if (socket[kId] !== 0) apply[name](socket[kId], value);
  else (socket[kSettings] ??= {})[name] = value;
}

/** What the options of a new socket set for its connection. */
function begin(socket, options) {
  if (options.noDelay) setting(socket, 'noDelay', true);
  if (options.typeOfService !== undefined) setting(socket, 'typeOfService', options.typeOfService);
  if (options.keepAlive) socket.setKeepAlive(true, options.keepAliveInitialDelay);
  options.handle?.[kTakeBound]?.(socket);
}

/** Turns Nagle's algorithm off (true, or no argument) or on. */
members.setNoDelay = function setNoDelay(noDelay) {
  setting(this, 'noDelay', noDelay === undefined ? true : Boolean(noDelay));
  return this;
};

const seconds = (ms) => (Number(ms) > 0 ? Math.ceil(Number(ms) / 1000) : 0);

/** What native.setKeepAlive() takes. A peer that is gone is found ten seconds after the first probe. */
function probing({ enable = false, initialDelay = 0, interval = 1000, count = 10 }) {
  const probes = Number(count) > 0 ? Math.ceil(Number(count)) : 0;
  return [Boolean(enable), seconds(initialDelay), seconds(interval), probes];
}

/**
 * Turns keep-alive probes on or off: (enable, initialDelay, interval, count) or an object of them.
 * The connection fails when count probes in a row, interval apart, stay without an answer.
 * initialDelay, the silence before the first, and interval are ms, rounded up to seconds; 0, as that of
 * initialDelay is by default: the system's.
 */
members.setKeepAlive = function setKeepAlive(enable, initialDelay, interval, count) {
  const given = typeof enable === 'object' && enable !== null;
  setting(this, 'keepAlive', probing(given ? enable : { enable, initialDelay, interval, count }));
  return this;
};

/** Sets the type of service (IPv4) or traffic class (IPv6) of what is sent, 0 to 255. */
members.setTypeOfService = function setTypeOfService(tos) {
  validateInt32(tos, 'tos', 0, 255);
  setting(this, 'typeOfService', tos);
  return this;
};

/** To another thread. */
members[kHandle] = function handle() {
  return require('internal/net/moving').ofSocket(this);
};

/** The value of setTypeOfService(), or what the connection has. */
members.getTypeOfService = function getTypeOfService() {
  if (this[kId] === 0) return this[kSettings]?.typeOfService ?? 0;
  const value = native.getTypeOfService(this[kId]);
  if (value < 0) throw errnoException(value, 'getsockopt');
  return value;
};

/**
 * Emits `timeout` after ms without a byte in either direction; the connection stays. 0: never.
 * @returns {this}
 */
members.setTimeout = function setTimeout_(ms, callback) {
  const value = validateTimeout(ms);
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    if (value === 0) this.removeListener('timeout', callback);
    else this.once('timeout', callback);
  }
  if (this.destroyed) return this;
  this[kTimeout] = value;
  this[kIdle] = value;
  this[kIdleOff] = false;
  if (this[kId] !== 0) native.setIdle(this[kId], idleMs(value));
  else startTimer(this);
  return this;
};

/**
 * As setTimeout(ms), for who changes between no limit and one with each message: time runs from the
 * last byte, and C++ keeps a limit that does not hold for now.
 */
function limitIdle(socket, ms) {
  if (socket[kId] === 0) {
    socket.setTimeout(ms);
    return;
  }
  socket[kTimeout] = ms;
  socket[kIdleOff] = ms === 0;
  if (ms === 0 || socket[kIdle] === ms) return;
  socket[kIdle] = ms;
  native.setIdle(socket[kId], idleMs(ms));
}

// What the engine's timer can do.
const idleMs = (ms) => Math.min(Math.ceil(ms), 2 ** 31 - 1);

function startTimer(socket) {
  clearTimeout(socket[kTimer]);
  socket[kTimer] = undefined;
  if (socket[kTimeout] > 0)
    socket[kTimer] = setTimeout(() => socket[on.idle](), idleMs(socket[kTimeout])).unref();
}

members[on.idle] = function onIdle() {
  if (!this[kIdleOff]) tellTimeout(this, this);
};

// Tells `told` of a time-out of socket: who gives the connection up now does so because of it.
function tellTimeout(socket, told) {
  const ended = socket.writableEnded;
  socket[kCause] = told[kCause] = 'idle-timeout';
  try {
    told.emit('timeout');
  } finally {
    socket[kCause] = told[kCause] = undefined;
  }
  if (socket[kId] !== 0 && socket.writableEnded && !ended)
    binding('ledger').note(socket[kId], 'idle-timeout');
}
members._onTimeout = members[on.idle];

/** Lets the process end although the socket is open, once what it connects or writes is done. */
members.unref = function unref() {
  this[kUnref] = true;
  keepWhileBusy(this);
  return this;
};

/** Keeps the process while the socket is open, as it does by default. */
members.ref = function ref() {
  this[kUnref] = false;
  keepWhileBusy(this);
  return this;
};

/** Whether what another socket carried here waits still. */
function carriedWaits(socket) {
  return socket[kCarried] && socket[kId] !== 0 && native.queued(socket[kId]) > 0;
}

// What is under way keeps the process: nothing that was written is lost at its end. A socket that
// connects keeps it by its connector.
function keepWhileBusy(socket) {
  if (socket[kId] === 0) return;
  const busy = socket[kWriteDone] !== null || socket[kFinalDone] !== null || carriedWaits(socket);
  native.setRef(socket[kId], busy || !socket[kUnref]);
}

// ---- Properties

function local(socket) {
  if (socket[kLocal] === undefined && socket[kId] !== 0 && !socket.connecting)
    socket[kLocal] = native.localAddress(socket[kId]);
  return socket[kLocal] ?? undefined; // null: it is closed
}

/** Closes what a socket was to connect with. */
function leaveBound(socket) {
  native.leaveBound(socket[kBound], true);
  socket[kBound] = -1;
  socket[kLocal] = null;
}

function peer(socket) {
  if (socket[kPeer] === undefined && socket[kId] !== 0 && !socket.connecting)
    socket[kPeer] = native.peerAddress(socket[kId]);
  if (typeof socket[kPeer] === 'number') socket[kPeer] = unpacked(socket[kPeer]);
  return socket[kPeer];
}

// An IPv4 address and 16 bits of port.
function unpacked(number) {
  const ip = Math.floor(number / 65536);
  const address = [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');
  return { address, family: 'IPv4', port: number % 65536 };
}

// Bytes that wait in JavaScript: what a _write() has begun is C++'s, which counts what of it is sent and
// what waits.
const unbegun = (state) => state.length - (state.writing ? state.writelen : 0);

const { last } = native;
// The numbers of struct LastNumbers in src/bind/net/state.h.
const READ = 0;
const WRITTEN = 1;
const PEER = 2;
const PROXIED = 3;

/** Keeps what is known of a connection that closes, for who reads it afterwards. */
function keepLast(socket, id, connecting) {
  const state = socket._writableState;
  native.noteLast(id);
  socket[kBytesRead] = last[READ];
  socket[kBytesWritten] = connecting ? state.length : last[WRITTEN] + unbegun(state);
  socket[kPeer] ??= last[PEER] >= 0 ? last[PEER] : native.peerAddress(id);
  if (last[PROXIED] !== 0) void socket.proxied;
}

/** The bound address: {port, family, address}; {} while there is none. */
members.address = function address() {
  const found = local(this);
  if (found?.address === undefined) return {};
  return { address: found.address, family: found.family, port: found.port };
};

let tls;
function truncated(id) {
  tls ??= binding('tls');
  return tls.truncated(id);
}

accessor('localAddress', function localAddress() {
  return local(this)?.address;
});
accessor('localPort', function localPort() {
  return local(this)?.port;
});
accessor('localFamily', function localFamily() {
  return local(this)?.family;
});
accessor('remoteAddress', function remoteAddress() {
  return peer(this)?.address;
});
accessor('remotePort', function remotePort() {
  return peer(this)?.port;
});
accessor('remoteFamily', function remoteFamily() {
  return peer(this)?.family;
});
accessor('bytesRead', function bytesRead() {
  return this[kId] !== 0 ? native.bytesRead(this[kId]) : (this[kBytesRead] ?? 0);
});
// As in Node: what is queued counts, so that the number does not depend on the kernel's buffers.
accessor('bytesWritten', function bytesWritten() {
  const state = this._writableState;
  if (state === undefined) return undefined; // the prototype
  const id = this[kId];
  if (this[kBytesWritten] !== undefined) return this[kBytesWritten]; // closed
  if (id === 0 || this.connecting) return state.length;
  return native.bytesWritten(id) + native.queued(id) + unbegun(state);
});
accessor('_bytesDispatched', function dispatched() {
  return this.bytesWritten;
});
accessor('bufferSize', function bufferSize() {
  return this.writableLength;
});
accessor('pending', function pending() {
  return (this[kId] === 0 && this[kBound] < 0) || this.connecting;
});
accessor('encrypted', function encrypted() {
  return this[kTls] !== null;
});
/** Encrypted connections: whether the peer ended without close_notify, so that data may be missing. */
accessor('truncated', function isTruncated() {
  if (this[kId] === 0) return Boolean(this[kTruncated]);
  return this.encrypted && truncated(this[kId]);
});
/**
 * What a load balancer told of the connection, beside its addresses; null where nothing was.
 * @returns {object|null} docs/operate.md names the members
 */
accessor('proxied', function proxied() {
  if (this[kProxied] === undefined && this[kId] !== 0)
    this[kProxied] = require('internal/net/proxy').proxiedOf(this);
  return this[kProxied] ?? null;
});
/** Why the connection ends, {by, code}: set once, by the first cause; null before. */
accessor('closeReason', function closeReason() {
  return require('internal/net/record').closeReason(this);
});
/**
 * A snapshot of the connection, or its last one after the end; null where there is none.
 * @returns {object|null} docs/observe.md names the members
 */
members.info = function info() {
  return require('internal/net/record').info(this);
};
accessor('_connecting', function connecting() {
  return this.connecting;
});
accessor('autoSelectFamilyAttemptedAddresses', function attempted() {
  return this._attempted;
});
accessor('readyState', function readyState() {
  if (this.connecting) return 'opening';
  if (this.readable && this.writable) return 'open';
  if (this.readable) return 'readOnly';
  if (this.writable) return 'writeOnly';
  return 'closed';
});
// Some packages look whether there is a handle, and at its descriptor.
accessor('_handle', function handle() {
  const id = this[kId];
  if (id === 0) return null;
  const { Handle } = require('internal/net/handles');
  return new Handle(id, this._parent);
});

module.exports = {
  carriedWaits,
  apply,
  begin,
  idleMs,
  keepAsServer,
  keepLast,
  keepWhileBusy,
  limitIdle,
  setting,
  startTimer,
  tellTimeout,
  leaveBound,
  local,
  peer,
  truncated,
};
