'use strict';
// https.Agent: an http.Agent whose connections are encrypted. A connection or a session serves only
// requests that ask for the same of TLS.
const http = require('http');
const tls = require('tls');
const { kProxy, kRequest, makeGlobalAgent } = require('internal/http/agent');
const proxied = require('internal/process/proxied');

// Options that make connections differ, in the order in which Node's names have them.
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
  'privateKeyIdentifier',
  'privateKeyEngine',
];
// Those that a name has only when they are set.
const MORE_OPTIONS = [
  'passphrase',
  'checkServerIdentity',
  'secureContext',
  'ALPNProtocols',
  'minDHSize',
  'allowPartialTrustChain',
  'pskCallback',
  'requestOCSP',
];
const MOST_SESSIONS = 100;

const numbers = new WeakMap(); // of functions and of objects that have no content to compare
let lastNumber = 0;

function numberOf(value) {
  if (!numbers.has(value)) numbers.set(value, ++lastNumber);
  return `#${numbers.get(value)}`;
}

/** A text for a value of an option: equal only for what comes to the same. */
function textOf(value) {
  if (typeof value === 'function') return numberOf(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  if (Array.isArray(value)) return `[${value.map((one) => JSON.stringify(textOf(one)))}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return numberOf(value);
  const pairs = Object.entries(value).map(([key, one]) => `${key}=${JSON.stringify(textOf(one))}`);
  return `{${pairs}}`;
}

/** @param {object} [options] of http.Agent and tls.connect(), and maxCachedSessions */
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  http.Agent.call(this, { defaultPort: 443, protocol: 'https:', ...options });
  this.maxCachedSessions = this.options.maxCachedSessions ?? MOST_SESSIONS;
  this._sessionCache = new Map(); // name → the last session, for a quicker handshake
}
Object.setPrototypeOf(Agent.prototype, http.Agent.prototype);
Object.setPrototypeOf(Agent, http.Agent);

// Forms: (options[, cb]), (port[, host][, options][, cb]).
function toOptions(args) {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const [port, host] = args;
  if (port !== null && typeof port === 'object') return [{ ...port }, callback];
  const options = args.find((one) => one !== null && typeof one === 'object');
  return [{ ...options, port, ...(typeof host === 'string' ? { host } : undefined) }, callback];
}

const members = {
  getName(options = {}) {
    let name = http.Agent.prototype.getName.call(this, options);
    for (const key of NAME_OPTIONS) {
      const value = options[key];
      name += ':';
      if (value === undefined || value === null || value === '') continue;
      if (key === 'servername' && value === options.host) continue;
      if (key === 'sigalgs') name += JSON.stringify(value);
      else if (value || typeof value === 'boolean') name += textOf(value);
    }
    for (const key of MORE_OPTIONS)
      if (options[key] !== undefined && options[key] !== null)
        name += `:${key}=${JSON.stringify(textOf(options[key]))}`;
    return name;
  },

  createConnection(...args) {
    const [options, callback] = toOptions(args);
    if (options.socket === undefined && this[kProxy]?.serves(options)) {
      const { openTunnel } = require('internal/http/proxies');
      openTunnel(this[kProxy], options, options[kRequest], (error, socket) => {
        if (error) callback?.(error);
        else this.createConnection({ ...options, socket }, callback);
      });
      return undefined;
    }
    const key = options._agentKey;
    const session = key === undefined ? undefined : this._getSession(key);
    const socket = tls.connect(session === undefined ? options : { session, ...options });
    if (key !== undefined && this.maxCachedSessions > 0) {
      socket.on('session', (made) => this._cacheSession(key, made));
      socket.once('close', (failed) => failed && this._evictSession(key));
    }
    if (this.listenerCount('keylog') > 0)
      socket.on('keylog', (line) => this.emit('keylog', line, socket));
    if (callback) callback(null, socket);
    return socket;
  },

  _getSession(key) {
    return this._sessionCache.get(key);
  },
  _cacheSession(key, session) {
    if (this.maxCachedSessions === 0) return;
    this._sessionCache.delete(key);
    this._sessionCache.set(key, session);
    if (this._sessionCache.size > this.maxCachedSessions)
      this._sessionCache.delete(this._sessionCache.keys().next().value);
  },
  _evictSession(key) {
    this._sessionCache.delete(key);
  },
};
for (const [name, value] of Object.entries(members))
  Object.defineProperty(Agent.prototype, name, { value, writable: true, configurable: true });

const globalAgent = makeGlobalAgent(Agent, proxied.env);

module.exports = { Agent, globalAgent };
