'use strict';
// HTTP over TLS as Node documents it (https://nodejs.org/api/https.html).
const http = require('http');
const tls = require('tls');
const { methods, onConnection, serverArguments, setUp } = require('internal/http/server');

// Options that make connections differ, beyond those of http.Agent.
const NAME_OPTIONS = [
  'ca',
  'cert',
  'clientCertEngine',
  'ciphers',
  'key',
  'pfx',
  'rejectUnauthorized',
  'servername',
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'crl',
  'honorCipherOrder',
  'ecdhCurve',
  'dhparam',
  'secureOptions',
  'sessionIdContext',
  'sigalgs',
];
const MOST_SESSIONS = 100;

class Agent extends http.Agent {
  #sessions = new Map(); // name → the last session, for a quicker handshake

  constructor(options) {
    super(options);
    this.defaultPort = 443;
    this.protocol = 'https:';
    this.maxCachedSessions = this.options.maxCachedSessions ?? MOST_SESSIONS;
  }

  getName(options = {}) {
    let name = super.getName(options);
    for (const key of NAME_OPTIONS) {
      const value = options[key];
      name += ':';
      if (
        value !== undefined &&
        value !== null &&
        !(key === 'servername' && value === options.host)
      )
        name += value;
    }
    return name;
  }

  createConnection(...args) {
    const [options, callback] = toOptions(args);
    const key = options._agentKey;
    const session = key === undefined ? undefined : this.#sessions.get(key);
    const socket = tls.connect(session === undefined ? options : { session, ...options });
    if (key !== undefined && this.maxCachedSessions > 0) {
      socket.on('session', (made) => this.#keep(key, made));
      socket.once('close', (failed) => failed && this.#sessions.delete(key));
    }
    if (callback) callback(null, socket);
    return socket;
  }

  #keep(key, session) {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size > this.maxCachedSessions)
      this.#sessions.delete(this.#sessions.keys().next().value);
  }
}

// Forms: (options[, cb]), (port[, host][, options][, cb]).
function toOptions(args) {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const [port, host] = args;
  if (port !== null && typeof port === 'object') return [{ ...port }, callback];
  const options = args.find((one) => one !== null && typeof one === 'object');
  return [{ ...options, port, ...(typeof host === 'string' ? { host } : undefined) }, callback];
}

const globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });

/** A server; options are those of tls.createServer() and of http.createServer(). */
function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener);
  [options, listener] = serverArguments(options, listener);
  // Clients that do not negotiate get HTTP/1.1 too.
  if (options.ALPNProtocols === undefined && options.ALPNCallback === undefined)
    options.ALPNProtocols = ['http/1.1'];
  tls.Server.call(this, { ...options, allowHalfOpen: true, noDelay: options.noDelay ?? true });
  setUp(this, options, listener);
  this.on('secureConnection', onConnection);
  this.on('tlsClientError', (error, socket) => {
    if (!this.emit('clientError', error, socket)) socket.destroy();
  });
}
Object.setPrototypeOf(Server.prototype, tls.Server.prototype);
Object.setPrototypeOf(Server, tls.Server);
Object.assign(Server.prototype, methods, {
  /** Ends idle connections, and listening. */
  close(callback) {
    this._stopping = true;
    tls.Server.prototype.close.call(this, callback);
    this.closeIdleConnections();
    return this;
  },
});

function createServer(options, listener) {
  return new Server(options, listener);
}

function request(...args) {
  let url = {};
  if (typeof args[0] === 'string' || args[0] instanceof URL) url = args.shift();
  const callback = args.find((one) => typeof one === 'function');
  const options = args[0] !== null && typeof args[0] === 'object' ? args[0] : {};
  return new http.ClientRequest(
    url,
    { ...options, _defaultAgent: module.exports.globalAgent },
    callback,
  );
}

function get(...args) {
  const req = request(...args);
  req.end();
  return req;
}

module.exports = { Agent, Server, createServer, get, globalAgent, request };
