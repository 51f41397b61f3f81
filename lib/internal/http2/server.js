'use strict';
// http2.createServer() and createSecureServer(): a session for each connection. A listener of
// `request` gets the messages of internal/http2/compat.
const channels = require('internal/base/channels');
const net = require('net');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateInteger, validateObject } = require('internal/errors/validators');
const { constants } = require('internal/http2/constants');
const { ServerHttp2Stream } = require('internal/http2/server_stream');
const { Http2Session } = require('internal/http2/session');
const { kState } = require('internal/http2/stream');
const { validateOptions } = require('internal/http2/limits');
const { validateSettings } = require('internal/http2/settings');
const { kProtocol } = require('internal/net/socket_fields');
const native = binding('http2');

const MOST_BYTES = 16382; // of what one frame of ALTSVC or ORIGIN holds

const UNKNOWN_PROTOCOL_MS = 10_000;

const kOptions = Symbol('options');
const kSessions = Symbol('sessions');

class ServerHttp2Session extends Http2Session {
  #server;

  constructor(options, socket, server) {
    super(constants.NGHTTP2_SESSION_SERVER, options, socket, false);
    this.#server = server;
  }

  get server() {
    return this.#server;
  }

  /** The server leaves: streams that are open end. @returns {boolean} whether it ends by itself */
  leave() {
    if (!this.closed) this.close();
    return !this.destroyed;
  }

  _onRequest(id, headers, flags, raw) {
    const stream = new ServerHttp2Stream(this, id, headers);
    this._adopt(stream);
    const ended = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream[kState].endAfterHeaders = ended;
    if (ended) stream.push(null);
    channels.publish?.('http2.server.stream.created', { stream, headers });
    channels.publish?.('http2.server.stream.start', { stream, headers });
    if (!this.emit('stream', stream, headers, flags, raw))
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
  }

  /** Tells of another service. @param {string} value @param {number | string | URL} of a stream, or an origin */
  altsvc(value, of) {
    if (this.destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
    let id = 0;
    let origin = '';
    if (typeof of === 'number') {
      validateInteger(of, 'originOrStream', 1, 2 ** 31 - 1);
      id = of;
    } else if (of !== undefined) {
      origin = originOf(of, () => new codes.ERR_HTTP2_ALTSVC_INVALID_ORIGIN());
    }
    if (typeof value !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('alt', 'string', value);
    if (!/^[\x20-\x7e\x80-\xff]*$/.test(value)) throw new codes.ERR_INVALID_CHAR('alt');
    if (value.length + origin.length > MOST_BYTES) throw new codes.ERR_HTTP2_ALTSVC_LENGTH();
    native.altsvc(this._handle, id, Buffer.from(origin), Buffer.from(value, 'latin1'));
    this._schedule();
  }

  /** Tells for what origins the connection may be used. */
  origin(...origins) {
    if (this.destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
    const list = origins.map((one) => originOf(one, () => new codes.ERR_HTTP2_INVALID_ORIGIN()));
    if (list.reduce((sum, one) => sum + one.length + 2, 0) > MOST_BYTES)
      throw new codes.ERR_HTTP2_ORIGIN_LENGTH();
    if (list.length === 0) return;
    native.origin(this._handle, ...list.map((one) => Buffer.from(one)));
    this._schedule();
  }
}

function originOf(value, error) {
  if (value !== null && typeof value === 'object' && typeof value.origin !== 'string')
    throw error();
  const { origin } = typeof value === 'string' ? new URL(value) : value;
  if (origin === 'null' || origin === '') throw error();
  return origin;
}

/** A connection's session, with the listeners that a server needs. */
function serve(server, options, socket) {
  if (socket.destroyed) return undefined;
  socket.setNoDelay?.(true);
  const session = new ServerHttp2Session(options, socket, server);
  session.on('error', (error) => server.emit('sessionError', error, session));
  session.on('stream', (...args) => {
    // Who listens to neither is no server.
    if (!server.emit('stream', ...args)) args[0].close(constants.NGHTTP2_REFUSED_STREAM);
  });
  socket[kProtocol] = session;
  session.on('close', () => server[kSessions].delete(session));
  if (server.timeout > 0) session.setTimeout(server.timeout);
  session.on('timeout', () => {
    if (!server.emit('timeout', session)) session.destroy();
  });
  server[kSessions].add(session);
  server.emit('session', session);
  return session;
}

function onConnection(socket) {
  const options = this[kOptions];
  const http1 = socket.alpnProtocol === false || socket.alpnProtocol === 'http/1.1';
  if (!http1) {
    serve(this, options, socket);
    return;
  }
  if (options.allowHTTP1) {
    require('internal/http/server').onConnection.call(this, socket);
    return;
  }
  if (this.emit('unknownProtocol', socket)) return;
  const timer = setTimeout(() => socket.destroy(), options.unknownProtocolTimeout).unref();
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => {});
  socket.end(
    'HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nUnknown ALPN Protocol, expected `h2` to be available.\n',
  );
}

/** The options of a server, checked. */
function checked(options) {
  if (options !== undefined) validateObject(options, 'options');
  const own = { ...options };
  validateOptions(own);
  own.unknownProtocolTimeout ??= UNKNOWN_PROTOCOL_MS;
  validateInteger(own.unknownProtocolTimeout, 'options.unknownProtocolTimeout', 0);
  if (own.http1Options !== undefined) validateObject(own.http1Options, 'options.http1Options');
  for (const name of [
    'Http2ServerRequest',
    'Http2ServerResponse',
    'Http1IncomingMessage',
    'Http1ServerResponse',
  ])
    if (own[name] !== undefined) validateFunction(own[name], `options.${name}`);
  return own;
}

// A `stream` becomes a request only for who listens to requests.
function setUp(server, options, listener) {
  server[kOptions] = options;
  server[kSessions] = new Set();
  server.timeout = 0;
  server.on('newListener', function begin(event) {
    if (event !== 'request') return;
    server.removeListener('newListener', begin);
    server.on('stream', (stream, headers, flags, raw) =>
      require('internal/http2/compat').onStream(server, options, stream, headers, raw),
    );
  });
  if (listener !== undefined) {
    validateFunction(listener, 'listener');
    server.on('request', listener);
  }
}

const methods = {
  setTimeout(msecs, callback) {
    this.timeout = msecs;
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.on('timeout', callback);
    }
    return this;
  },
  updateSettings(settings) {
    validateSettings(settings);
    this[kOptions].settings = { ...this[kOptions].settings, ...settings };
  },
};

/** A server that closes lets the streams of its sessions end, and takes no new ones. */
function closeSessions(server) {
  for (const session of server[kSessions]) session.close();
}

class Http2Server extends net.Server {
  constructor(options, listener) {
    const own = checked(options);
    super({ ...own, allowHalfOpen: false });
    setUp(this, own, listener);
    this.on('connection', onConnection);
  }

