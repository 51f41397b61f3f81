'use strict';
// Agent: the connections of clients, kept for the next request to the same host.
const EventEmitter = require('events');
const net = require('net');
const { codes } = require('internal/errors/codes');
const { validateNumber, validateOneOf } = require('internal/errors/validators');

const MOST_FREE = 256;

function limit(options, name, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  validateNumber(value, name, 1);
  return value;
}

class Agent extends EventEmitter {
  #sockets = 0; // used ones

  /**
   * @param {object} [options] keepAlive, keepAliveMsecs, maxSockets, maxTotalSockets,
   *     maxFreeSockets, scheduling, timeout (ms); all are also options of every connection
   */
  constructor(options) {
    super();
    options = { __proto__: null, ...options };
    options.noDelay ??= true;
    options.path = null;
    this.options = options;
    this.defaultPort = 80;
    this.protocol = 'http:';
    this.requests = { __proto__: null };
    this.sockets = { __proto__: null };
    this.freeSockets = { __proto__: null };
    this.keepAliveMsecs = options.keepAliveMsecs || 1000;
    this.keepAlive = Boolean(options.keepAlive);
    this.maxSockets = options.maxSockets || Infinity;
    this.maxFreeSockets = options.maxFreeSockets || MOST_FREE;
    this.scheduling = options.scheduling || 'lifo';
    this.maxTotalSockets = limit(options, 'maxTotalSockets', Infinity);
    validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
    this.on('free', (socket, connection) => this.#free(socket, connection));
  }

  /** Sockets that requests use. */
  get totalSocketCount() {
    return (
      this.#sockets + Object.values(this.freeSockets).reduce((sum, list) => sum + list.length, 0)
    );
  }

  createConnection(...args) {
    return net.createConnection(...args);
  }

  /** What tells connections apart: host:port:localAddress[:family][:socketPath]. */
  getName(options = {}) {
    let name = `${options.host || 'localhost'}:`;
    if (options.port) name += options.port;
    name += `:${options.localAddress ?? ''}`;
    if (options.family === 4 || options.family === 6) name += `:${options.family}`;
    if (options.socketPath) name += `:${options.socketPath}`;
    return name;
  }

  /** Gives a request a connection, at once or when there is one. */
  addRequest(req, options) {
    options = { __proto__: null, ...options, ...this.options };
    if (options.socketPath) options.path = options.socketPath;
    const name = this.getName(options);
    options._agentKey = name;
    const free = this.#takeFree(name);
    if (free !== undefined) {
      req.reusedSocket = true;
      this.reuseSocket(free, req);
      this.#use(name, free);
      req.onSocket(free);
    } else if (
      (this.sockets[name]?.length ?? 0) < this.maxSockets &&
      this.totalSocketCount < this.maxTotalSockets
    ) {
      this.#connect(req, name, options);
    } else (this.requests[name] ??= []).push([req, options]);
  }

  #takeFree(name) {
    const list = this.freeSockets[name];
    if (list === undefined) return undefined;
    let found;
    while (list.length > 0 && found === undefined) {
      const socket = this.scheduling === 'fifo' ? list.shift() : list.pop();
      if (!socket.destroyed && socket.writable) found = socket;
    }
    if (list.length === 0) delete this.freeSockets[name];
    return found;
  }

