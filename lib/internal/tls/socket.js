'use strict';
// tls.TLSSocket: a net.Socket whose stream is encrypted. It opens a connection of its own, or takes
// over that of another socket or Duplex. What it tells of the connection is in internal/tls/info.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { validateBoolean, validateFunction, validateString } = require('internal/errors/validators');
const { areWanted, install } = require('internal/tls/sessions');
const { on } = require('internal/net/handles');
const { Socket, beginAccepted, handOver, established, open, kId } = require('internal/net/socket');
const { tellTimeout } = require('internal/net/socket_properties');
const { encrypt, tlsError, isDistrust } = require('internal/tls/wrap');
const { convertALPNProtocols, protocolNames } = require('internal/tls/alpn');
const { keyLine, logsKeys } = require('internal/tls/keylog');
const { buffer } = require('internal/tls/identity');

const kOptions = Symbol('options'); // of the constructor
const kBridge = Symbol('bridge'); // to a Duplex that has no stream of the engine
const kSession = Symbol('session'); // to resume
const kServer = Symbol('server'); // the tls.Server that made it, or null
const kStart = Symbol('start'); // starts the handshake; null once it has begun
const kTold = Symbol('told'); // that server, if any, heard how the handshake ended
const kAnswering = Symbol('asks for a pre-shared key');
const kSecure = Symbol('secure'); // the handshake is done and the peer accepted

/**
 * An encrypted connection.
 * @param {Duplex} [socket] to encrypt; without it, connect() opens one
 * @param {object} [options] isServer, secureContext or what createSecureContext takes, server,
 *     requestCert, rejectUnauthorized, ALPNProtocols, SNICallback, session, requestOCSP,
 *     handshakeTimeout (ms), and those of net.Socket
 */
function TLSSocket(socket, options) {
  if (socket && (typeof socket.write !== 'function' || typeof socket.on !== 'function'))
    throw new codes.ERR_INVALID_ARG_TYPE('socket', 'Duplex', socket);
  options = { ...options };
  if (options.ALPNProtocols) convertALPNProtocols(options.ALPNProtocols, options);
  if (options.SNICallback !== undefined && options.SNICallback !== null)
    validateFunction(options.SNICallback, 'options.SNICallback');
  if (options.pskCallback) validateFunction(options.pskCallback, 'pskCallback');
  if (options.enableTrace !== undefined)
    validateBoolean(options.enableTrace, 'options.enableTrace');
  Socket.call(this, {
    allowHalfOpen: socket ? socket.allowHalfOpen : options.allowHalfOpen,
    highWaterMark: options.highWaterMark,
    onread: socket ? undefined : options.onread,
    signal: options.signal,
  });
  this[kOptions] = options;
  this.server = options.server ?? null;
  this[kServer] = typeof this.server?._connectionOptions === 'function' ? this.server : null;
  this[kTold] = this[kServer] === null;
  if (options.session) this.setSession(options.session);
  this[kOptions].secureContext ??= require('tls').createSecureContext(options);
  if (socket) attach(this, socket);
}
Object.setPrototypeOf(TLSSocket.prototype, Socket.prototype);
Object.setPrototypeOf(TLSSocket, Socket);

// What a socket begins with; it has a field of its own once that is set.
Object.assign(TLSSocket.prototype, {
  authorized: false,
  authorizationError: null,
  alpnProtocol: null,
  servername: null,
  secureConnecting: true,
  _parent: null,
  [kSession]: undefined,
  [kBridge]: null,
  [kStart]: null,
  [kServer]: null,
  [kTold]: true,
  [kSecure]: false,
  [kAnswering]: false,
});

/**
 * A connection of a tls.Server whose stream is encrypted already.
 * @param {number} id of the stream
 * @param {number} connectionId
 * @param {tls.Server} server
 * @param {object} options as of TLSSocket
 */
function AcceptedTLSSocket(id, connectionId, server, options) {
  beginAccepted(this, id, connectionId, server, options);
  this[kOptions] = options;
  this[kServer] = server;
  this[kTold] = false;
}
AcceptedTLSSocket.prototype = TLSSocket.prototype;

// ---- From a stream to an encrypted one

