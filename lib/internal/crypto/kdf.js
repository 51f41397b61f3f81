'use strict';
// Keys from passwords and from other keys: PBKDF2 (RFC 8018), scrypt (RFC 7914), HKDF (RFC 5869).
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateInteger,
  validateObject,
  validateString,
  validateUint32,
} = require('internal/errors/validators');
const {
  checkDigest,
  digestNumber,
  runJob,
  toArrayBuffer,
  toBuffer,
  toBytes,
} = require('internal/crypto/util');
const { secretBytes } = require('internal/crypto/secret');
const native = binding('crypto_random');
const { digestSize } = binding('crypto_hash');

const MOST_INT = 2 ** 31 - 1;
const MOST_INFO = 1024; // bytes

function pbkdf2Arguments(password, salt, iterations, length, digest) {
  validateString(digest, 'digest');
  password = toBytes(password, 'password');
  salt = toBytes(salt, 'salt');
  validateInteger(iterations, 'iterations', 1, MOST_INT);
  validateInteger(length, 'keylen', 0, MOST_INT);
  return [password, salt, iterations, length, checkDigest(digest)];
}

/** Calls callback with a Buffer of length bytes. */
function pbkdf2(password, salt, iterations, length, digest, callback) {
  if (typeof digest === 'function') {
    callback = digest;
    digest = undefined;
  }
  const args = pbkdf2Arguments(password, salt, iterations, length, digest);
  validateFunction(callback, 'callback');
  runJob(native.pbkdf2, args, toBuffer, callback);
}

function pbkdf2Sync(password, salt, iterations, length, digest) {
  return runJob(
    native.pbkdf2,
    pbkdf2Arguments(password, salt, iterations, length, digest),
    toBuffer,
  );
}

// Options of scrypt and their older names.
const scryptNames = { N: ['N', 'cost'], r: ['r', 'blockSize'], p: ['p', 'parallelization'] };

function scryptNumbers(options) {
  const numbers = { N: 16384, r: 8, p: 1, maxmem: 32 * 1024 * 1024 };
  if (options == null) return numbers;
  for (const [name, [short, long]] of Object.entries(scryptNames)) {
    // Each is read once: a getter may answer otherwise the next time.
    const { [short]: byShort, [long]: byLong } = options;
    if (byShort !== undefined && byLong !== undefined)
      throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR(short, long);
    const value = byShort ?? byLong;
    if (value !== undefined) validateUint32(value, byShort !== undefined ? short : long);
    numbers[name] = value || numbers[name];
  }
  const { maxmem } = options;
  if (maxmem !== undefined) {
    validateInteger(maxmem, 'maxmem', 0);
    numbers.maxmem = maxmem || numbers.maxmem;
  }
  return numbers;
}

function scryptArguments(password, salt, length, options) {
  password = toBytes(password, 'password');
  salt = toBytes(salt, 'salt');
  validateInteger(length, 'keylen', 0, MOST_INT);
  if (options != null) validateObject(options, 'options');
  const { N, r, p, maxmem } = scryptNumbers(options);
  const problem = native.scryptProblem(N, r, p, maxmem);
  if (problem !== undefined) throw new codes.ERR_CRYPTO_INVALID_SCRYPT_PARAMS(problem);
  return [password, salt, length, N, r, p, maxmem];
}

/** Calls callback with a Buffer of length bytes. */
function scrypt(password, salt, length, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  const args = scryptArguments(password, salt, length, options);
  validateFunction(callback, 'callback');
  runJob(native.scrypt, args, toBuffer, callback);
}

function scryptSync(password, salt, length, options) {
  return runJob(native.scrypt, scryptArguments(password, salt, length, options), toBuffer);
}

function hkdfArguments(digest, key, salt, info, length) {
  validateString(digest, 'digest');
  key = secretBytes(key, undefined, 'ikm');
  salt = toBytes(salt, 'salt');
  info = toBytes(info, 'info');
  validateInteger(length, 'length', 0, MOST_INT);
  if (info.byteLength > MOST_INFO)
    throw new codes.ERR_OUT_OF_RANGE(
      'info',
      `must not contain more than ${MOST_INFO} bytes`,
      info.byteLength,
    );
  checkDigest(digest);
  if (length > 255 * digestSize(digestNumber(digest))) throw new codes.ERR_CRYPTO_INVALID_KEYLEN();
  return [key, salt, info, length, digest];
}

// OpenSSL does not derive nothing.
function hkdfJob(callback, key, salt, info, length, digest) {
  if (length > 0) return native.hkdf(callback, key, salt, info, length, digest);
  const nothing = new Uint8Array(0);
  if (callback === undefined) return nothing;
  process.nextTick(callback, null, nothing);
  return undefined;
}

/** Calls callback with an ArrayBuffer of length bytes. */
function hkdf(digest, key, salt, info, length, callback) {
  const args = hkdfArguments(digest, key, salt, info, length);
  validateFunction(callback, 'callback');
  runJob(hkdfJob, args, toArrayBuffer, callback);
}

function hkdfSync(digest, key, salt, info, length) {
  return runJob(hkdfJob, hkdfArguments(digest, key, salt, info, length), toArrayBuffer);
}

module.exports = { hkdf, hkdfJob, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
