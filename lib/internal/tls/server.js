'use strict';
// tls.Server: a net.Server whose connections are encrypted, with Node's events and settings.
const native = binding('tls');
const { Buffer } = require('buffer');
const EventEmitter = require('events');
const { Duplex } = require('stream');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateNumber, validateString } = require('internal/errors/validators');
const { serverArguments } = require('internal/net/options');
const { Server: NetServer, kAnnounced } = require('internal/net/server');
const { convertALPNProtocols, protocolNames } = require('internal/tls/alpn');
const { logsKeys } = require('internal/tls/keylog');
const { SecureContext, contextFields, bytesOf, sourceOf } = require('internal/tls/context');
const { areWanted } = require('internal/tls/sessions');
const { Accepting } = require('internal/tls/accepting');
const { TLSSocket, AcceptedTLSSocket, secured } = require('internal/tls/socket');

const kOptions = Symbol('options');
const kContexts = Symbol('contexts'); // of addContext(): [pattern, SecureContext]
const kTicketKeys = Symbol('ticketKeys');
const kSource = Symbol('source'); // of ticket keys that several processes have, or null
const kStore = Symbol('store'); // the certificates by name, for those who look at them
const kExpiry = Symbol('expiry');
const kMade = Symbol('made'); // the engine's options for connections, and what they depend on
const HANDSHAKE_MS = 120000;
const MOST_HINT = 256; // bytes, of OpenSSL

/**
 * A TLS server.
 * @param {object} [options] those of net.Server and createSecureContext, and requestCert,
 *     rejectUnauthorized, ALPNProtocols, SNICallback, handshakeTimeout (ms), ticketKeys
 * @param {Function} [listener] added to `secureConnection`
 */
function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener);
  [options, listener] = serverArguments(options, listener);
  const own = { ...options };
  if (own.ALPNProtocols) convertALPNProtocols(own.ALPNProtocols, own);
  if (own.SNICallback !== undefined && own.SNICallback !== null)
    validateFunction(own.SNICallback, 'options.SNICallback');
  if (own.ALPNCallback && own.ALPNProtocols) throw new codes.ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS();
  if (own.ALPNCallback) validateFunction(own.ALPNCallback, 'options.ALPNCallback');
  if (own.pskCallback) validateFunction(own.pskCallback, 'options.pskCallback');
  if (own.pskIdentityHint) {
    validateString(own.pskIdentityHint, 'options.pskIdentityHint');
    if (own.pskIdentityHint.length > MOST_HINT)
      throw new codes.ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED();
  }
  own.handshakeTimeout ??= HANDSHAKE_MS;
  validateNumber(own.handshakeTimeout, 'options.handshakeTimeout');
  this[kContexts] = [];
  this[kMade] = undefined;
  this[kSource] = sourceOf(own.ticketKeys);
  if (this[kSource] !== null) own.ticketKeys = undefined;
  this[kTicketKeys] = this[kSource]?.keys ?? native.createTicketKeys();
  this[kStore] = native.createStore();
  this[kExpiry] = undefined;
  this[kOptions] = own;
  this.requestCert = own.requestCert === true;
  this.rejectUnauthorized = own.rejectUnauthorized !== false;
  this.ALPNProtocols = own.ALPNProtocols;
  this.setSecureContext(own);
  NetServer.call(this, options, welcome);
  if (listener) this.on('secureConnection', listener);
  if (this[kSource] !== null) {
    this.on('listening', () => this[kSource].start());
    this.on('close', () => this[kSource].stop());
  }
}
Object.setPrototypeOf(Server.prototype, NetServer.prototype);
Object.setPrototypeOf(Server, NetServer);

// A connection, or a Duplex that the program gives as one by emit('connection', duplex).
function welcome(raw) {
  const socket = new TLSSocket(raw, socketOptions(this));
  if (this.pauseOnConnect) Duplex.prototype.pause.call(socket); // the handshake is read all the same
  socket.on('secure', () => secured(socket));
}

Server.prototype._encrypts = function encrypts() {
  return true;
};

// What the sockets of connections are made with.
function socketOptions(server) {
  return {
    isServer: true,
    server,
    secureContext: server._sharedCreds,
    requestCert: server.requestCert,
    SNICallback: chooseContext,
    ALPNCallback: server[kOptions].ALPNCallback,
    pskCallback: server[kOptions].pskCallback,
    pskIdentityHint: server[kOptions].pskIdentityHint,
    highWaterMark: server.highWaterMark,
  };
}

// A connection whose plain socket nobody but welcome() would see has none.
Server.prototype._take = function take(id, connectionId) {
  if (this._events.connection === welcome && this.emit === EventEmitter.prototype.emit)
    new Accepting(this, id, connectionId);
  else NetServer.prototype._take.call(this, id, connectionId);
};

