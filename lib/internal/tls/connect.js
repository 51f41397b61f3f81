'use strict';
// tls.connect(): a client's connection, and what it makes of the server's certificate.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateNumber } = require('internal/errors/validators');
const { normalizeConnect } = require('internal/net/options');
const { kId } = require('internal/net/socket');
const { TLSSocket, kOptions, disconnected } = require('internal/tls/socket');
const defaults = require('internal/tls/defaults');

// (options[, cb]), (port[, host][, options][, cb]), (path[, options][, cb])
function connectOptions(args) {
  const [options, callback] = normalizeConnect(args);
  const more = args.slice(1).find((one) => one !== null && typeof one === 'object');
  return [{ ...options, ...(typeof args[0] === 'object' ? undefined : more) }, callback];
}

let warnedOfEnvironment = false;
function environmentAllowsAll() {
  const allows = require('internal/base/environment').own('NODE_TLS_REJECT_UNAUTHORIZED') === '0';
  if (allows && !warnedOfEnvironment) {
    warnedOfEnvironment = true;
    process.emitWarning(
      "Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections insecure by disabling certificate verification.",
    );
  }
  return allows;
}

/**
 * Connects, or encrypts options.socket.
 * @returns {TLSSocket} `secureConnect` follows once the server is accepted
 */
function connect(...args) {
  const [given, listener] = connectOptions(args);
  const tls = require('tls');
  const options = {
    rejectUnauthorized: !environmentAllowsAll(),
    ciphers: defaults.settings.DEFAULT_CIPHERS,
    checkServerIdentity: tls.checkServerIdentity,
    minDHSize: 1024,
    ...given,
  };
  validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
  validateNumber(options.minDHSize, 'options.minDHSize', 1);
  const { secureContext, socket: over, servername } = options;
  if (secureContext && secureContext.context === undefined)
    throw new codes.ERR_TLS_INVALID_CONTEXT('context');
  if (servername && require('net').isIP(servername) !== 0)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.servername',
      servername,
      'must be a host name, not an IP address (RFC 6066)',
    );
  const socket = new TLSSocket(over, {
    ...options,
    isServer: false,
    server: undefined,
    rejectUnauthorized: options.rejectUnauthorized !== false,
    secureContext: secureContext || tls.createSecureContext(options),
    target: options,
  });
  if (listener) socket.once('secureConnect', listener);
  if (servername) socket.setServername(servername);
  socket.on('secure', accept);
  socket.prependListener('end', endedEarly);
  if (!over && !socket.destroyed) socket.connect(options);
  return socket;
}

// The handshake is done: the certificate decides.
function accept() {
  const options = this[kOptions].target;
  const problem = weakKey(this, options) ?? distrust(this, options);
  this.authorized = !problem;
  if (problem) {
    this.authorizationError = problem.code || problem.message;
    if (options.rejectUnauthorized !== false || problem.code === 'ERR_TLS_DH_PARAM_SIZE') {
      this.destroy(problem);
      return;
    }
  }
  this.secureConnecting = false;
  this.off('end', endedEarly);
  this.emit('secureConnect');
}

function weakKey(socket, { minDHSize }) {
  const key = native.ephemeralKey(socket[kId]);
  return key?.type === 'DH' && key.size < minDHSize
    ? new codes.ERR_TLS_DH_PARAM_SIZE(key.size)
    : undefined;
}

function distrust(socket, options) {
  const problem = native.verifyError(socket[kId]);
  if (problem !== undefined) return Object.assign(new Error(problem.message), problem);
  const host = options.servername || options.host || options.socket?._host || 'localhost';
  return options.checkServerIdentity(host, socket.getPeerCertificate(true));
}

function endedEarly() {
  this.destroy(this._describeError(disconnected(this)));
}

module.exports = { connect };
