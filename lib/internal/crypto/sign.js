'use strict';
// Signatures, and encryption with RSA.
const { Writable } = require('stream');
const { callable } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateString } = require('internal/errors/validators');
const {
  checkDigest,
  digestNumber,
  encode,
  runJob,
  toBuffer,
  toBytes,
} = require('internal/crypto/util');
const { Hash } = require('internal/crypto/hash');
const { handleOf, toPrivateKey, toPublicKey } = require('internal/crypto/keys');
const { constants } = require('internal/crypto/constants');
const native = binding('crypto_sign');

const { RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING } = constants;

function integerOption(options, name) {
  const value = options[name];
  if (value === undefined) return undefined;
  if (value !== value >> 0) throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}`, value);
  return value;
}

const MOST_CONTEXT = 255; // bytes

/** The option `context`, for a key whose signatures can have one. */
function contextOf(options, handle) {
  const context = options?.context;
  if (context === undefined || typeof options !== 'object') return undefined;
  if (!ArrayBuffer.isView(context))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.context',
      ['Buffer', 'TypedArray', 'DataView'],
      context,
    );
  if (context.byteLength === 0) return undefined;
  if (context.byteLength > MOST_CONTEXT)
    throw new codes.ERR_OUT_OF_RANGE(
      'options.context.byteLength',
      `<= ${MOST_CONTEXT}`,
      context.byteLength,
    );
  if (!native.takesContext(handle))
    throw new codes.ERR_CRYPTO_OPERATION_FAILED('Context parameter is unsupported');
  return toBytes(context);
}

/** Padding, length of the salt, and whether signatures are IEEE P1363, from what names the key. */
function scheme(options) {
  if (typeof options !== 'object' || options === null) return [0, undefined, false];
  const { dsaEncoding = 'der' } = options;
  if (dsaEncoding !== 'der' && dsaEncoding !== 'ieee-p1363')
    throw new codes.ERR_INVALID_ARG_VALUE('options.dsaEncoding', dsaEncoding);
  return [
    integerOption(options, 'padding') ?? 0,
    integerOption(options, 'saltLength'),
    dsaEncoding === 'ieee-p1363',
  ];
}

// What Sign and Verify share: a digest that grows.
class Digester extends Writable {
  #algorithm;
  #hash;

  constructor(algorithm, options) {
    validateString(algorithm, 'algorithm');
    super(options);
    if (algorithm === 'DSS1' || algorithm === 'dss1') algorithm = 'sha1'; // of DSA, in older programs
    if (digestNumber(algorithm) === undefined) throw new codes.ERR_CRYPTO_INVALID_DIGEST();
    this.#algorithm = algorithm;
    this.#hash = new Hash(algorithm);
  }

  _write(chunk, encoding, callback) {
    this.update(chunk, encoding);
    callback();
  }

  #digest() {
    if (this.#hash === undefined) throw new codes.ERR_CRYPTO_INVALID_STATE('Not initialised');
    return this.#hash;
  }

  update(data, encoding) {
    this.#digest().update(data, encoding);
    return this;
  }

  /** What comes before the padding in the arguments of native functions. */
  static finish(digester, key) {
    const handle = handleOf(key);
    if (native.isOneShot(handle)) throw new codes.ERR_CRYPTO_UNSUPPORTED_OPERATION();
    const digest = digester.#digest().digest();
    digester.#hash = undefined; // it signs once
    return [handle, digest, true, digester.#algorithm];
  }
}
const { finish } = Digester;
delete Digester.finish;

class Sign extends Digester {
  /** The signature, as a Buffer or as text. */
  sign(options, encoding) {
    if (!options) throw new codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
    const args = [...finish(this, toPrivateKey(options)), ...scheme(options), undefined];
    return encode(runJob(native.sign, args, toBuffer), encoding);
  }
}

class Verify extends Digester {
  /** Whether a signature is right. */
  verify(options, signature, encoding) {
    const key = toPublicKey(options);
    const bytes = toBytes(signature, 'signature', encoding);
    return runJob(
      native.verify,
      [...finish(this, key), ...scheme(options), undefined, bytes],
      Boolean,
    );
  }
}

function oneShotArguments(algorithm, data, key, options) {
  if (algorithm != null) {
    validateString(algorithm, 'algorithm');
    checkDigest(algorithm);
  }
  const bytes = toBytes(data, 'data');
  const handle = handleOf(key(options));
  const context = contextOf(options, handle);
  return [handle, bytes, false, algorithm ?? undefined, ...scheme(options), context];
}

/** The signature of data; with a callback, on a worker. */
function sign(algorithm, data, key, callback) {
  if (!key) throw new codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
  if (callback !== undefined) validateFunction(callback, 'callback');
  return runJob(
    native.sign,
    oneShotArguments(algorithm, data, toPrivateKey, key),
    toBuffer,
    callback,
  );
}

function verify(algorithm, data, key, signature, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const args = oneShotArguments(algorithm, data, toPublicKey, key);
  args.push(toBytes(signature, 'signature'));
  return runJob(native.verify, args, Boolean, callback);
}

function checkOaepHash(name) {
  validateString(name, 'key.oaepHash');
  if (digestNumber(name) !== undefined) return;
  throw Object.assign(new Error('Invalid digest used'), { code: 'ERR_OSSL_EVP_INVALID_DIGEST' });
}

/** A function of RSA by its native one: (key or options, data) → Buffer. */
function rsaFunction(operation, toKey, defaultPadding) {
  return (options, buffer) => {
    const {
      padding = defaultPadding,
      oaepHash,
      oaepLabel,
      encoding,
    } = options !== null && typeof options === 'object' ? options : {};
    if (oaepHash !== undefined) checkOaepHash(oaepHash);
    const label =
      oaepLabel === undefined ? undefined : toBytes(oaepLabel, 'key.oaepLabel', encoding);
    const key = toKey(options);
    if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'rsa-pss')
      throw new codes.ERR_CRYPTO_UNSUPPORTED_OPERATION();
    const data = toBytes(buffer, 'buffer', encoding);
    const oaep = padding === RSA_PKCS1_OAEP_PADDING;
    const args = [
      handleOf(key),
      data,
      padding,
      oaep ? (oaepHash ?? 'sha1') : undefined,
      oaep ? label : undefined,
    ];
    return runJob(operation, args, toBuffer);
  };
}

const publicEncrypt = rsaFunction(native.publicEncrypt, toPublicKey, RSA_PKCS1_OAEP_PADDING);
const publicDecrypt = rsaFunction(native.publicDecrypt, toPublicKey, RSA_PKCS1_PADDING);
const privateEncrypt = rsaFunction(native.privateEncrypt, toPrivateKey, RSA_PKCS1_PADDING);
const decrypt = rsaFunction(native.privateDecrypt, toPrivateKey, RSA_PKCS1_OAEP_PADDING);

function privateDecrypt(options, buffer) {
  try {
    return decrypt(options, buffer);
  } catch (error) {
    if (options?.padding !== RSA_PKCS1_PADDING || error.reason !== 'command not supported')
      throw error;
    // This OpenSSL would tell by its errors whether a padding was right.
    throw new codes.ERR_INVALID_ARG_VALUE(
      'key.padding',
      options.padding,
      'must not be RSA_PKCS1_PADDING for private decryption with this OpenSSL',
    );
  }
}

module.exports = {
  Sign: callable(Sign),
  Verify: callable(Verify),
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  sign,
  verify,
};
