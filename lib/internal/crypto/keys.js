'use strict';
// KeyObject, and keys as arguments: PEM, DER, JWK, KeyObject, CryptoKey.
const { kState, markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');
const { validateObject, validateOneOf, validateString } = require('internal/errors/validators');
const { Buffer } = require('buffer');
const { isArrayBuffer } = require('internal/buffer/view');
const { TEXT_OR_BYTES, toBuffer, toBytes } = require('internal/crypto/util');
const { exportJwk, importJwk, importSecretJwk } = require('internal/crypto/jwk');
const native = binding('crypto_keys');

const KEYS = [...TEXT_OR_BYTES, 'KeyObject', 'CryptoKey'];
const token = Symbol('construct');

const isRaw = (format) => typeof format === 'string' && format.startsWith('raw-');
const rawKeys = () => require('internal/crypto/raw_keys');

// How keys go to where they are cloned.
const FORMATS = {
  secret: undefined,
  public: { format: 'der', type: 'spki' },
  private: { format: 'der', type: 'pkcs8' },
};

/** A key in no particular encoding; `type` is secret, public or private. */
class KeyObject {
  static {
    markOpaque(this);
  }
  #type;

  constructor(type, secret) {
    if (secret !== token) {
      validateOneOf(type, 'type', ['secret', 'public', 'private']);
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
    this.#type = type;
  }

  get type() {
    return this.#type;
  }

  /** The KeyObject of a CryptoKey. */
  static from(key) {
    const found = fromCryptoKey(key);
    if (found === undefined) throw new codes.ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
    return found;
  }

  [kState]() {
    return ['KeyObject', [this.#type, this.export(FORMATS[this.#type])]];
  }

  /**
   * The same key for the Web Crypto API.
   * @param {string | object} algorithm
   * @param {boolean} extractable
   * @param {string[]} usages
   */
  toCryptoKey(algorithm, extractable, usages) {
    const { toCryptoKey } = require('internal/crypto/subtle_keys');
    return toCryptoKey(this, algorithm, extractable, usages);
  }

  /** Whether another KeyObject is the same key. */
  equals(other) {
    if (!(other instanceof KeyObject))
      throw new codes.ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', other);
    if (other.type !== this.type) return false;
    if (this.type !== 'secret') return native.equal(handleOf(this), handleOf(other));
    const [one, two] = [bytesOf(this), bytesOf(other)];
    return one.length === two.length && binding('crypto_random').equal(one, two);
  }
}
Object.defineProperty(KeyObject.prototype, Symbol.toStringTag, {
  value: 'KeyObject',
  configurable: true,
});

class SecretKeyObject extends KeyObject {
  #bytes;

  /** bytes become the key's own. */
  constructor(bytes) {
    super('secret', token);
    this.#bytes = bytes;
  }

  static bytes(key) {
    return key.#bytes;
  }

  /** In bytes. */
  get symmetricKeySize() {
    return this.#bytes.length;
  }

  export(options) {
    if (options !== undefined) {
      validateObject(options, 'options');
      if (options.format !== undefined)
        validateOneOf(options.format, 'options.format', [undefined, 'buffer', 'jwk']);
      if (options.format === 'jwk') return { kty: 'oct', k: this.#bytes.toString('base64url') };
    }
    return Buffer.from(this.#bytes);
  }
}
const bytesOf = SecretKeyObject.bytes;
delete SecretKeyObject.bytes;

class AsymmetricKeyObject extends KeyObject {
  #handle;
  #keyType;
  #details;

  constructor(type, handle) {
    super(type, token);
    this.#handle = handle;
  }

  static handle(key) {
    return key.#handle;
  }

  get asymmetricKeyType() {
    return (this.#keyType ??= native.type(this.#handle));
  }

  get asymmetricKeyDetails() {
    this.#details ??= readDetails(this.#handle);
    return { ...this.#details };
  }
}
const handleOf = AsymmetricKeyObject.handle;
delete AsymmetricKeyObject.handle;

function readDetails(handle) {
  const { modulusLength, publicExponent, ...others } = native.details(handle);
  if (publicExponent === undefined)
    return modulusLength === undefined ? others : { modulusLength, ...others };
  for (const name of ['hashAlgorithm', 'mgf1HashAlgorithm'])
    if (others[name] !== undefined)
      others[name] = others[name].toLowerCase().replace('sha2-', 'sha');
  return { modulusLength, publicExponent: BigInt(`0x${publicExponent}`), ...others };
}

class PublicKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('public', handle);
  }

  export(options) {
    validateObject(options, 'options');
    if (options.format === 'jwk') return exportJwk(this, handleOf(this));
    if (isRaw(options.format)) return rawKeys().exportRaw(this, handleOf(this), options);
    return formatKey(this, options, ['pkcs1', 'spki']);
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('private', handle);
  }

  export(options) {
    validateObject(options, 'options');
    if (options.format === 'jwk') {
      if (options.passphrase !== undefined)
        throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('jwk', 'does not support encryption');
      return exportJwk(this, handleOf(this));
    }
    if (isRaw(options.format)) return rawKeys().exportRaw(this, handleOf(this), options);
    return formatKey(this, options, ['pkcs1', 'pkcs8', 'sec1']);
  }
}

const ONLY_FOR = { pkcs1: ['rsa', 'RSA'], sec1: ['ec', 'EC'] };

function formatKey(key, { format, type, cipher, passphrase, encoding }, types, prefix = 'options') {
  if (!['pem', 'der', 'jwk'].includes(format))
    throw new codes.ERR_INVALID_ARG_VALUE(`${prefix}.format`, format);
  if (!types.includes(type)) throw new codes.ERR_INVALID_ARG_VALUE(`${prefix}.type`, type);
  if (ONLY_FOR[type] !== undefined && key.asymmetricKeyType !== ONLY_FOR[type][0]) {
    throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(
      type,
      `can only be used for ${ONLY_FOR[type][1]} keys`,
    );
  }
  const isPrivate = key.type === 'private';
  if (!isPrivate) cipher = passphrase = undefined; // public keys are not encrypted
  let secret;
  if (cipher != null) {
    validateString(cipher, `${prefix}.cipher`);
    if (format === 'der' && type !== 'pkcs8')
      throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'does not support encryption');
    secret = toBytes(passphrase, `${prefix}.passphrase`, encoding);
  } else if (passphrase !== undefined) {
    throw new codes.ERR_INVALID_ARG_VALUE(`${prefix}.cipher`, cipher);
  }
  const bytes = toBuffer(
    native.format(handleOf(key), isPrivate, format, type, cipher ?? undefined, secret),
  );
  return format === 'pem' ? bytes.toString() : bytes;
}

/** A key as generateKeyPair() gives it: encoded if options say how, else itself. */
function encodeKey(key, options, name) {
  if (options === undefined) return key;
  if (options.format === 'jwk') return key.export({ format: 'jwk' });
  if (isRaw(options.format)) return rawKeys().exportRaw(key, handleOf(key), options, name);
  const types = key.type === 'public' ? ['pkcs1', 'spki'] : ['pkcs1', 'pkcs8', 'sec1'];
  return formatKey(key, options, types, name);
}

// ---- Keys as arguments

function fromCryptoKey(key) {
  return require('internal/crypto/cryptokey').keyObjectOf(key);
}

/** The KeyObject of an argument that is one, or a CryptoKey; undefined for others. */
function existingKey(key) {
  if (key instanceof KeyObject) return key;
  if (typeof key !== 'object' || key === null || ArrayBuffer.isView(key)) return undefined;
  return fromCryptoKey(key);
}

const isEncoded = (key) => typeof key === 'string' || ArrayBuffer.isView(key) || isArrayBuffer(key);

const PRIVATE_RAW = ['raw-private', 'raw-seed'];
const TYPES = { true: ['pkcs1', 'pkcs8', 'sec1'], false: ['pkcs1', 'spki'] };

function parse(isPrivate, key, { format = 'pem', type, passphrase, encoding } = {}, name = 'key') {
  if (!isEncoded(key)) throw new codes.ERR_INVALID_ARG_TYPE(name, KEYS, key);
  if (format !== 'pem' && format !== 'der')
    throw new codes.ERR_INVALID_ARG_VALUE('key.format', format);
  if (
    format === 'der'
      ? !TYPES[isPrivate].includes(type)
      : type !== undefined && !TYPES.true.includes(type) && type !== 'spki'
  )
    throw new codes.ERR_INVALID_ARG_VALUE('key.type', type);
  const secret =
    passphrase == null ? undefined : toBytes(passphrase, 'options.passphrase', encoding);
  return native.parse(isPrivate, toBytes(key, name, encoding), format, type, secret);
}

/** @returns {PrivateKeyObject} of what a function got as its private key */
function toPrivateKey(input, name = 'key') {
  if (isEncoded(input)) return new PrivateKeyObject(parse(true, input));
  const options =
    existingKey(input) === undefined && typeof input === 'object' ? input : { key: input };
  const found = existingKey(options?.key);
  if (found !== undefined) {
    if (found.type === 'private') return found;
    throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(found.type, 'private');
  }
  if (options?.format === 'jwk') return new PrivateKeyObject(importJwk(options.key, true));
  if (PRIVATE_RAW.includes(options?.format))
    return new PrivateKeyObject(rawKeys().importRaw(options, `${name}.key`, curveOf));
  if (!options || !('key' in options) || options.key === input)
    throw new codes.ERR_INVALID_ARG_TYPE(name, KEYS, input);
  return new PrivateKeyObject(parse(true, options.key, options, `${name}.key`));
}

/** The public half of a private key. */
function publicHalf(key) {
  return new PublicKeyObject(native.toPublic(handleOf(key)));
}

/** @returns {PublicKeyObject} of what a function got as its public key, which may be a private one */
function toPublicKey(input, name = 'key') {
  if (isEncoded(input)) return new PublicKeyObject(parse(false, input));
  const options =
    existingKey(input) === undefined && typeof input === 'object' ? input : { key: input };
  const found = existingKey(options?.key);
  if (found !== undefined) {
    if (found.type === 'public') return found;
    if (found.type === 'private') return publicHalf(found);
    throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(found.type, 'private or public');
  }
  if (options?.format === 'jwk') return new PublicKeyObject(importJwk(options.key, false));
  if (PRIVATE_RAW.includes(options?.format)) return publicHalf(toPrivateKey(options, name));
  if (options?.format === 'raw-public')
    return new PublicKeyObject(rawKeys().importRaw(options, `${name}.key`, curveOf));
  if (!options || !('key' in options) || options.key === input)
    throw new codes.ERR_INVALID_ARG_TYPE(name, KEYS, input);
  const isPrivate = options.format === 'der' && ['pkcs8', 'sec1'].includes(options.type);
  const handle = parse(isPrivate, options.key, options, `${name}.key`);
  return new PublicKeyObject(isPrivate ? native.toPublic(handle) : handle);
}

// ---- The module's functions

/** A key of bytes, for HMAC and ciphers. */
function createSecretKey(key, encoding) {
  if (typeof key === 'object' && key !== null && encoding?.format === 'jwk')
    return importSecret(key);
  const bytes = toBytes(key, 'key', encoding);
  return new SecretKeyObject(Buffer.from(bytes));
}

function importSecret(jwk) {
  return new SecretKeyObject(importSecretJwk(jwk));
}

function createPrivateKey(key) {
  return toPrivateKey(key);
}

/** A public key; from a private one its public half. */
function createPublicKey(key) {
  const object = key instanceof KeyObject ? key : undefined;
  if (object !== undefined && object.type !== 'private')
    throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(object.type, 'private');
  return toPublicKey(key);
}

/** The bytes of a secret key given as text, bytes, KeyObject or CryptoKey. */
function secretKeyBytes(key, encoding, name) {
  const found = existingKey(key);
  if (found === undefined) return toBytes(key, name, encoding, KEYS);
  if (found.type !== 'secret')
    throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(found.type, 'secret');
  return bytesOf(found);
}

let curves;
function getCurves() {
  curves ??= native.curves();
  return [...curves];
}

const NIST_CURVES = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };

/** OpenSSL's name of a curve that an argument names. */
function curveOf(name, argument = 'curve') {
  validateString(name, argument);
  const known = NIST_CURVES[name] ?? name;
  if (!getCurves().includes(known)) throw new codes.ERR_CRYPTO_INVALID_CURVE();
  return known;
}

/** A KeyObject of what kState gave. */
function revive(kind, [type, key]) {
  if (type === 'secret') return createSecretKey(key);
  const create = type === 'public' ? createPublicKey : createPrivateKey;
  return create({ key, ...FORMATS[type] });
}

module.exports = {
  KeyObject,
  PrivateKeyObject,
  PublicKeyObject,
  SecretKeyObject,
  bytesOf,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  curveOf,
  encodeKey,
  existingKey,
  getCurves,
  handleOf,
  publicHalf,
  revive,
  secretKeyBytes,
  toPrivateKey,
  toPublicKey,
};
