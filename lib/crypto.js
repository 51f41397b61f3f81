'use strict';
// Cryptography as Node documents it (https://nodejs.org/api/crypto.html), by OpenSSL. Its parts
// load when they are first used.
const { defineLazy } = require('internal/lazy');

defineLazy(exports, 'internal/crypto/hash', ['Hash', 'Hmac', 'getHashes', 'hash']);
defineLazy(exports, 'internal/crypto/random', [
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'timingSafeEqual',
]);
defineLazy(exports, 'internal/crypto/kdf', [
  'hkdf',
  'hkdfSync',
  'pbkdf2',
  'pbkdf2Sync',
  'scrypt',
  'scryptSync',
]);
defineLazy(exports, 'internal/crypto/webcrypto', ['webcrypto']);

/** A Hash; options are those of a stream, and outputLength. */
exports.createHash = function createHash(algorithm, options) {
  return new exports.Hash(algorithm, options);
};
exports.createHmac = function createHmac(algorithm, key, options) {
  return new exports.Hmac(algorithm, key, options);
};
exports.getRandomValues = function getRandomValues(array) {
  return exports.webcrypto.getRandomValues(array);
};
exports.getFips = function getFips() {
  return 0;
};
