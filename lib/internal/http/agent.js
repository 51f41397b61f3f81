'use strict';
// Agent: the connections of clients, kept for the next request to the same host.
const EventEmitter = require('events');
const net = require('net');
const { validateNumber, validateOneOf, validateString } = require('internal/errors/validators');
const { hidden } = require('internal/http/outgoing');
const proxied = require('internal/process/proxied');

const { restricted } = binding('runtime');
const { createConnection } = net;

const MOST_FREE = 256;
const kOptions = Symbol('options'); // of a request that waits
const kProxy = Symbol('proxy'); // that the environment names for its requests, or null
const kRequest = Symbol('request'); // of a connection's options: the first that it is for

/**
 * @param {object} [options] keepAlive, keepAliveMsecs, maxSockets, maxTotalSockets,
 *     maxFreeSockets, scheduling, timeout (ms); all are also options of every connection
 */
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  EventEmitter.call(this);
  this.options = { __proto__: null, ...options };
  this.options.noDelay ??= true;
  this.options.path = null; // not that of a Unix socket
  this.defaultPort = this.options.defaultPort || 80;
  this.protocol = this.options.protocol || 'http:';
  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = this.options.keepAliveMsecs || 1000;
  this.keepAlive = this.options.keepAlive || false;
  this.maxSockets = this.options.maxSockets || Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets || MOST_FREE;
  this.scheduling = this.options.scheduling || 'lifo';
  this.maxTotalSockets = this.options.maxTotalSockets;
  /** Sockets that requests use, or that are kept. */
  this.totalSocketCount = 0;
  const { agentKeepAliveTimeoutBuffer: buffer } = this.options;
  this.agentKeepAliveTimeoutBuffer = Number.isFinite(buffer) && buffer >= 0 ? buffer : 1000; // ms
  const { proxyEnv } = this.options;
  this[kProxy] = proxyEnv
    ? require('internal/http/proxies').proxyOf(proxyEnv, this.protocol)
    : null;
  validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
  if (this.maxTotalSockets === undefined) this.maxTotalSockets = Infinity;
  else validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);
  this.on('free', onFree);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);
Agent.defaultMaxSockets = Infinity;

// ---- A connection that is free. `this` is the agent.

function onFree(socket, options) {
  const name = this.getName(options);
  const waiting = this.requests[name];
  if (waiting?.length > 0 && socket.writable) {
    const req = takeWaiting(this, name);
    if (req !== undefined) {
      req.reusedSocket = true;
      give(this, req, socket);
      return;
    }
  }
  const req = socket._httpMessage;
  if (!socket.writable || !keeps(this, socket, name, req)) {
    socket.destroy();
    return;
  }
  socket._httpMessage = null;
  this.removeSocket(socket, options);
  socket.once('error', freeError);
  (this.freeSockets[name] ??= []).push(socket);
  this.totalSocketCount++;
}

function keeps(agent, socket, name, req) {
  if (!agent.keepAlive || (req && !req.shouldKeepAlive)) return false;
  const free = agent.freeSockets[name]?.length ?? 0;
  const all = free + (agent.sockets[name]?.length ?? 0);
  return (
    agent.totalSocketCount <= agent.maxTotalSockets &&
    all <= agent.maxSockets &&
    free < agent.maxFreeSockets &&
    agent.keepSocketAlive(socket) !== false
  );
}

/** The next request that waits for a connection to name and still wants one. */
function takeWaiting(agent, name) {
  const waiting = agent.requests[name];
  while (waiting?.length > 0) {
    const req = waiting.shift();
    if (waiting.length === 0) delete agent.requests[name];
    if (!req.destroyed) return req;
    req.onSocket(null); // tells that it is over
  }
  return undefined;
}

// A kept connection that fails is nobody's business.
function freeError() {
  this.destroy();
  this.emit('agentRemove');
}