/** The TLSSocket of a connection in its handshake. */
Server.prototype._socketOf = function socketOf(id, connectionId) {
  const socket = new AcceptedTLSSocket(id, connectionId, this, socketOptions(this));
  if (this.pauseOnConnect) Duplex.prototype.pause.call(socket);
  socket.read(0);
  return socket;
};

// A rejected promise of a listener fails that connection, not the server.
Server.prototype[EventEmitter.captureRejectionSymbol] = function onRejection(
  error,
  event,
  ...args
) {
  if (event === 'secureConnection') args[0].destroy(error);
  else NetServer.prototype[EventEmitter.captureRejectionSymbol].call(this, error, event, ...args);
};

// ---- Contexts

/** Replaces key, certificate and settings for handshakes to come. */
Server.prototype.setSecureContext = function setSecureContext(options) {
  if (options === null || typeof options !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  const fields = contextFields(options, this[kTicketKeys]);
  const context = new SecureContext(fields, options);
  this[kTicketKeys] = fields.ticketKeys;
  this._sharedCreds = context;
  this[kMade] = undefined;
  // Keys that both sides know need none.
  if (!native.storeSet(this[kStore], '', context.context, false))
    native.storeRemove(this[kStore], '');
  lookAgain(this);
};

// Of what is new there may be something to tell.
function lookAgain(server) {
  if (server[kAnnounced]) server._certificates().watch(server);
}

/**
 * Adds the context for clients that ask for a name; the last added that fits is taken.
 * @param {string} servername a host name; `*` stands for a part of one label
 * @param {object} context a SecureContext, or options for one
 */
Server.prototype.addContext = function addContext(servername, context) {
  if (!servername) throw new codes.ERR_TLS_REQUIRED_SERVER_NAME();
  const literal = servername.replace(/[.+?^$\\[\]{}()|\-/]/g, '\\$&').replaceAll('*', '[^.]*');
  const made =
    context instanceof SecureContext ? context : require('tls').createSecureContext(context);
  this[kContexts].push([new RegExp(`^${literal}$`, 'i'), made]);
  this[kMade] = undefined;
  native.storeSet(this[kStore], servername, made.context, false);
  lookAgain(this);
};

Server.prototype._certificates = function certificates() {
  return (this[kExpiry] ??= new (require('internal/tls/expiry').Expiry)(this[kStore]));
};

// Called on a TLSSocket.
function chooseContext(name, answer) {
  const { server } = this;
  const callback = server[kOptions].SNICallback;
  if (callback) {
    callback.call(this, name, answer);
    return;
  }
  const found = server[kContexts].findLast(([pattern]) => pattern.test(name));
  answer(null, found?.[1]);
}

/** What the engine makes connections with; made anew when what it depends on has changed. */
Server.prototype._connectionOptions = function connectionOptions() {
  const choose =
    Boolean(this[kOptions].SNICallback) ||
    this[kContexts].length > 0 ||
    this.listenerCount('OCSPRequest') > 0;
  const keylog = logsKeys || this.listenerCount('keylog') > 0;
  const sessions = areWanted(this);
  const { requestCert, rejectUnauthorized } = this;
  const made = this[kMade];
  if (
    made?.choose === choose &&
    made.keylog === keylog &&
    made.sessions === sessions &&
    made.requestCert === requestCert &&
    made.rejectUnauthorized === rejectUnauthorized
  )
    return made.options;
  const options = native.createOptions({
    server: true,
    context: this._sharedCreds.context,
    requestCert,
    rejectUnauthorized,
    alpn: protocolNames(this.ALPNProtocols),
    handshakeTimeout: this[kOptions].handshakeTimeout,
    choose,
    chooseProtocol: Boolean(this[kOptions].ALPNCallback),
    psk: Boolean(this[kOptions].pskCallback),
    pskIdentityHint: this[kOptions].pskIdentityHint,
    keylog,
    sessions,
  });
  this[kMade] = { choose, keylog, sessions, requestCert, rejectUnauthorized, options };
  return options;
};

// ---- Session tickets

Server.prototype._ticketSource = function ticketSource() {
  return this[kSource];
};

/** The 48 bytes that tickets are sealed with. */
Server.prototype.getTicketKeys = function getTicketKeys() {
  return Buffer.from(native.ticketKeysGet(this[kTicketKeys]));
};

/** Seals tickets with other keys from now on; those of the last two still open. */
Server.prototype.setTicketKeys = function setTicketKeys(keys) {
  if (!ArrayBuffer.isView(keys))
    throw new codes.ERR_INVALID_ARG_TYPE('keys', ['Buffer', 'TypedArray', 'DataView'], keys);
  if (keys.byteLength !== 48)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'keys',
      keys.byteLength,
      'is too long or short: Session ticket keys must be a 48-byte buffer',
    );
  native.ticketKeysSet(this[kTicketKeys], bytesOf(keys));
};

module.exports = { Server };
