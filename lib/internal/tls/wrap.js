'use strict';
// The place where the stream of a socket becomes an encrypted one. It keeps its number, so that
// data, pauses, time-outs and the end go on through the same socket; `secure` or `tlsError` comes
// to the socket once the handshake has ended.
const native = binding('tls');

/**
 * Starts TLS on stream id.
 * @param {number} id
 * @param {object} options the engine's, of native.createOptions
 * @param {Uint8Array} [session] to resume
 * @param {Uint8Array} [early] bytes of the peer's that were read before
 * @returns {Error|undefined} why it cannot; the stream is as it was
 */
function encrypt(id, options, session, early) {
  try {
    native.wrap(id, options, session);
  } catch (error) {
    return error;
  }
  native.start(id, early);
  return undefined;
}

/** The Error of what the engine reports: {code, message, reason, library, errno, syscall}. */
function tlsError(fields) {
  if (fields.errno !== undefined)
    return require('internal/errors').errnoException(-fields.errno, fields.syscall);
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
