'use strict';
// Cryptography as Node documents it (https://nodejs.org/api/crypto.html), by OpenSSL. Its parts
// load when they are first used.
const { defineLazy } = require('internal/base/lazy');

defineLazy(exports, 'internal/crypto/hash', ['Hash', 'Hmac', 'getHashes', 'hash']);
defineLazy(exports, 'internal/crypto/random', [
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'randomUUIDv7',
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
defineLazy(exports, 'internal/crypto/argon2', ['argon2', 'argon2Sync']);
defineLazy(exports, 'internal/crypto/kem', ['decapsulate', 'encapsulate']);
defineLazy(exports, 'internal/crypto/cipher', [
  'Cipheriv',
  'Decipheriv',
  'getCipherInfo',
  'getCiphers',
]);
defineLazy(exports, 'internal/crypto/keys', [
  'KeyObject',
  'createPrivateKey',
  'createPublicKey',
  'createSecretKey',
  'getCurves',
]);
defineLazy(exports, 'internal/crypto/generate', [
  'generateKey',
  'generateKeyPair',
  'generateKeyPairSync',
  'generateKeySync',
]);
defineLazy(exports, 'internal/crypto/sign', [
  'Sign',
  'Verify',
  'privateDecrypt',
  'privateEncrypt',
  'publicDecrypt',
  'publicEncrypt',
  'sign',
  'verify',
]);
defineLazy(exports, 'internal/crypto/dh', [
  'DiffieHellman',
  'DiffieHellmanGroup',
  'ECDH',
  'diffieHellman',
]);
defineLazy(exports, 'internal/crypto/prime', [
  'checkPrime',
  'checkPrimeSync',
  'generatePrime',
  'generatePrimeSync',
]);
defineLazy(exports, 'internal/crypto/certificate', ['Certificate']);
defineLazy(exports, 'internal/crypto/x509', ['X509Certificate', 'parsePKCS12']);
defineLazy(exports, 'internal/crypto/constants', ['constants']);
defineLazy(exports, 'internal/crypto/webcrypto', ['webcrypto']);
defineLazy(exports, 'internal/crypto/subtle', ['subtle']);

/** A Hash; options are those of a stream, and outputLength. */
exports.createHash = function createHash(algorithm, options) {
  return new exports.Hash(algorithm, options);
};
exports.createHmac = function createHmac(algorithm, key, options) {
  return new exports.Hmac(algorithm, key, options);
};
exports.createCipheriv = function createCipheriv(cipher, key, iv, options) {
  return new exports.Cipheriv(cipher, key, iv, options);
};
exports.createDecipheriv = function createDecipheriv(cipher, key, iv, options) {
  return new exports.Decipheriv(cipher, key, iv, options);
};
exports.createSign = function createSign(algorithm, options) {
  return new exports.Sign(algorithm, options);
};
exports.createVerify = function createVerify(algorithm, options) {
  return new exports.Verify(algorithm, options);
};
exports.createDiffieHellman = function createDiffieHellman(...args) {
  return new exports.DiffieHellman(...args);
};
exports.createDiffieHellmanGroup = function createDiffieHellmanGroup(name) {
  return new exports.DiffieHellmanGroup(name);
};
exports.getDiffieHellman = exports.createDiffieHellmanGroup;
exports.createECDH = function createECDH(curve) {
  return new exports.ECDH(curve);
};
exports.getRandomValues = function getRandomValues(array) {
  return exports.webcrypto.getRandomValues(array);
};
exports.pseudoRandomBytes = function pseudoRandomBytes(size, callback) {
  return exports.randomBytes(size, callback);
};
/** Memory for secrets that OpenSSL would set apart; there is none. */
exports.secureHeapUsed = function secureHeapUsed() {
  return { total: 0, used: 0, utilization: 0, min: 0 };
};
exports.getFips = function getFips() {
  return 0;
};
exports.setFips = function setFips(on) {
  if (!on) return;
  const { codes } = require('internal/errors/codes');
  throw new codes.ERR_FEATURE_UNAVAILABLE('crypto.setFips()');
};