function give(agent, req, socket) {
  req.onSocket(socket);
  const wait = agent.options.timeout || 0;
  if (req.timeout !== undefined && req.timeout !== wait) socket.setTimeout?.(req.timeout);
}

// ---- Making connections

function install(agent, socket, options) {
  const listeners = {
    free: () => agent.emit('free', socket, options),
    close: () => agent.removeSocket(socket, options),
    timeout() {
      // A connection that waits too long for its next request.
      for (const list of Object.values(agent.freeSockets))
        if (list.includes(socket)) socket.destroy();
    },
    // It is the program's: it does not come back.
    agentRemove() {
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      agent.removeSocket(socket, options);
    },
  };
  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
}

function connectionOptions(agent, req, options) {
  options = { __proto__: null, ...options, ...agent.options };
  if (options.socketPath) options.path = options.socketPath;
  if (!options.servername && options.servername !== '')
    options.servername = serverName(options, req);
  // The signal is the request's; the connection may serve others after it.
  delete options.signal;
  if (options.proxy) options.proxy = require('internal/net/proxy_out').headerOf(options.proxy);
  return options;
}

/** The name for SNI: that of the field Host, else the host. */
function serverName(options, req) {
  const host = req?.getHeader('host');
  if (!host) return options.host;
  validateString(host, 'options.headers.host');
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.split(':', 1)[0];
  return net.isIP(name) !== 0 ? '' : name;
}

/** The proxy that a request of http goes by, or null: none where the agent connects in its own way. */
function proxyFor(agent, options) {
  const proxy = agent?.[kProxy];
  if (!proxy || agent.createConnection !== createConnection) return null;
  return proxy.serves({ ...options, ...agent.options }) ? proxy : null;
}

function connectFor(agent, req, options) {
  agent.createSocket(req, options, (error, socket) => {
    if (error) req.onSocket(socket, error);
    else give(agent, req, socket);
  });
}

