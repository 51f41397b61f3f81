'use strict';
// HTTP over TLS as Node documents it (https://nodejs.org/api/https.html).
const http = require('http');
const tls = require('tls');
const { Agent, globalAgent } = require('internal/https/agent');
const { methods, onConnection, serverArguments, setUp } = require('internal/http/server');

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
