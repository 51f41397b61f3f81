'use strict';
// net.Server: Node's server. The page's is a GroupServer (internal/net/group).
const EventEmitter = require('events');
const { getDefaultHighWaterMark } = require('stream');
const native = binding('net');
const channels = require('internal/base/channels');
const { kHandle } = require('internal/base/opaque');
const { codes, errnoException } = require('internal/errors/codes');
const { validateNumber } = require('internal/errors/validators');
const { on, own, close } = require('internal/net/handles');
const operating = require('internal/net/server_operating');
const { serverArguments, validateBlockList } = require('internal/net/options');
const { accepted } = require('internal/net/socket');
const limits = require('internal/net/server_limits');
const { kId, kUnref } = require('internal/net/socket_fields');

const kAnnounced = Symbol('announced'); // listening was emitted
const kTls = Symbol('tls'); // ServerCertificates, or null
const kAccount = Symbol('account'); // the number of where its connections are counted, 0 before

/** Whom servers tell when they begin, listen and end (internal/net/service), or null. */
const service = binding('runtime').service ? require('internal/net/service') : null;

/**
 * A TCP or Unix server.
 * @param {object} [options] allowHalfOpen, pauseOnConnect, noDelay, keepAlive,
 *     keepAliveInitialDelay (ms), highWaterMark, blockList, tlsOpt, proxy
 * @param {Function} [listener] added to `connection`
 */
function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener);
  [options, listener] = serverArguments(options, listener);
  EventEmitter.call(this, options);
  if (listener !== undefined && listener !== null) this.on('connection', listener);
  if (options.keepAliveInitialDelay !== undefined)
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
  if (options.highWaterMark !== undefined)
    validateNumber(options.highWaterMark, 'options.highWaterMark', 0);
  validateBlockList(options.blockList);
  this.allowHalfOpen = Boolean(options.allowHalfOpen);
  this.pauseOnConnect = Boolean(options.pauseOnConnect);
  this.noDelay = Boolean(options.noDelay);
  this.keepAlive = Boolean(options.keepAlive);
  this.keepAliveInitialDelay = Math.max(0, options.keepAliveInitialDelay ?? 0);
  this.highWaterMark = options.highWaterMark ?? getDefaultHighWaterMark(false);
  this.blockList = options.blockList;
  this.maxConnections = undefined;
  this.lastError = null; // why addcert() returned false the last time
  this._connections = 0;
  this[kId] = 0;
  this[kAnnounced] = false;
  this[kUnref] = false;
  this[kTls] = null;
  this[kAccount] = 0;
  if (options.tlsOpt !== undefined && options.tlsOpt !== null) {
    encryptWith(this, options.tlsOpt);
    this[kTls].open();
  }
  this._drain = null; // the Drain that goes on
  this._health = null; // what load balancers are told
  this._proxy = undefined;
  if (options.proxy !== undefined) this.proxy = options.proxy;
  this._starting = null; // the lookup of the host that listen() waits for
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

function encryptWith(server, tlsOpt) {
  const { ServerCertificates } = require('internal/tls/certificates');
  server[kTls] = new ServerCertificates(tlsOpt);
}

// ---- Starting

/**
 * Starts listening. Node's forms: (port[, host][, backlog][, cb]), (path[, backlog][, cb]),
 * (options[, cb]), ([cb]); failures are `error` events.
 * @returns {this}
 */
Server.prototype.listen = function listen(...args) {
  require('internal/net/listening').listen(this, args);
  return this;
};

function openHandle(server, id) {
  server[kId] = id;
  server[kAccount] = native.account(id);
  own(id, server);
  limits.apply(server, id);
  if (server[kUnref]) native.setRef(id, false);
  if (server._proxy !== undefined) require('internal/net/proxy').expect(id, server._proxy);
}

/** Whether this is the server that owns the port; always true on servers of one task. */
Server.prototype.isMaster = function isMaster() {
  return true;
};

/** The bound port once listen() returned; undefined before that and after close(). */
Server.prototype.port = function port() {
  return this[kId] !== 0 ? native.localAddress(this[kId])?.port : undefined;
};

/**
 * Adds or replaces the certificate for clients that ask for opt.name: a host name, `*.domain` or
 * an IP address. Handshakes that begin later have it; connections keep theirs.
 * @param {{name: string, cert: string|Buffer, key: string|Buffer, ca?: string|Buffer, passwd?: string}} opt
 * @returns {boolean} false if it cannot, and lastError says why; never throws
 */
