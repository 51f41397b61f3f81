'use strict';
// The place where the stream of a socket becomes an encrypted one. It keeps its number, so that
// data, pauses, time-outs and the end go on through the same socket; `secure` or `tlsError` comes
// to the socket once the handshake has ended.
const native = binding('tls');
const { setNoDelay } = binding('net');

/**
 * Encrypts stream id from now on; native.start(id, early) begins the handshake.
 * @param {number} id
 * @param {object} options the engine's, of native.createOptions
 * @param {Uint8Array} [session] to resume
 * @returns {Error|undefined} why it cannot; the stream is as it was
 */
function encrypt(id, options, session) {
  try {
    native.wrap(id, options, session);
    // Records are gathered into few calls already; with Nagle's algorithm the last part of a large
    // answer waits for the peer's delayed acknowledgement.
    setNoDelay(id, true);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The Error of what the engine reports: {code, message, reason, library, errno, syscall}. */
function tlsError(fields) {
  if (fields.errno !== undefined)
    return require('internal/errors/codes').errnoException(-fields.errno, fields.syscall);
  return Object.assign(new Error(fields.message), fields);
}

/** Whether what the engine reports is that the peer's certificate is not trusted. */
function isDistrust({ code, errno, library }) {
  return (
    errno === undefined &&
    library === undefined &&
    !['ECONNRESET', 'ERR_TLS_HANDSHAKE_TIMEOUT'].includes(code)
  );
}

module.exports = { encrypt, tlsError, isDistrust };
