'use strict';
// The bytes of a secret key, which many functions take in many forms.
const { toBytes } = require('internal/crypto/util');

/** The bytes of a key given as text or bytes. */
function secretBytes(key, encoding, name = 'key') {
  return toBytes(key, name, encoding);
}

module.exports = { secretBytes };