Server.prototype.addcert = function addcert(opt) {
  try {
    if (this[kTls] === null) throw new codes.ERR_SERVER_NOT_ENCRYPTED();
    this[kTls].add(opt);
  } catch (error) {
    this.lastError = error;
    return false;
  }
  this.lastError = null;
  if (this[kAnnounced]) this[kTls].watch(this);
  return true;
};

/** Removes the certificate of a name. @returns {boolean} whether there was one */
Server.prototype.delcert = function delcert(name) {
  return this[kTls]?.delete(name) ?? false;
};

/** The certificates, the server's own as ''; empty if it does not encrypt. */
Server.prototype.listcert = function listcert() {
  return this[kTls]?.list() ?? [];
};

// What is told while it listens, and when it does no more; null where nothing encrypts.
Server.prototype._certificates = function certificates() {
  return this[kTls];
};

Server.prototype._ticketSource = function ticketSource() {
  return this[kTls]?.source ?? null;
};

// ---- Connections

Server.prototype[on.accept] = function onAccept(id, connectionId) {
  if (this.maxConnections != null && this._connections >= this.maxConnections) {
    drop(this, id, 'total');
    return;
  }
  if (this.blockList !== undefined) {
    const peer = native.peerAddress(id);
    if (peer?.address && this.blockList.check(peer.address, peer.family.toLowerCase())) {
      drop(this, id, 'blocklist');
      return;
    }
  }
  this._connections++;
  this._take(id, connectionId);
};

// What becomes of an open stream.
Server.prototype._take = function take(id, connectionId) {
  if (this[kTls] === null) welcome(this, accepted(id, connectionId, this, this));
  else new Handshake(this, id, connectionId);
};

function welcome(server, socket) {
  server.emit('connection', socket);
  channels.publish?.('net.server.socket', { socket });
}

// A connection that is not encrypted yet; one whose handshake fails is nobody's business.
class Handshake {
  constructor(server, id, connectionId) {
    this.server = server;
    this.id = id;
    this.connectionId = connectionId;
    own(id, this);
    const { encrypt } = require('internal/tls/page');
    if (encrypt(id, server[kTls].options)) this[on.tlsError]();
    else binding('tls').start(id);
  }

  [on.secure](protocol, servername) {
    const { server, id, connectionId } = this;
    const socket = accepted(id, connectionId, server, server, server[kTls].options);
    require('internal/tls/page').identify(socket, id, protocol, servername);
    welcome(server, socket);
  }

  // The program chooses the context by the name that the client asks for.
  [on.hello](name) {
    this.server[kTls].choose(name, (error, context) => {
      if (error) {
        binding('ledger').note(this.id, 'handshake-failed');
        this[on.tlsError]();
      } else if (this.id !== 0) binding('tls').choose(this.id, context?.context);
    });
  }

  [on.tlsError]() {
    if (this.id === 0) return;
    close(this.id);
    this.id = 0;
    this.server._connectionEnded();
  }
}

function drop(server, id, refusal) {
  let data;
  if (server.listenerCount('drop') > 0) {
    const here = native.localAddress(id) ?? {};
    const there = native.peerAddress(id) ?? {};
    data = {
      localAddress: here.address,
      localPort: here.port,
      localFamily: here.family,
      remoteAddress: there.address,
      remotePort: there.port,
      remoteFamily: there.family,
    };
  }
  binding('ledger').refuse(id, refusal);
  if (data !== undefined) server.emit('drop', data);
}

// No descriptor is free: accepting rests until one is. Told once each time.
Server.prototype[on.starved] = function onStarved(errno) {
  this.emit('starved', errnoException(-errno, 'accept'));
};

// The process ends.
Server.prototype[on.leave] = function onLeave(text) {
  require('internal/net/drain').leave(this, JSON.parse(text));
};

// A rejected promise of a connection listener fails that connection, not the server.
Server.prototype[EventEmitter.captureRejectionSymbol] = function onRejection(error, event, socket) {
  if (event === 'connection') socket.destroy(error);
  else this.emit('error', error);
};

Server.prototype._connectionEnded = function connectionEnded(socket) {
  this._connections--;
  this._drain?.closed(socket);
  this._closeIfDrained();
};

// Whether its connections are encrypted from their begin.
Server.prototype._encrypts = function encrypts() {
  return this[kTls] !== null;
};

/**
 * Snapshots of the open connections of this server in this task.
 * @param {{tcp?: boolean}} [options] tcp: with what the kernel knows (default true)
 * @returns {Iterator<object>} of objects as those of socket.info(); 256 are looked up at a time
 */
