'use strict';
// SubtleCrypto (https://w3c.github.io/webcrypto/#subtlecrypto-interface). What takes long runs on
// a worker.
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const { validateInteger, validateOneOf } = require('internal/errors/validators');
const { promiseJob, toArrayBuffer } = require('internal/crypto/util');
const { Hmac, hash } = require('internal/crypto/hash');
const { Cipheriv, Decipheriv } = require('internal/crypto/cipher');
const { hkdfJob } = require('internal/crypto/kdf');
const { timingSafeEqual } = require('internal/crypto/random');
const { handleOf, secretKeyBytes } = require('internal/crypto/keys');
const { keyObjectOf } = require('internal/crypto/cryptokey');
const { constants } = require('internal/crypto/constants');
const support = require('internal/crypto/subtle_support');
const keys = require('internal/crypto/subtle_keys');
const { pbkdf2: pbkdf2Job } = binding('crypto_random');
const native = binding('crypto_sign');

const { HASHES, checkKey, dataBytes, digestOf, exception, normalize, operation } = support;
const token = Symbol('construct');
const GCM_TAG_BITS = [32, 64, 96, 104, 112, 120, 128];
const { RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;

const handle = (key) => handleOf(keyObjectOf(key));
const copy = (bytes) => toArrayBuffer(Uint8Array.from(bytes));

// ---- Encryption

// RFC 3394, section 2.2.3.1
const WRAP_IV = new Uint8Array(8).fill(0xa6);

function aesOptions(algorithm, key) {
  if (algorithm.name === 'AES-KW') return { name: `aes${key.algorithm.length}-wrap`, iv: WRAP_IV };
  const name = `aes-${key.algorithm.length}-${algorithm.name.slice('AES-'.length).toLowerCase()}`;
  if (algorithm.name === 'AES-CTR') {
    validateInteger(algorithm.length, 'algorithm.length', 1, 128);
    // OpenSSL counts with all 128 bits: a shorter counter must not come to its end.
    return { name, iv: dataBytes(algorithm.counter, 'algorithm.counter') };
  }
  const iv = dataBytes(algorithm.iv, 'algorithm.iv');
  if (algorithm.name !== 'AES-GCM') return { name, iv };
  const { tagLength = 128, additionalData } = algorithm;
  if (!GCM_TAG_BITS.includes(tagLength))
    throw exception(`${tagLength} is not a valid AES-GCM tag length`, 'OperationError');
  return {
    name,
    iv,
    tag: tagLength / 8,
    aad:
      additionalData === undefined
        ? undefined
        : dataBytes(additionalData, 'algorithm.additionalData'),
  };
}

function checkCounter(algorithm, iv, size) {
  if (algorithm.name !== 'AES-CTR' || algorithm.length === 128) return;
  const values = 1n << BigInt(algorithm.length);
  const start = BigInt(`0x${Buffer.from(iv).toString('hex')}`) & (values - 1n);
  if (start + BigInt(Math.ceil(size / 16)) > values)
    throw exception('The counter would wrap around', 'OperationError');
}

function aesEncrypt(algorithm, key, data) {
  const { name, iv, tag, aad } = aesOptions(algorithm, key);
  checkCounter(algorithm, iv, data.length);
  const cipher = new Cipheriv(name, keyObjectOf(key), iv, { authTagLength: tag });
  if (aad !== undefined) cipher.setAAD(aad);
  const parts = [cipher.update(data), cipher.final()];
  if (tag !== undefined) parts.push(cipher.getAuthTag());
  return copy(Buffer.concat(parts));
}

function aesDecrypt(algorithm, key, data) {
  const { name, iv, tag, aad } = aesOptions(algorithm, key);
  checkCounter(algorithm, iv, data.length);
  const end = data.length - (tag ?? 0);
  if (end < 0) throw exception('The provided data is too small', 'OperationError');
  const decipher = new Decipheriv(name, keyObjectOf(key), iv, { authTagLength: tag });
  if (aad !== undefined) decipher.setAAD(aad);
  if (tag !== undefined) decipher.setAuthTag(data.subarray(end));
  return copy(Buffer.concat([decipher.update(data.subarray(0, end)), decipher.final()]));
}

function rsaOaep(job, algorithm, key, data) {
  const label =
    algorithm.label === undefined ? undefined : dataBytes(algorithm.label, 'algorithm.label');
  const args = [handle(key), data, RSA_PKCS1_OAEP_PADDING, digestOf(key.algorithm), label];
  return promiseJob(job, args, toArrayBuffer);
}

const CIPHERS = ['AES-CBC', 'AES-CTR', 'AES-GCM', 'RSA-OAEP'];

function crypt(encrypts, algorithm, key, data, usage) {
  algorithm = normalize(algorithm, usage.endsWith('Key') ? [...CIPHERS, 'AES-KW'] : CIPHERS);
  checkKey(key, algorithm.name, usage);
  const bytes = dataBytes(data, 'data');
  if (algorithm.name === 'RSA-OAEP')
    return operation(() =>
      rsaOaep(encrypts ? native.publicEncrypt : native.privateDecrypt, algorithm, key, bytes),
    );
  if (algorithm.name === 'AES-GCM') aesOptions(algorithm, key); // throws what is not OpenSSL's
  return operation(() => (encrypts ? aesEncrypt : aesDecrypt)(algorithm, key, bytes));
}

// ---- Signatures

const MOST_CONTEXT = 255; // bytes
const SIGNERS = ['HMAC', 'ECDSA', 'Ed25519', 'Ed448', 'RSASSA-PKCS1-v1_5', 'RSA-PSS'];

/** The arguments of native functions for a signature, without the callback. */
function signArguments(algorithm, key, bytes) {
  const { name } = algorithm;
  const digest = name.startsWith('Ed')
    ? undefined
    : digestOf(name === 'ECDSA' ? algorithm : key.algorithm);
  const padding =
    { 'RSASSA-PKCS1-v1_5': RSA_PKCS1_PADDING, 'RSA-PSS': RSA_PKCS1_PSS_PADDING }[name] ?? 0;
  const salt = name === 'RSA-PSS' ? algorithm.saltLength : undefined;
  if (name === 'RSA-PSS') validateInteger(salt, 'algorithm.saltLength', 0, 2 ** 31 - 1);
  const context = name === 'Ed448' ? contextOf(algorithm, key) : undefined;
  return [handle(key), bytes, false, digest, padding, salt, name === 'ECDSA', context];
}

/** What a signature is for; undefined if that is nothing. */
function contextOf({ context }, key) {
  if (context === undefined) return undefined;
  const bytes = dataBytes(context, 'algorithm.context');
  if (bytes.length === 0) return undefined;
  if (bytes.length > MOST_CONTEXT)
    throw exception(`A context has at most ${MOST_CONTEXT} bytes`, 'OperationError');
  if (!native.takesContext(handle(key)))
    throw exception('Non zero-length context is not supported', 'NotSupportedError');
  return bytes;
}

const hmac = (key, bytes) =>
  new Hmac(digestOf(key.algorithm), keyObjectOf(key)).update(bytes).digest();

function sign(algorithm, key, data) {
  algorithm = normalize(algorithm, SIGNERS);
  checkKey(key, algorithm.name, 'sign');
  const bytes = dataBytes(data, 'data');
  if (algorithm.name === 'HMAC') return copy(hmac(key, bytes));
  const args = signArguments(algorithm, key, bytes);
  return operation(() => promiseJob(native.sign, args, toArrayBuffer));
}

function verify(algorithm, key, signature, data) {
  algorithm = normalize(algorithm, SIGNERS);
  checkKey(key, algorithm.name, 'verify');
  const expected = dataBytes(signature, 'signature');
  const bytes = dataBytes(data, 'data');
  if (algorithm.name === 'HMAC') {
    const made = hmac(key, bytes);
    return made.length === expected.length && timingSafeEqual(made, expected);
  }
  const args = [...signArguments(algorithm, key, bytes), expected];
  return operation(() => promiseJob(native.verify, args, Boolean));
}

// ---- Derivation

const DERIVERS = ['PBKDF2', 'HKDF', 'ECDH', 'X25519', 'X448'];

function checkBits(length) {
  if (!Number.isInteger(length) || length < 0)
    throw exception('length cannot be null', 'OperationError');
  if (length % 8 !== 0) throw exception('length must be a multiple of 8', 'OperationError');
  return length / 8;
}

async function agree(algorithm, key, length) {
  const peer = algorithm.public;
  const object = keyObjectOf(peer);
  if (object === undefined)
    throw new codes.ERR_INVALID_ARG_TYPE('algorithm.public', 'CryptoKey', peer);
  if (object.type !== 'public' || peer.algorithm.name !== algorithm.name)
    throw exception(
      'algorithm.public must be a public key of the same algorithm',
      'InvalidAccessError',
    );
  if (peer.algorithm.namedCurve !== key.algorithm.namedCurve)
    throw exception('Named curve mismatch', 'InvalidAccessError');
  const secret = await operation(() =>
    promiseJob(native.derive, [handle(key), handle(peer)], toArrayBuffer),
  );
  if (length == null) return secret;
  const size = checkBits(length);
  if (secret.byteLength < size)
    throw exception('derived bit length is too small', 'OperationError');
  return secret.slice(0, size);
}

async function derive(algorithm, key, length) {
  const { name } = algorithm;
  if (name === 'ECDH' || name.startsWith('X')) return agree(algorithm, key, length);
  const size = checkBits(length);
  const secret = secretKeyBytes(keyObjectOf(key));
  const salt = dataBytes(algorithm.salt, 'algorithm.salt');
  const digest = digestOf(algorithm);
  if (name === 'HKDF') {
    const info = dataBytes(algorithm.info, 'algorithm.info');
    return operation(() => promiseJob(hkdfJob, [secret, salt, info, size, digest], toArrayBuffer));
  }
  const { iterations } = algorithm;
  validateInteger(iterations, 'algorithm.iterations', 1, 2 ** 31 - 1);
  return operation(() =>
    promiseJob(pbkdf2Job, [secret, salt, iterations, size, digest], toArrayBuffer),
  );
}

function deriveFor(usage, algorithm, key, length) {
  algorithm = normalize(algorithm, DERIVERS);
  checkKey(key, algorithm.name, usage);
  return derive(algorithm, key, length);
}

class SubtleCrypto {
  constructor(secret) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  async digest(algorithm, data) {
    const { name } = normalize(algorithm, Object.keys(HASHES));
    return copy(hash(HASHES[name], dataBytes(data, 'data'), 'buffer'));
  }

  async encrypt(algorithm, key, data) {
    return crypt(true, algorithm, key, data, 'encrypt');
  }
  async decrypt(algorithm, key, data) {
    return crypt(false, algorithm, key, data, 'decrypt');
  }
  async sign(algorithm, key, data) {
    return sign(algorithm, key, data);
  }
  async verify(algorithm, key, signature, data) {
    return verify(algorithm, key, signature, data);
  }

  async generateKey(algorithm, extractable, keyUsages) {
    return keys.generateKey(algorithm, extractable, keyUsages);
  }
  async importKey(format, keyData, algorithm, extractable, keyUsages) {
    return keys.importKey(format, keyData, algorithm, extractable, keyUsages);
  }
  async exportKey(format, key) {
    return keys.exportKey(format, key);
  }

  /** length in bits. */
  async deriveBits(algorithm, baseKey, length = null) {
    return deriveFor('deriveBits', algorithm, baseKey, length);
  }

  async deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
    const type = normalize(derivedKeyType);
    const bits = await deriveFor('deriveKey', algorithm, baseKey, keys.secretBits(type));
    return keys.importKey('raw', bits, type, extractable, keyUsages);
  }

  async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
    const exported = keys.exportKey(format, key);
    const bytes = format === 'jwk' ? Buffer.from(JSON.stringify(exported)) : exported;
    return crypt(true, wrapAlgorithm, wrappingKey, bytes, 'wrapKey');
  }

  async unwrapKey(
    format,
    wrappedKey,
    unwrappingKey,
    unwrapAlgo,
    unwrappedKeyAlgo,
    extractable,
    keyUsages,
  ) {
    validateOneOf(format, 'format', ['raw', 'pkcs8', 'spki', 'jwk']);
    const bytes = await crypt(false, unwrapAlgo, unwrappingKey, wrappedKey, 'unwrapKey');
    let data = bytes;
    if (format === 'jwk') {
      try {
        data = JSON.parse(Buffer.from(bytes).toString());
      } catch {
        throw exception('Invalid wrapped JWK key', 'DataError');
      }
    }
    return keys.importKey(format, data, unwrappedKeyAlgo, extractable, keyUsages);
  }
}

/** A method as Web IDL has it: it rejects where `this` is another object, or arguments are missing. */
function checked(name, method) {
  const required = method.length;
  const { call } = {
    async call(...args) {
      if (!(this instanceof SubtleCrypto)) throw new codes.ERR_INVALID_THIS('SubtleCrypto');
      if (args.length < required) {
        const text = `Failed to execute '${name}' on 'SubtleCrypto': ${required} arguments required, but only ${args.length} present.`;
        throw Object.assign(new TypeError(text), { code: 'ERR_MISSING_ARGS' });
      }
      return Reflect.apply(method, this, args);
    },
  };
  Object.defineProperty(call, 'name', { value: name });
  Object.defineProperty(call, 'length', { value: required });
  return call;
}
for (const name of Object.getOwnPropertyNames(SubtleCrypto.prototype)) {
  if (name === 'constructor') continue;
  const value = checked(name, SubtleCrypto.prototype[name]);
  Object.defineProperty(SubtleCrypto.prototype, name, { value, enumerable: true });
}
Object.defineProperty(SubtleCrypto.prototype, Symbol.toStringTag, {
  value: 'SubtleCrypto',
  configurable: true,
});

module.exports = { SubtleCrypto, subtle: new SubtleCrypto(token) };
