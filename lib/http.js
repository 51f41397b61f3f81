'use strict';
// HTTP/1.1 as Node documents it (https://nodejs.org/api/http.html).
const net = require('net');
const { validateInteger } = require('internal/errors/validators');
const { METHODS, STATUS_CODES } = require('internal/http/constants');
const {
  isValidHeaderName,
  isValidHeaderValue,
  validateHeaderName,
  validateHeaderValue,
} = require('internal/http/headers');
const { IncomingMessage } = require('internal/http/incoming');
const { OutgoingMessage } = require('internal/http/outgoing');
const { ServerResponse } = require('internal/http/server_response');
const { methods, onConnection, serverArguments, setUp } = require('internal/http/server');
const { MAX_HEADER_SIZE } = require('internal/http/parser');
const agents = require('internal/http/agent');
const { ClientRequest } = require('internal/http/client');

/**
 * A server.
 * @param {object} [options] of net.Server, and of HTTP: timeouts in ms, maxHeaderSize in bytes…
 * @param {(req: IncomingMessage, res: ServerResponse) => void} [listener] of `request`
 */
function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener);
  [options, listener] = serverArguments(options, listener);
  net.Server.call(this, { ...options, allowHalfOpen: true, noDelay: options.noDelay ?? true });
  setUp(this, options, listener);
  this.on('connection', onConnection);
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype);
Object.setPrototypeOf(Server, net.Server);
Object.assign(Server.prototype, methods, {
  /** Ends idle connections, and listening. */
  close(callback) {
    this._stopping = true;
    net.Server.prototype.close.call(this, callback);
    this.closeIdleConnections();
    return this;
  },
});

function createServer(options, listener) {
  return new Server(options, listener);
}

function request(url, options, callback) {
  return new ClientRequest(url, options, callback);
}

function get(url, options, callback) {
  const req = request(url, options, callback);
  req.end();
  return req;
}

module.exports = {
  METHODS,
  STATUS_CODES,
  Agent: agents.Agent,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  _connectionListener: function connectionListener(socket) {
    onConnection.call(this, socket);
  },
  createServer,
  get,
  get globalAgent() {
    return agents.globalAgent;
  },
  set globalAgent(agent) {
    agents.globalAgent = agent;
  },
  isValidHeaderName,
  isValidHeaderValue,
  maxHeaderSize: MAX_HEADER_SIZE,
  request,
  validateHeaderName,
  validateHeaderValue,
  setMaxIdleHTTPParsers(max) {
    validateInteger(max, 'max', 1);
  },
  setGlobalProxyFromEnv(proxyEnv = process.env) {
    return require('internal/https/global_proxy').setGlobalProxy(proxyEnv);
  },
};
for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent'])
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get: () => globalThis[name],
  });
