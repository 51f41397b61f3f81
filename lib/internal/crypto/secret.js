'use strict';
// The bytes of a secret key, which hashes and ciphers take in many forms. Apart from
// internal/crypto/keys, as plain bytes and text need none of that.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { toBytes } = require('internal/crypto/util');

/**
 * The bytes of a key given as text, bytes, KeyObject or CryptoKey.
 * @param {string | ArrayBuffer | ArrayBufferView | object} key
 */
function secretBytes(key, encoding, name = 'key') {
  if (typeof key === 'string' || isUint8Array(key)) return toBytes(key, name, encoding);
  return require('internal/crypto/keys').secretKeyBytes(key, encoding, name);
}

module.exports = { secretBytes };