function attach(tls, socket) {
  tls._parent = socket;
  if (!(socket instanceof Socket)) {
    attachDuplex(tls, socket);
    return;
  }
  socket.on('error', (error) => tls.destroy(error));
  socket.once('close', () => tls.destroy());
  tls.once('close', () => socket.destroy());
  if (socket.destroyed) process.nextTick(() => tls.destroy(disconnected(tls)));
  else takeWhenReady(tls, socket);
}

// What must happen before a socket's stream can be another's; undefined if nothing.
function awaited(socket) {
  if (socket instanceof TLSSocket && !socket[kSecure]) return 'secure';
  if (socket[kId] === 0) return 'connect';
  return socket.writableLength > 0 ? 'drain' : undefined;
}

function takeWhenReady(tls, socket) {
  if (tls.destroyed || socket.destroyed) return;
  const event = awaited(socket);
  if (event !== undefined) {
    tls.connecting = true;
    socket.once(event, () => takeWhenReady(tls, socket));
    return;
  }
  encryptStream(tls, handOver(socket, tls));
  if (tls.connecting) established(tls);
}

function attachDuplex(tls, duplex) {
  const { DuplexBridge } = require('internal/tls/bridge');
  const bridge = new DuplexBridge(duplex, (error) => tls.destroy(error));
  tls[kBridge] = bridge;
  open(tls, bridge.id);
  tls.once('close', () => {
    bridge.detach();
    duplex.destroy();
  });
  encryptStream(tls, undefined);
}

// From here on nothing leaves in the clear. The handshake starts in the next turn: until then the
// program may set the session and the server's name. That of a client that was not made by
// connect() waits, as in Node, for the first write or _start().
function encryptStream(tls, early) {
  let failure;
  try {
    failure = encrypt(tls[kId], nativeOptions(tls), tls[kSession]);
  } catch (error) {
    failure = error;
  }
  tls[kStart] = () => {
    tls[kStart] = null;
    if (failure) fail(tls, failure);
    else if (tls[kId] !== 0) {
      native.start(tls[kId], early);
      tls.read(0);
    }
  };
  if (tls[kOptions].isServer || tls[kOptions].target) process.nextTick(() => tls._start());
}

/** Starts the handshake, if it has not begun. */
TLSSocket.prototype._start = function startHandshake() {
  this[kStart]?.();
};

TLSSocket.prototype._write = function write(chunk, encoding, done) {
  this._start();
  Socket.prototype._write.call(this, chunk, encoding, done);
};

TLSSocket.prototype._writev = function writev(chunks, done) {
  this._start();
  Socket.prototype._writev.call(this, chunks, done);
};

TLSSocket.prototype[on.output] = function onOutput(bytes) {
  this[kBridge].output(bytes);
};
TLSSocket.prototype[on.outputEnd] = function onOutputEnd() {
  this[kBridge].outputEnd();
};
TLSSocket.prototype[on.reading] = function onReading(wanted) {
  this[kBridge].reading(wanted);
};

TLSSocket.prototype._connected = function connected(id) {
  open(this, id);
  encryptStream(this, undefined);
  established(this);
};

function nativeOptions(tls) {
  const options = tls[kOptions];
  if (tls[kServer] !== null) return tls[kServer]._connectionOptions();
  const common = {
    context: options.secureContext.context,
    requestCert: Boolean(options.requestCert),
    // Who makes a client's socket without tls.connect() looks at the certificate itself.
    rejectUnauthorized: options.isServer
      ? options.rejectUnauthorized !== false
      : options.rejectUnauthorized === true,
    alpn: protocolNames(options.ALPNProtocols),
    handshakeTimeout: options.handshakeTimeout,
    psk: Boolean(options.pskCallback),
    // A listener may come later in this turn.
    keylog: logsKeys || tls._parent !== null || tls.listenerCount('keylog') > 0,
  };
  if (options.isServer)
    return native.createOptions({
      ...common,
      server: true,
      choose: Boolean(options.SNICallback),
      chooseProtocol: Boolean(options.ALPNCallback),
      sessions: areWanted(options.server),
      pskIdentityHint: options.pskIdentityHint,
    });
  return native.createOptions({
    ...common,
    servername: options.servername,
    sessions: true,
    requestOCSP: Boolean(options.requestOCSP),
  });
}

