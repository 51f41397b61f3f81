'use strict';
// What the parts of SubtleCrypto share: names of algorithms, their hashes, checks of keys.
const { CryptoKey } = require('internal/crypto/cryptokey');
const { toBytes, BYTES } = require('internal/crypto/util');
const { codes } = require('internal/errors/codes');

const HASHES = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
const BLOCK_BITS = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };
const CURVES = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };

const SYMMETRIC = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
const SIGNS = { public: ['verify'], private: ['sign'] };
const DERIVES = { public: [], private: ['deriveKey', 'deriveBits'] };

// name: what keys of each type may be used for
const KEY_USAGES = {
  __proto__: null,
  'AES-CBC': { secret: SYMMETRIC },
  'AES-CTR': { secret: SYMMETRIC },
  'AES-GCM': { secret: SYMMETRIC },
  'AES-KW': { secret: ['wrapKey', 'unwrapKey'] },
  HMAC: { secret: ['sign', 'verify'] },
  PBKDF2: { secret: ['deriveKey', 'deriveBits'] },
  HKDF: { secret: ['deriveKey', 'deriveBits'] },
  ECDSA: SIGNS,
  Ed25519: SIGNS,
  Ed448: SIGNS,
  'RSASSA-PKCS1-v1_5': SIGNS,
  'RSA-PSS': SIGNS,
  'RSA-OAEP': { public: ['encrypt', 'wrapKey'], private: ['decrypt', 'unwrapKey'] },
  ECDH: DERIVES,
  X25519: DERIVES,
  X448: DERIVES,
};

function exception(message, name) {
  const { DOMException } = require('internal/errors/domexception');
  return new DOMException(message, name);
}

/** The standard's spelling of a name in any case. */
function spelling(name, known) {
  const wanted = String(name).toLowerCase();
  const found = known.find((one) => one.toLowerCase() === wanted);
  if (found === undefined) throw exception('Unrecognized algorithm name', 'NotSupportedError');
  return found;
}

/** An algorithm as an object with the standard's name; a string stands for the name alone. */
function normalize(algorithm, known = Object.keys(KEY_USAGES)) {
  const object = typeof algorithm === 'string' ? { name: algorithm } : algorithm;
  if (typeof object !== 'object' || object === null)
    throw new codes.ERR_INVALID_ARG_TYPE('algorithm', ['string', 'Object'], algorithm);
  const result = { ...object, name: spelling(object.name, known) };
  if (result.hash !== undefined)
    result.hash = { name: normalize(result.hash, Object.keys(HASHES)).name };
  return result;
}

/** OpenSSL's name of the hash of an algorithm. */
function digestOf(algorithm) {
  if (algorithm.hash === undefined) throw new codes.ERR_MISSING_ARGS('algorithm.hash');
  return HASHES[algorithm.hash.name];
}

/** Checks that a key is for an algorithm and a use. */
function checkKey(key, name, usage) {
  if (!(key instanceof CryptoKey)) throw new codes.ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
  if (key.algorithm.name !== name) throw exception('Key algorithm mismatch', 'InvalidAccessError');
  if (!key.usages.includes(usage))
    throw exception(`Unable to use this key to ${usage}`, 'InvalidAccessError');
}

/** What of usages a key of that type may have. */
function allowedUsages(name, type, usages) {
  return KEY_USAGES[name][type].filter((one) => usages.includes(one));
}

/** Checks that usages are those of an algorithm, for one or both types of its keys. */
function checkUsages(name, types, usages) {
  if (!Array.isArray(usages)) throw new codes.ERR_INVALID_ARG_TYPE('keyUsages', 'Array', usages);
  const known = types.flatMap((type) => KEY_USAGES[name][type]);
  for (const usage of usages)
    if (!known.includes(usage))
      throw exception(`Unsupported key usage for ${name} key`, 'SyntaxError');
}

/** The bytes of a BufferSource (Web IDL): what other tasks may change meanwhile is none. */
function dataBytes(value, name) {
  const memory = ArrayBuffer.isView(value) ? value.buffer : value;
  if (Object.prototype.toString.call(memory) === '[object SharedArrayBuffer]') {
    const text = `${name} is memory of a SharedArrayBuffer, which is not allowed.`;
    throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  return toBytes(value, name, undefined, BYTES);
}

/** The result of run(); what OpenSSL refuses becomes an OperationError. */
async function operation(run) {
  try {
    return await run();
  } catch (error) {
    const problem = exception(
      'The operation failed for an operation-specific reason',
      'OperationError',
    );
    Object.defineProperty(problem, 'cause', { value: error, configurable: true, writable: true });
    throw problem;
  }
}

module.exports = {
  BLOCK_BITS,
  CURVES,
  HASHES,
  KEY_USAGES,
  allowedUsages,
  checkKey,
  checkUsages,
  dataBytes,
  digestOf,
  exception,
  normalize,
  operation,
};