Server.prototype.connections = function connections(options) {
  return require('internal/net/record').connectionsOf(this[kAccount], options);
};

/**
 * The connections of this server that closed last, the last one first; the process keeps 4,096.
 * @param {{code?: string, peer?: string, since?: Date|number, limit?: number}} [options] peer: an IP
 *     address, or a path
 * @returns {object[]} as those of socket.info()
 */
Server.prototype.recent = function recent(options) {
  return require('internal/net/record').recentOf(this[kAccount], undefined, options);
};

/**
 * Writes what this server's connections carry to a pcapng file, until a limit or the signal ends it.
 * @param {{file: string, mode?: 'plain'|'records', peer?: string, ids?: number[], snap?: number,
 *     maxBytes?: number, maxTime?: number, signal?: AbortSignal}} options file: must not exist
 * @returns {Promise<{connections: number, packets: number, dropped: number, bytes: number}>}
 */
Server.prototype.capture = function capture(options) {
  return require('internal/net/capture').captureOf(this[kAccount], undefined, options);
};

/** Calls back with the number of open connections. */
Server.prototype.getConnections = function getConnections(callback) {
  process.nextTick(callback, null, this._connections);
  return this;
};

// ---- The end

/**
 * Stops accepting; open connections go on, and `close` follows the last of them.
 * @param {Function} [callback] called on `close`, or with ERR_SERVER_NOT_RUNNING
 * @returns {this}
 */
Server.prototype.close = function closeServer(callback) {
  if (typeof callback === 'function') {
    if (this[kId] === 0 && !this._starting)
      this.once('close', () => callback(new codes.ERR_SERVER_NOT_RUNNING()));
    else this.once('close', () => callback());
  }
  this._stop();
  return this;
};

// Ends listening, and what comes of that.
Server.prototype._stop = function stop() {
  const id = this[kId];
  service?.ended(this);
  if (id !== 0) {
    this[kId] = 0;
    this._certificates()?.close();
    if (this._pipeName) native.removeSocket(id);
    this._pipeName = undefined;
    close(id);
  }
  this._starting = null;
  this[kAnnounced] = false;
  this._health?.update();
  this._closeIfDrained();
};

Object.defineProperties(Server.prototype, Object.getOwnPropertyDescriptors(operating.members));

Server.prototype._listenerId = function listenerId() {
  return this[kId];
};

Server.prototype._closeIfDrained = function closeIfDrained() {
  if (this[kId] !== 0 || this._connections > 0 || this._starting) return;
  process.nextTick(() => this.emit('close'));
};

Server.prototype[Symbol.asyncDispose ?? Symbol.for('asyncDispose')] = function dispose() {
  if (this[kId] === 0) return Promise.resolve();
  return new Promise((resolve, reject) =>
    this.close((error) => (error ? reject(error) : resolve())),
  );
};

/** The connections to come, one after another: until `close`, or what `error` is told. */
Server.prototype[Symbol.asyncIterator] = function each() {
  return require('internal/net/promises').connectionsOf(this);
};

/** To another thread. */
Server.prototype[kHandle] = function handle() {
  return require('internal/net/moving').ofServer(this);
};

/** The bound address {port, family, address}, a Unix path, or null while not listening. */
Server.prototype.address = function address() {
  if (this[kId] === 0) return null;
  const found = native.localAddress(this[kId]);
  if (found === undefined) return null;
  if (found.path !== undefined) return this._pipeName ?? found.path;
  return { address: found.address, family: found.family, port: found.port };
};

Object.defineProperty(Server.prototype, 'listening', {
  configurable: true,
  enumerable: true,
  get() {
    return this[kId] !== 0;
  },
});
Object.defineProperty(Server.prototype, '_handle', {
  configurable: true,
  enumerable: true,
  get() {
    if (this[kId] === 0) return null;
    const { Handle } = require('internal/net/handles');
    return new Handle(this[kId]);
  },
});

Server.prototype.ref = function ref() {
  this[kUnref] = false;
  if (this[kId] !== 0) native.setRef(this[kId], true);
  return this;
};

Server.prototype.unref = function unref() {
  this[kUnref] = true;
  if (this[kId] !== 0) native.setRef(this[kId], false);
  return this;
};

Object.defineProperties(Server.prototype, Object.getOwnPropertyDescriptors(limits.members));

module.exports = {
  Server,
  kId,
  kAnnounced,
  kTls,
  encryptWith,
  openHandle,
  service,
};