  close(callback) {
    closeSessions(this);
    return super.close(callback);
  }
}
Object.assign(Http2Server.prototype, methods);

/** Made at first use: a server without TLS does not load it. */
let Secure;
function secureServer() {
  if (Secure !== undefined) return Secure;
  const tls = require('tls');
  Secure = class Http2SecureServer extends tls.Server {
    constructor(options, listener) {
      const own = checked(options);
      const protocols = own.allowHTTP1 ? ['h2', 'http/1.1'] : ['h2'];
      super({ ALPNProtocols: own.ALPNCallback ? undefined : protocols, ...own });
      if (own.allowHTTP1) http1(this, own);
      setUp(this, own, listener);
      this.on('secureConnection', onConnection);
      this.on('tlsClientError', (error, socket) => {
        if (!this.emit('clientError', error, socket)) socket.destroy();
      });
    }

    close(callback) {
      closeSessions(this);
      if (this[kOptions].allowHTTP1) {
        this._stopping = true;
        this.closeIdleConnections();
      }
      return super.close(callback);
    }
  };
  Object.assign(Secure.prototype, methods);
  return Secure;
}

// Connections that speak HTTP/1.1 are those of a server of http.
function http1(server, options) {
  const http = require('internal/http/server');
  const { closeAllConnections, closeIdleConnections } = http.methods;
  Object.assign(server, { closeAllConnections, closeIdleConnections });
  http.setUp(server, {
    ...options,
    IncomingMessage: options.Http1IncomingMessage,
    ServerResponse: options.Http1ServerResponse,
    ...options.http1Options,
  });
}

function createServer(options, listener) {
  if (typeof options === 'function') [options, listener] = [undefined, options];
  return new Http2Server(options, listener);
}

function createSecureServer(options, listener) {
  if (options == null || typeof options === 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  const Server = secureServer();
  return new Server(options, listener);
}

/** A session on a socket that the program has. */
function performServerHandshake(socket, options = {}) {
  return new ServerHttp2Session(checked(options), socket, undefined);
}

module.exports = { createSecureServer, createServer, performServerHandshake };
