'use strict';
// Pre-shared keys instead of certificates.
// docs: https://nodejs.org/api/tls.html#pre-shared-keys
const { codes } = require('internal/errors/codes');
const { validateObject, validateString } = require('internal/errors/validators');

const MOST_IDENTITY = 127; // bytes (RFC 4279, section 5.3)
const MOST_KEY = 256; // bytes, of OpenSSL

function keyBytes(key, name) {
  if (!ArrayBuffer.isView(key))
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], key);
  if (key.byteLength > MOST_KEY)
    throw new codes.ERR_INVALID_ARG_VALUE(name, key, `must not exceed ${MOST_KEY} bytes`);
  return new Uint8Array(key.buffer, key.byteOffset, key.byteLength);
}

/**
 * What options.pskCallback says.
 * @param {TLSSocket} socket
 * @param {object} options
 * @param {string} [text] the client's identity, or what the server hints at
 * @returns {[Uint8Array, string]|undefined} undefined ends the handshake
 */
function answer(socket, { isServer, pskCallback }, text) {
  if (isServer) {
    const key = pskCallback.call(socket, socket, text);
    return key === undefined || key === null ? undefined : [keyBytes(key, 'ret'), ''];
  }
  const result = pskCallback.call(socket, text ?? null);
  if (result === undefined || result === null) return undefined;
  validateObject(result, 'ret');
  const { psk, identity } = result;
  const key = keyBytes(psk, 'psk');
  validateString(identity, 'identity');
  const { length } = Buffer.from(identity);
  if (length > MOST_IDENTITY)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'identity',
      identity,
      `must not exceed ${MOST_IDENTITY} bytes`,
    );
  return [key, identity];
}

module.exports = { answer };
