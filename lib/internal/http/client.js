'use strict';
// ClientRequest: what a client asks. Its time on a connection is an Exchange.
const net = require('net');
const stores = require('internal/base/stores');
const channels = require('internal/base/channels');
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
} = require('internal/errors/validators');
const { Buffer } = require('buffer');
const { OutgoingMessage, hidden, uniqueNames } = require('internal/http/outgoing');
const { makeHead, kUnique } = require('internal/http/outgoing_head');
const { kErrored } = require('internal/http/outgoing_body');
const { aborted } = require('internal/http/incoming');
const { Exchange, close, tellError } = require('internal/http/exchange');
const { validationOf } = require('internal/http/parser');
const agents = require('internal/http/agent');
const { isToken } = require('internal/http/headers');
const { validateTimeout } = require('internal/net/options');

const INVALID_PATH = /[^\u0021-\u00ff]/;
const NO_BODY = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

const kPath = Symbol('path');
const kRelaxed = Symbol('relaxed');
const kStores = Symbol('stores'); // of who asked
const kCancel = Symbol('cancel'); // gives up a connection that is not there yet

/** Options of the arguments (url[, options]) or (options). */
function toOptions(input, options) {
  if (typeof input === 'string') input = new URL(input);
  else if (!(input instanceof URL)) return { ...(options ?? {}), ...input };
  const { urlToHttpOptions } = require('url');
  return { ...urlToHttpOptions(input), ...options };
}

