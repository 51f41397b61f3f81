'use strict';
// What http.Server and https.Server share.
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
} = require('internal/errors/validators');
const { uniqueNames } = require('internal/http/outgoing');
const { IncomingMessage } = require('internal/http/incoming');
const { ServerResponse } = require('internal/http/server_response');
const { ServerConnection } = require('internal/http/connection');
const { validationOf } = require('internal/http/parser');
const { Socket } = require('internal/net/socket');

const DEFAULTS = {
  headersTimeout: 60_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 5_000,
  keepAliveTimeoutBuffer: 1_000,
  connectionsCheckingInterval: 30_000,
};

const BOOLEANS = [
  'insecureHTTPParser',
  'requireHostHeader',
  'joinDuplicateHeaders',
  'rejectNonStandardBodyWrites',
  'optimizeEmptyRequests',
];

/** The options of createServer(), and its listener. */
function serverArguments(options, listener) {
  if (typeof options === 'function') return [{}, options];
  if (options != null) validateObject(options, 'options');
  return [{ ...options }, listener];
}

/** Makes a server of net or tls one of HTTP. */
function setUp(server, options, listener) {
  server._connections_ = new Set();
  server._Request = options.IncomingMessage ?? IncomingMessage;
  server._Response = options.ServerResponse ?? ServerResponse;
  setLimits(server, options);
  for (const name of BOOLEANS)
    if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
  if (options.maxHeaderSize !== undefined)
    validateInteger(options.maxHeaderSize, 'maxHeaderSize', 0);
  if (options.shouldUpgradeCallback !== undefined)
    validateFunction(options.shouldUpgradeCallback, 'options.shouldUpgradeCallback');
  server.maxHeaderSize = options.maxHeaderSize;
  const { lenient, relaxed } = validationOf(options);
  server.insecureHTTPParser = lenient;
  server._relaxed = relaxed;
  server._endsEmpty = options.optimizeEmptyRequests === true;
  server.requireHostHeader = options.requireHostHeader ?? true;
  server.joinDuplicateHeaders = options.joinDuplicateHeaders;
  server.rejectNonStandardBodyWrites = options.rejectNonStandardBodyWrites ?? false;
  server.shouldUpgradeCallback = options.shouldUpgradeCallback ?? upgradesIfListened;
  server._uniqueNames = uniqueNames(options.uniqueHeaders);
  server.timeout = 0;
  server.maxHeadersCount = null;
  server.maxRequestsPerSocket = 0;
  server.httpAllowHalfOpen = false;
  if (listener) server.on('request', listener);
  // One that does not listen has connections that the program gives it.
  server._stopping = false;
  server._watchConnections = watchConnections(server, server.connectionsCheckingInterval);
  server.on('listening', () => {
    server._stopping = false;
    server._watchConnections();
  });
}

/** A function that has expire() called every so many ms until the server has closed. */
function watchConnections(server, interval) {
  let timer;
  server.on('close', () => {
    clearInterval(timer);
    timer = undefined;
  });
  return () => {
    if (interval > 0) timer ??= setInterval(() => expire(server), interval).unref();
  };
}

// A limit of the whole request holds for its head too.
function setLimits(server, options) {
  for (const [name, fallback] of Object.entries(DEFAULTS)) {
    if (options[name] !== undefined) validateInteger(options[name], name, 0);
    server[name] = options[name] ?? fallback;
  }
  if (options.headersTimeout === undefined)
    server.headersTimeout = Math.min(DEFAULTS.headersTimeout, server.requestTimeout);
  if (server.requestTimeout > 0 && server.headersTimeout > server.requestTimeout)
    throw new codes.ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', server.headersTimeout);
}

function upgradesIfListened() {
  return this.listenerCount('upgrade') > 0;
}

/** Closes connections whose request takes too long to arrive. */
function expire(server) {
  const now = binding('runtime').monotonic();
  for (const connection of server._connections_) {
    const { began, headDone } = connection;
    if (began === 0) continue;
    const { headersTimeout, requestTimeout } = server;
    const late =
      (headersTimeout > 0 && !headDone && now - began > headersTimeout) ||
      (requestTimeout > 0 && now - began > requestTimeout);
    if (late) connection.expire(new codes.ERR_HTTP_REQUEST_TIMEOUT());
  }
}

/** A client has connected, and is encrypted where it shall be. */
function onConnection(socket) {
  // One of another server, as of a group, is made as this one makes its own.
  if (socket instanceof Socket && socket.server !== this) {
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
  }
  this._connections_.add(new ServerConnection(this, socket));
  this._watchConnections();
}

// The methods of both servers.
const methods = {
  /** A rejected promise of a request's listener is answered with 500, or cuts its answer off. */
  [Symbol.for('nodejs.rejection')](error, event, ...args) {
    if (event !== 'request') {
      const { prototype } = require('net').Server;
      prototype[Symbol.for('nodejs.rejection')].call(this, error, event, ...args);
      return;
    }
    const [, res] = args;
    if (res.headersSent || res.writableEnded) {
      res.destroy();
      return;
    }
    for (const name of res.getHeaderNames()) res.removeHeader(name); // they may be of secrets
    res.statusCode = 500;
    res.end(require('internal/http/constants').STATUS_CODES[500]);
  },

  /** @param {number} [msecs] of silence after which a connection ends */
  setTimeout(msecs = 0, callback) {
    this.timeout = msecs;
    if (callback) this.on('timeout', callback);
    return this;
  },
  closeAllConnections() {
    for (const connection of this._connections_) connection.socket.destroy();
  },
  closeIdleConnections() {
    for (const connection of this._connections_) if (connection.idle) connection.socket.destroy();
  },
};

module.exports = { methods, onConnection, serverArguments, setUp };
