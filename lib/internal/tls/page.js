'use strict';
// tlsOpt: the TLS options of net's clients and servers, checked and given to the engine.
// docs/api/net.md
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { validateNumber, validateObject, validateString } = require('internal/errors/validators');
const { contextFields } = require('internal/tls/context');
const { tlsError, isDistrust } = require('internal/tls/wrap');

const HANDSHAKE_MS = 60000;
const LEAST_HANDSHAKE_MS = 2000;
const LONGEST_HANDSHAKE_MS = 120000;

/** Checks the members that clients and servers share; data and keys are checked with the context. */
function validate(tlsOpt, name) {
  validateObject(tlsOpt, name);
  for (const member of ['name', 'passwd', 'server'])
    if (tlsOpt[member] !== undefined && tlsOpt[member] !== null)
      validateString(tlsOpt[member], `${name}.${member}`);
  if (tlsOpt.handshakeTimeout !== undefined)
    validateNumber(tlsOpt.handshakeTimeout, `${name}.handshakeTimeout`);
  for (const member of ['ca', 'cert', 'key']) {
    for (const one of [tlsOpt[member]].flat())
      if (one !== undefined && one !== null && typeof one !== 'string' && !ArrayBuffer.isView(one))
        throw new codes.ERR_INVALID_ARG_TYPE(
          `${name}.${member}`,
          ['string', 'Buffer', 'TypedArray', 'DataView'],
          one,
        );
  }
}

function handshakeTimeout({ handshakeTimeout: ms = HANDSHAKE_MS }) {
  return Math.min(Math.max(ms, LEAST_HANDSHAKE_MS), LONGEST_HANDSHAKE_MS);
}

function createContext(tlsOpt, more) {
  const { ca, cert, key, passwd } = tlsOpt;
  const fields = contextFields({
    ca,
    cert,
    key,
    passphrase: key ? (passwd ?? undefined) : undefined,
  });
  return native.createContext({ ...fields, lenientCa: false, ...more });
}

/** Whether a client checks the server: yes, but for false in either spelling. */
function verifies({ rejectUnauthorized, rejectUnauthorinzed }) {
  return (rejectUnauthorized ?? rejectUnauthorinzed ?? true) !== false;
}

/**
 * What the engine makes a client's connection with.
 * @param {object} tlsOpt ca, cert, key, passwd, server, rejectUnauthorized, loadDefaultCerts,
 *     handshakeTimeout (ms)
 * @param {string} [host] whom the connection is to
 * @throws {TypeError} on bad members; {Error} with OpenSSL's code on bad material
 */
function clientOptions(tlsOpt, host = 'localhost') {
  validate(tlsOpt, 'options.tlsOpt');
  const server = tlsOpt.server || host || 'localhost';
  return native.createOptions({
    context: createContext(
      tlsOpt,
      tlsOpt.ca ? { defaultCa: Boolean(tlsOpt.loadDefaultCerts) } : {},
    ),
    rejectUnauthorized: verifies(tlsOpt),
    servername: server,
    verifyName: verifies(tlsOpt) ? server : '',
    handshakeTimeout: handshakeTimeout(tlsOpt),
  });
}

const HINT =
  'set tlsOpt.ca to its authority, tlsOpt.server to its name, or tlsOpt.rejectUnauthorized to false';

/** The error of a socket of net. One of an untrusted certificate says what can be done. */
function socketError(fields) {
  const error = tlsError(fields);
  if (isDistrust(fields)) error.message += ` (to accept the peer's certificate, ${HINT})`;
  return error;
}

module.exports = { validate, handshakeTimeout, createContext, clientOptions, socketError };