function checkHost(host, name) {
  if (host != null && typeof host !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
  return host;
}

function chooseAgent(agent, defaultAgent) {
  if (agent === false) return new defaultAgent.constructor();
  if (agent === null || agent === undefined) return defaultAgent;
  if (typeof agent.addRequest !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.agent',
      ['Agent-like Object', 'undefined', 'false'],
      agent,
    );
  return agent;
}

function checkPath(path) {
  if (INVALID_PATH.test(path)) throw new codes.ERR_UNESCAPED_CHARACTERS('Request path');
}

/** The agent, or undefined where the program connects itself; checks that it speaks the protocol. */
function agentOf(options, defaultAgent) {
  const own = typeof options.createConnection === 'function';
  const agent =
    own && (options.agent === null || options.agent === undefined)
      ? undefined
      : chooseAgent(options.agent, defaultAgent);
  // An agent of the other protocol would send what is to be encrypted as it is.
  const protocol = options.protocol || defaultAgent.protocol;
  const expected = agent?.protocol || defaultAgent.protocol;
  if (agent !== undefined && protocol !== expected)
    throw new codes.ERR_INVALID_PROTOCOL(protocol, expected);
  return [agent, protocol];
}

function methodOf({ method }) {
  if (method === undefined || method === null || method === '') return 'GET';
  if (typeof method !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('options.method', 'string', method);
  if (!isToken(method)) throw new codes.ERR_INVALID_HTTP_TOKEN('Method', method);
  return method.toUpperCase();
}

/** Takes options that only some requests have, after checking them. */
function takeOptions(req, options) {
  if (options.timeout !== undefined) req.timeout = validateTimeout(options.timeout, 'timeout');
  if (options.maxHeaderSize !== undefined)
    validateInteger(options.maxHeaderSize, 'maxHeaderSize', 0);
  for (const name of ['insecureHTTPParser', 'joinDuplicateHeaders'])
    if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
  if (req.timeout === undefined && req.agent?.options?.timeout)
    req.timeout = validateTimeout(req.agent.options.timeout, 'timeout');
  req.maxHeaderSize = options.maxHeaderSize;
  const { lenient, relaxed } = validationOf(options);
  req.insecureHTTPParser = lenient;
  req[kRelaxed] = relaxed;
  req.joinDuplicateHeaders = options.joinDuplicateHeaders;
  req[kUnique] = uniqueNames(options.uniqueHeaders);
  if (options.setDefaultHeaders === false)
    req._removedConnection = req._removedContLen = req._removedTE = true;
}

/**
 * A request, which begins to connect.
 * @param {string|URL|object} input
 * @param {object} [options] as Node documents them for http.request()
 * @param {(res: IncomingMessage) => void} [callback] of `response`
 */
function ClientRequest(input, options, callback) {
  if (!(this instanceof ClientRequest)) return new ClientRequest(input, options, callback);
  OutgoingMessage.call(this);
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  options = toOptions(input, options);
  const defaultAgent = options._defaultAgent ?? agents.globalAgent;
  const [agent, protocol] = agentOf(options, defaultAgent);
  this.agent = agent;
  if (options.path !== undefined && options.path !== null) checkPath(String(options.path));
  const defaultPort = options.defaultPort || (agent ?? defaultAgent).defaultPort;
  options.port ||= defaultPort || 80;
  options.host =
    checkHost(options.hostname, 'hostname') || checkHost(options.host, 'host') || 'localhost';
  this.socketPath = options.socketPath;
  this.method = methodOf(options);
  takeOptions(this, options);
  this[kPath] = options.path || '/';
  this[kStores] = stores.capture('HTTPCLIENTREQUEST', this);
  this.host = options.host;
  this.protocol = protocol;
  this._ended = false;
  this.res = null;
  this.aborted = false;
  this.timeoutCb = null;
  this.upgradeOrConnect = false;
  this.parser = null;
  this.maxHeadersCount = null;
  this.reusedSocket = false;
  this.useChunkedEncodingByDefault = !NO_BODY.includes(this.method);
  this.shouldKeepAlive =
    agent !== undefined && Boolean(agent.keepAlive || Number.isFinite(agent.maxSockets));
  if (callback) {
    validateFunction(callback, 'cb');
    this.once('response', callback);
  }
  const proxy = protocol === 'http:' ? agents.proxyFor(agent, options) : null;
  if (proxy !== null) this[kPath] = proxy.target(options, this[kPath], this.method);
  setFields(this, options, defaultPort, proxy);
  if (options.signal) require('stream').addAbortSignal(options.signal, this);
  start(this, options);
  channels.publish?.('http.client.request.created', { request: this });
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

function setFields(req, options, defaultPort, proxy) {
  const { headers } = options;
  if (Array.isArray(headers)) {
    // A list is sent as it is.
    if (makeHead(req, firstLine(req), headers)) req._send('');
    return;
  }
  if (headers) for (const [name, value] of Object.entries(headers)) req.setHeader(name, value);
  const sendsHost = options.setHost ?? options.setDefaultHeaders !== false;
  if (sendsHost && !req.hasHeader('host')) {
    let host = net.isIP(options.host) === 6 ? `[${options.host}]` : options.host;
    if (options.port && Number(options.port) !== defaultPort) host += `:${options.port}`;
    req.setHeader('Host', host);
  }
  proxy?.introduce(req);
  if (options.auth && !req.hasHeader('authorization'))
    req.setHeader('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
  // The peer is asked for its leave before there is a body.
  if (req.hasHeader('expect')) req._implicitHeader();
}

const firstLine = (req) => `${req.method} ${req.path} HTTP/1.1\r\n`;

function start(req, options) {
  const { agent } = req;
  if (agent !== undefined) {
    agent.addRequest(req, options);
    return;
  }
  req._last = true;
  req.shouldKeepAlive = false;
  if (options.socketPath) options.path = options.socketPath;
  // Its signal is the request's, which may be one of several on a connection.
  const { signal, ...connection } = options;
  if (connection.proxy)
    connection.proxy = require('internal/net/proxy_out').headerOf(connection.proxy);
  let answered = false;
  const created = (error, socket) => {
    if (answered) return;
    answered = true;
    req.onSocket(socket, error);
  };
  const socket =
    typeof options.createConnection === 'function'
      ? options.createConnection(connection, created)
      : net.createConnection(connection);
  if (socket) created(null, socket);
}

// ---- The connection

function useSocket(req, socket) {
  req.socket = socket;
  socket._httpMessage = req;
  new Exchange(
    req,
    socket,
    {
      maxHeaderSize: req.maxHeaderSize,
      maxFields: req.maxHeadersCount,
      lenient: req.insecureHTTPParser,
      relaxed: req[kRelaxed],
    },
    req[kStores],
  );
  if (req.timeout !== undefined) listenTimeout(req);
  if (req.res === null) socket.resume();
  req.emit('socket', socket);
  if (!socket.destroyed || req.outputData.length > 0) req._flush();
}

// The request was given up, or there is no connection for it.
function fail(req, error) {
  if (!error && !req.aborted) error = aborted('socket hang up');
  if (error) tellError(req, error);
  close(req);
}

function receiveSocket(req, socket, error) {
  const reason = req.destroyed ? req[kErrored] : error;
  if (!req.destroyed && !error) {
    useSocket(req, socket);
    return;
  }
  req.destroyed = true;
  if (socket && !error && req.agent && !socket.destroyed && socket.writable && !socket.connecting)
    socket.emit('free'); // it is good for another
  else if (socket) {
    socket.on('error', () => {});
    socket.destroy();
  }
  fail(req, reason);
}

function listenTimeout(req) {
  if (req.timeoutCb) return;
  const told = () => req.emit('timeout');
  req.timeoutCb = told;
  if (req.socket) req.socket.on('timeout', told);
  else req.once('socket', (socket) => socket.on('timeout', told));
}

function setSocketTimeout(socket, msecs) {
  if (socket.connecting) socket.once('connect', () => socket.setTimeout(msecs));
  else socket.setTimeout?.(msecs);
}

hidden(ClientRequest.prototype, {
  get path() {
    return this[kPath];
  },
  set path(value) {
    checkPath(String(value));
    this[kPath] = value;
  },

  _implicitHeader() {
    if (this._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT('render');
    if (makeHead(this, firstLine(this))) this._send('');
  },

  /** All was given to the socket. */
  _finish() {
    OutgoingMessage.prototype._finish.call(this);
    channels.publish?.('http.client.request.start', { request: this });
  },

  /** The agent gives the request its connection, or says why there is none. */
  onSocket(socket, error) {
    process.nextTick(() =>
      stores.within(this[kStores], receiveSocket, undefined, [this, socket, error]),
    );
  },

  /** Gives the request up. */
  abort() {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  },

  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    // Who gives up does not want the rest of the answer.
    if (this.res) this.res._dump();
    this[kErrored] = error ?? null;
    this.socket?.destroy(error);
    this[kCancel]?.();
    return this;
  },

  setTimeout(msecs, callback) {
    if (this._ended) return this;
    msecs = validateTimeout(msecs, 'msecs');
    listenTimeout(this);
    if (callback) this.once('timeout', callback);
    if (this.socket) setSocketTimeout(this.socket, msecs);
    else this.once('socket', (socket) => setSocketTimeout(socket, msecs));
    return this;
  },
  clearTimeout(callback) {
    this.setTimeout(0, callback);
  },
  setNoDelay(noDelay) {
    withSocket(this, (socket) => socket.setNoDelay(noDelay));
  },
  setSocketKeepAlive(enable, initialDelay) {
    withSocket(this, (socket) => socket.setKeepAlive(enable, initialDelay));
  },
});

function withSocket(req, use) {
  if (req.socket) use(req.socket);
  else req.once('socket', use);
}

module.exports = { ClientRequest, kCancel };