hidden(Agent.prototype, {
  /** What connections are made with; an agent may have another. */
  createConnection,

  /** What tells connections apart: host:port:localAddress[:family][:socketPath]. */
  getName(options = {}) {
    let name = `${options.host || 'localhost'}:`;
    if (options.port) name += options.port;
    name += `:${options.localAddress ?? ''}`;
    if (options.family === 4 || options.family === 6) name += `:${options.family}`;
    if (options.socketPath) name += `:${options.socketPath}`;
    if (options.proxy instanceof Uint8Array) name += `:${options.proxy.toString('base64')}`;
    return name;
  },

  /** Gives a request a connection, at once or when there is one. */
  addRequest(req, options, port, localAddress) {
    // The form (req, host, port, localAddress) of old packages.
    if (typeof options === 'string') options = { host: options, port, localAddress };
    options = connectionOptions(this, req, options);
    const name = this.getName(options);
    this.sockets[name] ??= [];
    const free = takeFree(this, name);
    const count = (this.freeSockets[name]?.length ?? 0) + this.sockets[name].length;
    if (free !== undefined) {
      this.sockets[name].push(free);
      this.reuseSocket(free, req);
      give(this, req, free);
    } else if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets)
      connectFor(this, req, options);
    else {
      if (this.sockets[name].length === 0) delete this.sockets[name];
      req[kOptions] = options;
      (this.requests[name] ??= []).push(req);
    }
  },

  /**
   * Makes a connection for a request.
   * @param {ClientRequest} req
   * @param {object} options
   * @param {(error: Error|null, socket?: Duplex) => void} callback
   */
  createSocket(req, options, callback) {
    options = connectionOptions(this, req, options);
    const name = this.getName(options);
    options._agentKey = name;
    options.encoding = null;
    if (this.keepAlive) {
      options.keepAlive = this.keepAlive;
      options.keepAliveInitialDelay = this.keepAliveMsecs;
    }
    let answered = false;
    const created = (error, socket) => {
      if (answered) return;
      answered = true;
      if (error) {
        callback(error);
        return;
      }
      (this.sockets[name] ??= []).push(socket);
      this.totalSocketCount++;
      install(this, socket, options);
      callback(null, socket);
    };
    if (this[kProxy] !== null) options[kRequest] = req;
    const proxy = proxyFor(this, options);
    const socket = proxy ? proxy.connect(options) : this.createConnection(options, created);
    if (socket) created(null, socket);
  },

  /** Forgets a connection, and makes one for the next who waits. */
  removeSocket(socket, options) {
    const name = this.getName(options);
    const lists = socket.writable ? [this.sockets] : [this.sockets, this.freeSockets];
    for (const list of lists) {
      const index = list[name]?.indexOf(socket) ?? -1;
      if (index < 0) continue;
      list[name].splice(index, 1);
      if (list[name].length === 0) delete list[name];
      this.totalSocketCount--;
    }
    serveWaiting(this, name);
  },

  /** Prepares a connection to wait; false closes it. */
  keepSocketAlive(socket) {
    socket.setKeepAlive?.(true, this.keepAliveMsecs);
    socket.unref?.();
    let wait = this.options.timeout || 0;
    // Keep-Alive: timeout=5 says when the server closes; a while earlier nothing is lost on the way.
    const told = socket._httpMessage?.res?.headers['keep-alive'];
    const hint = /(?:^|[\s,])timeout=(\d{1,9})/i.exec(told ?? '')?.[1];
    if (hint !== undefined) {
      const ms = Number(hint) * 1000 - this.agentKeepAliveTimeoutBuffer;
      if (ms <= 0) return false;
      if (wait === 0 || ms < wait) wait = ms;
    }
    if (socket.timeout !== wait) socket.setTimeout?.(wait);
    return true;
  },

  /** Prepares a connection that waited for its next request. */
  reuseSocket(socket, req) {
    req.reusedSocket = true;
    socket.off('error', freeError);
    socket.ref?.();
    const wait = this.options.timeout || 0;
    if (socket.timeout !== undefined && socket.timeout !== wait) socket.setTimeout(wait);
  },

  /** Closes all connections. */
  destroy() {
    for (const lists of [this.freeSockets, this.sockets])
      for (const list of Object.values(lists)) for (const socket of [...list]) socket.destroy();
  },
});

function takeFree(agent, name) {
  const list = agent.freeSockets[name];
  if (list === undefined) return undefined;
  let found;
  while (list.length > 0 && found === undefined) {
    const socket = agent.scheduling === 'fifo' ? list.shift() : list.pop();
    if (!socket.destroyed && socket.writable) found = socket;
    else agent.totalSocketCount--;
  }
  if (list.length === 0) delete agent.freeSockets[name];
  return found;
}

// A connection that ended makes room for who waits, of the same host first.
function serveWaiting(agent, name) {
  if (agent.totalSocketCount >= agent.maxTotalSockets) return;
  const names = agent.requests[name] ? [name] : Object.keys(agent.requests);
  for (const waiting of names) {
    if ((agent.sockets[waiting]?.length ?? 0) >= agent.maxSockets) continue;
    const req = takeWaiting(agent, waiting);
    if (req === undefined) continue;
    const options = req[kOptions];
    req[kOptions] = undefined;
    connectFor(agent, req, options);
    return;
  }
}

/** An agent of requests that name none, which go by the proxies of an environment. */
function makeGlobalAgent(Class, proxyEnv) {
  const agent = new Class({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv });
  // A program that may not read the variables need not see them here.
  if (restricted && proxyEnv === proxied.env) agent.options.proxyEnv = undefined;
  return agent;
}

module.exports = {
  Agent,
  /** The one of requests that name none; a program may put another here. */
  globalAgent: makeGlobalAgent(Agent, proxied.env),
  kProxy,
  kRequest,
  makeGlobalAgent,
  proxyFor,
};