  #use(name, socket) {
    (this.sockets[name] ??= []).push(socket);
    this.#sockets++;
  }

  #connect(req, name, options) {
    if (!options.servername && options.servername !== '')
      options.servername = serverName(options, req);
    if (this.keepAlive) options.keepAlive ??= true;
    options.keepAliveInitialDelay ??= this.keepAliveMsecs;
    options.encoding = null;
    let answered = false;
    const onCreated = (error, socket) => {
      if (answered) return;
      answered = true;
      if (error) {
        req.onSocket(null, error);
        return;
      }
      this.#install(socket, name, options);
      req.onSocket(socket);
    };
    const socket = this.createConnection(options, onCreated);
    if (socket) onCreated(null, socket);
  }

  #install(socket, name, options) {
    this.#use(name, socket);
    socket._agentName = name;
    socket.on('free', () => this.emit('free', socket, options));
    socket.on('close', () => this.#remove(socket, name, options));
    socket.on('agentRemove', () => this.#remove(socket, name, options));
    socket.on('timeout', () => {
      // A connection that waits too long for its next request.
      if (this.freeSockets[name]?.includes(socket)) socket.destroy();
    });
  }

  // Also of sockets that are removed already.
  #remove(socket, name, options) {
    for (const lists of [this.sockets, this.freeSockets]) {
      const index = lists[name]?.indexOf(socket) ?? -1;
      if (index < 0) continue;
      lists[name].splice(index, 1);
      if (lists[name].length === 0) delete lists[name];
      if (lists === this.sockets) this.#sockets--;
    }
    this.#serveWaiting(name, options);
  }

  // A connection that ended makes room for who waits, of the same host first.
  #serveWaiting(name, options) {
    for (const waiting of this.requests[name] ? [name] : Object.keys(this.requests)) {
      const list = this.requests[waiting];
      while (list?.length > 0) {
        const [req, own] = list.shift();
        if (list.length === 0) delete this.requests[waiting];
        if (req.destroyed) continue;
        this.#connect(req, waiting, own ?? options);
        return;
      }
    }
  }

  #free(socket, options) {
    const name = options._agentKey;
    const waiting = this.requests[name];
    while (waiting?.length > 0 && socket.writable) {
      const [req] = waiting.shift();
      if (waiting.length === 0) delete this.requests[name];
      if (req.destroyed) continue;
      req.reusedSocket = true;
      this.reuseSocket(socket, req);
      req.onSocket(socket);
      return;
    }
    const list = this.freeSockets[name] ?? [];
    const keeps =
      this.keepAlive &&
      socket.writable &&
      list.length < this.maxFreeSockets &&
      this.keepSocketAlive(socket);
    if (!keeps) {
      socket.destroy();
      return;
    }
    const index = this.sockets[name]?.indexOf(socket) ?? -1;
    if (index >= 0) {
      this.sockets[name].splice(index, 1);
      if (this.sockets[name].length === 0) delete this.sockets[name];
      this.#sockets--;
    }
    socket._httpMessage = null;
    socket.once('error', freeError);
    list.push(socket);
    this.freeSockets[name] = list;
  }

  /** Prepares a connection to wait; false closes it. */
  keepSocketAlive(socket) {
    socket.setKeepAlive(true, this.keepAliveMsecs);
    socket.unref();
    let wait = this.options.timeout ?? 0;
    const hint = socket._keepAliveHint; // ms, of the server
    if (hint !== undefined) wait = wait > 0 ? Math.min(wait, hint) : hint;
    if (hint === 0) return false;
    if (socket.timeout !== wait) socket.setTimeout(wait);
    return true;
  }

  /** Prepares a connection that waited for its next request. */
  reuseSocket(socket) {
    socket.off('error', freeError);
    socket.ref();
    const wait = this.options.timeout ?? 0;
    if (socket.timeout !== wait) socket.setTimeout(wait);
  }

  /** Closes all connections. */
  destroy() {
    for (const lists of [this.freeSockets, this.sockets])
      for (const list of Object.values(lists)) for (const socket of [...list]) socket.destroy();
  }
}

function freeError() {
  this.destroy();
  this.emit('agentRemove');
}

/** The name for SNI: that of the field Host, else the host. */
function serverName(options, req) {
  const host = req.getHeader('host');
  if (host === undefined) return options.host;
  if (typeof host !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('options.headers.host', 'string', host);
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.split(':', 1)[0];
  return net.isIP(name) !== 0 ? '' : name;
}

const globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });

module.exports = { Agent, globalAgent };