// ---- The handshake's end

TLSSocket.prototype[on.secure] = function onSecure(protocol, servername) {
  this.alpnProtocol = protocol ?? false;
  this.servername ??= servername ?? false;
  if (this[kOptions].isServer) authorizeClient(this);
  if (this[kOptions].requestOCSP) this.emit('OCSPResponse', ocspResponse(this[kId]));
  if (this.destroyed) return;
  this[kSecure] = true;
  if (this[kOptions].isServer) this.secureConnecting = false;
  this.emit('secure');
  if (this._server !== null) secured(this);
};

/** The server that made socket tells of it. */
function secured(socket) {
  if (socket.destroyed) return;
  socket[kTold] = true;
  socket[kServer].emit('secureConnection', socket);
}

function ocspResponse(id) {
  const response = native.ocspResponse(id);
  return response === undefined ? null : buffer(response);
}

// The engine refused a client before, if that was asked for.
function authorizeClient(tls) {
  if (!tls[kOptions].requestCert) return;
  const problem = native.verifyError(tls[kId]);
  if (problem === undefined) tls.authorized = true;
  else tls.authorizationError = problem.code;
}

function disconnected(tls) {
  const error = new Error(
    tls[kOptions].isServer
      ? 'socket hang up'
      : 'Client network socket disconnected before secure TLS connection was established',
  );
  error.code = 'ECONNRESET';
  return error;
}

// Who hears of a failure: the server until it has the connection, then the socket.
function fail(tls, error) {
  if (tls[kTold]) {
    const { isServer } = tls[kOptions];
    if (!tls[kSecure]) tls.emit('_tlsError', error);
    // A client that speaks no TLS must not end a server only because nobody listened.
    const unheard = isServer && !tls[kSecure] && tls.listenerCount('error') === 0;
    tls.destroy(unheard ? undefined : error);
    return;
  }
  tls[kTold] = true;
  tls[kServer].emit('tlsClientError', error, tls);
  tls.destroy();
}

TLSSocket.prototype[on.tlsError] = function onTlsError(fields) {
  if (isDistrust(fields)) this.authorizationError = fields.code;
  const error = this._describeError(tlsError(fields));
  fail(this, require('internal/net/record').withConnection(this, error));
};

TLSSocket.prototype[on.error] = function onError(errno, syscall) {
  if (errno === 0) {
    this.destroy();
    return;
  }
  const error = require('internal/errors/codes').errnoException(-errno, syscall);
  fail(this, require('internal/net/record').withConnection(this, error));
};

// A client adds where it was going.
TLSSocket.prototype._describeError = function describeError(error) {
  const { path, host, port, localAddress } = this[kOptions].target ?? {};
  if (error.code === 'ECONNRESET' && !this[kSecure])
    Object.assign(error, { path, host, port, localAddress });
  return error;
};

TLSSocket.prototype._destroy = function destroy(error, done) {
  if (this[kAnswering]) {
    process.nextTick(() => this._destroy(error, done));
    return;
  }
  if (!this[kTold]) {
    this[kTold] = true;
    const reason = error ?? disconnected(this);
    process.nextTick(() => this[kServer].emit('tlsClientError', reason, this));
    error = null;
  }
  Socket.prototype._destroy.call(this, error, done);
};

// ---- Choosing by the name that a client asks for

TLSSocket.prototype[on.hello] = function onHello(name) {
  const callback = this[kOptions].SNICallback;
  this.servername = name || false;
  let answered = false;
  const answer = (error, context) => {
    if (answered) return;
    answered = true;
    if (error) fail(this, error);
    else if (context && !(context.context ?? false))
      fail(this, new codes.ERR_TLS_INVALID_CONTEXT());
    else choose(this, context?.context);
  };
  if (!callback || name === '') answer(null, undefined);
  else callback.call(this, name, answer);
};

