'use strict';
// tlsOpt: the TLS options of net's clients and servers, as the engine takes them, and what their
// sockets tell of the connection. docs/api/net.md
const native = binding('tls');
const { createContext, contextFields, whichIsNoPem } = require('internal/tls/context');
const { parseCertificate } = require('internal/tls/identity');
const { members } = require('internal/tls/info');
const { validate, handshakeTimeout, alpn, rejects } = require('internal/tls/page_options');
const { encrypt, tlsError, isDistrust } = require('internal/tls/wrap');

/**
 * The engine's context of the members of tlsOpt that createSecureContext() has too.
 * @param {object} tlsOpt
 * @param {object} [more] fields of the engine's that are not made of those
 */
function contextOf(tlsOpt, more) {
  const { passwd, key, pfx, passphrase = passwd } = tlsOpt;
  const secret = key || pfx ? (passphrase ?? undefined) : undefined;
  const fields = contextFields({ ...tlsOpt, passphrase: secret });
  try {
    return createContext({ ...fields, lenientCa: false, ...more });
  } catch (error) {
    error.message += whichIsNoPem(tlsOpt);
    throw error;
  }
}

/**
 * What the engine makes a client's connection with, and whom it is to.
 * @param {object} tlsOpt
 * @param {string} [host]
 * @returns {{ options: object, server: string }}
 * @throws {TypeError} on bad members; {Error} with OpenSSL's code on bad material
 */
function clientOptions(tlsOpt, host = 'localhost') {
  validate(tlsOpt, 'options.tlsOpt', 'client');
  const server = tlsOpt.server || tlsOpt.servername || host || 'localhost';
  const options = native.createOptions({
    context: contextOf(tlsOpt, tlsOpt.ca ? { defaultCa: Boolean(tlsOpt.loadDefaultCerts) } : {}),
    rejectUnauthorized: rejects(tlsOpt),
    servername: tlsOpt.servername || server,
    verifyName: rejects(tlsOpt) ? server : '',
    alpn: alpn(tlsOpt),
    handshakeTimeout: handshakeTimeout(tlsOpt),
  });
  return { options, server };
}

const HINT =
  'set tlsOpt.ca to its authority, tlsOpt.server to its name, or tlsOpt.rejectUnauthorized to false';

/** The error of a socket of net. One of an untrusted certificate says what can be done. */
function socketError(fields) {
  const error = tlsError(fields);
  if (isDistrust(fields)) error.message += ` (to accept the peer's certificate, ${HINT})`;
  return error;
}

// ---- What a socket tells

/**
 * What encrypted sockets of net have beyond others: the functions of tls.TLSSocket, and
 * alpnProtocol and servername (false for none), authorized, authorizationError (a code).
 */
const identity = {
  ...Object.getOwnPropertyDescriptors(members),
  // What the functions ask.
  _tlsOptions: {
    configurable: true,
    get() {
      return { isServer: this.server !== null };
    },
  },
};
const initial = {
  alpnProtocol: null,
  servername: null,
  authorized: false,
  authorizationError: null,
};
for (const [name, value] of Object.entries(initial))
  identity[name] = { value, writable: true, configurable: true, enumerable: true };

const { Socket } = require('internal/net/socket');

/** The class of encrypted sockets, for Reflect.construct(). */
function Secure() {}
Secure.prototype = Object.create(Socket.prototype, identity);

/** Makes a socket that connects an encrypted one. One of a derived class keeps its prototype. */
function makeSecure(socket) {
  if (Object.getPrototypeOf(socket) === Socket.prototype)
    Object.setPrototypeOf(socket, Secure.prototype);
  else if (!(socket instanceof Secure)) Object.defineProperties(socket, identity);
  Object.assign(socket, initial);
}

/** The code of what is wrong with the peer's certificate; null for nothing, undefined without one. */
function problemOf(id, name) {
  const problem = native.verifyError(id);
  if (problem !== undefined) return problem.code;
  const [leaf] = native.peerCertificates(id);
  if (leaf === undefined) return undefined;
  if (name === undefined) return null;
  const { checkServerIdentity } = require('tls');
  return checkServerIdentity(name, parseCertificate(leaf))?.code ?? null;
}

/**
 * Tells a socket what is known after the handshake.
 * @param {net.Socket} socket
 * @param {number} id of its stream
 * @param {string} [protocol] by ALPN
 * @param {string} [servername] that the client asked for
 * @param {string} [peer] whom a client wanted to reach
 */
function identify(socket, id, protocol, servername, peer) {
  const problem = problemOf(id, peer);
  socket.alpnProtocol = protocol ?? false;
  socket.servername = servername ?? false;
  socket.authorized = problem === null;
  socket.authorizationError = problem ?? null;
}

module.exports = { Secure, contextOf, clientOptions, encrypt, socketError, makeSecure, identify };