function choose(tls, context) {
  const server = tls[kServer];
  if (tls[kId] === 0) return;
  if (server === null || !native.asksOcsp(tls[kId]) || server.listenerCount('OCSPRequest') === 0) {
    native.choose(tls[kId], context);
    return;
  }
  const used = context ?? tls[kOptions].secureContext.context;
  const certificate = native.contextCertificate(used);
  const issuer = native.contextIssuer(used);
  let answered = false;
  server.emit(
    'OCSPRequest',
    certificate && buffer(certificate),
    issuer && buffer(issuer),
    (error, response) => {
      if (answered) return;
      answered = true;
      if (error) fail(tls, error);
      else if (tls[kId] !== 0) native.choose(tls[kId], context, response ?? undefined);
    },
  );
}

// ---- Choosing a protocol of those that a client offers

TLSSocket.prototype[on.protocols] = function onProtocols(servername, wire) {
  const protocols = protocolNames(wire).map((name) => buffer(name).toString('latin1'));
  const chosen = this[kOptions].ALPNCallback.call(this, { servername, protocols });
  if (this[kId] === 0) return;
  if (chosen !== undefined && !protocols.includes(chosen))
    fail(this, new codes.ERR_TLS_ALPN_CALLBACK_INVALID_RESULT(chosen, protocols));
  else native.chooseProtocol(this[kId], chosen);
};

// ---- Pre-shared keys: the handshake waits for the answer

/** @returns {[Uint8Array, string]|undefined} the key and, of a client, whose it is */
TLSSocket.prototype[on.psk] = function onPsk(text) {
  this[kAnswering] = true; // destroy() waits: the engine's stream is in use
  try {
    return require('internal/tls/psk').answer(this, this[kOptions], text);
  } catch (error) {
    process.nextTick(() => fail(this, error));
    return undefined;
  } finally {
    this[kAnswering] = false;
  }
};

/** Shows the certificate of another context; within ALPNCallback. */
TLSSocket.prototype.setKeyCert = function setKeyCert(context) {
  const { SecureContext } = require('internal/tls/context');
  const used =
    context instanceof SecureContext ? context : require('tls').createSecureContext(context);
  if (this[kId] !== 0) native.setKeyCert(this[kId], used.context);
};

TLSSocket.prototype[on.keylog] = function onKeylog(line) {
  const bytes = keyLine(line);
  this[kServer]?.emit('keylog', bytes, this);
  this.emit('keylog', bytes);
};

// Tickets that come before the peer is accepted are told afterwards.
TLSSocket.prototype[on.session] = function onSession(bytes) {
  const session = buffer(bytes);
  if (this[kSecure] && !this.secureConnecting) this.emit('session', session);
  else this.once('secureConnect', () => this.emit('session', session));
};

// The raw socket's time-out is served by the same timer.
TLSSocket.prototype[on.idle] = function onIdle() {
  const told = this.timeout > 0 || !(this._parent instanceof Socket) ? this : this._parent;
  tellTimeout(this, told);
};
TLSSocket.prototype._onTimeout = TLSSocket.prototype[on.idle];

// ---- What may be set before the handshake
/** The name to ask the server for. @throws on a server's socket */
TLSSocket.prototype.setServername = function setServername(name) {
  validateString(name, 'name');
  if (this[kOptions].isServer) throw new codes.ERR_TLS_SNI_FROM_SERVER();
  this[kOptions].servername = name;
  if (this[kId] !== 0) native.setServerName(this[kId], name);
};

/** The session to resume. @param {Buffer|string} session of getSession() or `session` */
TLSSocket.prototype.setSession = function setSession(session) {
  const bytes = typeof session === 'string' ? Buffer.from(session, 'latin1') : session;
  if (!ArrayBuffer.isView(bytes))
    throw new codes.ERR_INVALID_ARG_TYPE('session', ['string', 'Buffer'], session);
  this[kSession] = bytes;
  if (this[kId] !== 0) native.setSession(this[kId], bytes);
};

const shown = { configurable: true, enumerable: true };
Object.defineProperties(TLSSocket.prototype, {
  bufferSize: {
    ...shown,
    get() {
      return this.destroyed ? undefined : this.writableLength;
    },
  },
  _tlsOptions: {
    ...shown,
    get() {
      return this[kOptions];
    },
  },
  encrypted: { ...shown, value: true },
  ...Object.getOwnPropertyDescriptors(require('internal/tls/info').members),
});
install(TLSSocket.prototype, kServer, fail);
module.exports = { TLSSocket, AcceptedTLSSocket, kOptions, disconnected, fail, secured };
