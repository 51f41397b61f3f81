'use strict';
// Diffie-Hellman: over numbers (RFC 2631), over curves, and between KeyObjects.
const { Buffer } = require('buffer');
const { callable } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { encode, runJob, toBuffer, toBytes } = require('internal/crypto/util');
const { curveOf, handleOf, toPrivateKey, toPublicKey } = require('internal/crypto/keys');
const { constants } = require('internal/crypto/constants');
const native = binding('crypto_dh');
const { derive } = binding('crypto_sign');
const { fromEc } = binding('crypto_keys');

const DEFAULT_GENERATOR = 2;
// Bits of a prime. OpenSSL computes with so many and no more, and does not look at longer ones at
// all: who gets to choose a prime must not choose how long others compute.
const LEAST_BITS = 2;
const MOST_BITS = 10000;
const MOST_CHECKED_BITS = 32768;
const TOO_LARGE = 256; // DH_MODULUS_TOO_LARGE
// Primes for a generator: what is left of one when it is divided, as OpenSSL chooses it.
const REMAINDERS = { 2: [24, 23], 5: [60, 59] };
const OTHER_REMAINDER = [12, 11];

const numberOf = (bytes) => BigInt(`0x0${toBuffer(bytes).toString('hex')}`);

function tooFar(which) {
  const error = new codes.ERR_CRYPTO_INVALID_KEYLEN();
  error.message = `Supplied key is too ${which}`;
  return error;
}

/** The bits of a number. @param {Uint8Array} bytes */
function bitsOf(bytes) {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first]) - 24);
}

// What DiffieHellman and DiffieHellmanGroup share.
class Exchange {
  #prime;
  #generator;
  #private;
  #public;

  constructor(prime, generator) {
    if (bitsOf(prime) > MOST_CHECKED_BITS)
      throw new codes.ERR_CRYPTO_OPERATION_FAILED('Checking DH parameters failed');
    this.#prime = prime;
    this.#generator = generator;
  }

  static setPrivate(exchange, bytes) {
    exchange.#private = bytes;
  }
  static setPublic(exchange, bytes) {
    exchange.#public = bytes;
  }

  /** Bits of what is wrong with the prime and the generator (constants.DH_…). */
  get verifyError() {
    const tooLarge = bitsOf(this.#prime) > MOST_BITS ? TOO_LARGE : 0;
    return native.problems(this.#prime, this.#generator) | tooLarge;
  }

  /** base ^ the private key, modulo the prime. */
  #power(base, failure) {
    if (bitsOf(this.#prime) > MOST_BITS) throw new codes.ERR_CRYPTO_OPERATION_FAILED(failure);
    return toBuffer(native.power(this.#prime, base, this.#private));
  }

  /** The public key; makes a private one if there is none. */
  generateKeys(encoding) {
    this.#private ??= toBuffer(native.newPrivate(this.#prime));
    this.#public = this.#power(this.#generator, 'Key generation failed');
    return this.getPublicKey(encoding);
  }

  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const other = toBytes(otherPublicKey, 'otherPublicKey', inputEncoding);
    if (this.#private === undefined) throw new codes.ERR_CRYPTO_INVALID_KEYPAIR();
    const number = numberOf(other);
    if (number <= 1n) throw tooFar('small');
    if (number >= numberOf(this.#prime) - 1n) throw tooFar('large');
    return encode(this.#power(other, 'Failed to compute shared secret'), outputEncoding);
  }

  getPrime(encoding) {
    return encode(this.#prime, encoding);
  }
  getGenerator(encoding) {
    return encode(this.#generator, encoding);
  }
  getPublicKey(encoding) {
    if (this.#public === undefined) throw noKey('public');
    return encode(this.#public, encoding);
  }
  getPrivateKey(encoding) {
    if (this.#private === undefined) throw noKey('private');
    return encode(this.#private, encoding);
  }
}
const { setPrivate, setPublic } = Exchange;
delete Exchange.setPrivate;
delete Exchange.setPublic;

function noKey(which) {
  return new codes.ERR_CRYPTO_INVALID_STATE(`No ${which} key - did you forget to generate one?`);
}

const ownBytes = (value, name, encoding) =>
  toBuffer(Uint8Array.from(toBytes(value, name, encoding)));

function generatorBytes(generator, encoding) {
  if (typeof generator !== 'number') return ownBytes(generator, 'generator', encoding);
  validateInt32(generator, 'generator');
  if (generator < 2) throw new codes.ERR_OUT_OF_RANGE('generator', '>= 2', generator);
  let digits = generator.toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  return ownBytes(digits, 'generator', 'hex');
}

function newPrime(bits, generator) {
  validateInt32(bits, 'sizeOrKey');
  if (bits < LEAST_BITS) throw new codes.ERR_OUT_OF_RANGE('sizeOrKey', `>= ${LEAST_BITS}`, bits);
  if (bits > MOST_BITS) {
    const error = new codes.ERR_INVALID_ARG_VALUE('sizeOrKey', bits);
    error.message = 'Invalid DH parameters';
    throw error;
  }
  const number = typeof generator === 'number' ? generator : generator.at(-1);
  const [add, rem] = REMAINDERS[number] ?? OTHER_REMAINDER;
  return toBuffer(native.newPrime(undefined, bits, true, Uint8Array.of(add), Uint8Array.of(rem)));
}

class DiffieHellman extends Exchange {
  /**
   * @param {number | string | ArrayBuffer | ArrayBufferView} sizeOrKey the prime, or its size in bits
   */
  constructor(sizeOrKey, keyEncoding, generator, generatorEncoding) {
    if (typeof keyEncoding !== 'string' && keyEncoding !== undefined) {
      generatorEncoding = generator;
      generator = keyEncoding;
      keyEncoding = undefined;
    }
    generator ||= DEFAULT_GENERATOR;
    const bytes = generatorBytes(generator, generatorEncoding);
    const prime =
      typeof sizeOrKey === 'number'
        ? newPrime(sizeOrKey, bytes)
        : ownBytes(sizeOrKey, 'sizeOrKey', keyEncoding);
    super(prime, bytes);
  }

  setPublicKey(key, encoding) {
    setPublic(this, ownBytes(key, 'key', encoding));
  }
  setPrivateKey(key, encoding) {
    setPrivate(this, ownBytes(key, 'key', encoding));
  }
}

class DiffieHellmanGroup extends Exchange {
  /** @param {string} name modp1, modp2, modp5, modp14 … modp18 */
  constructor(name) {
    validateString(name, 'name');
    const prime = native.prime(name.toLowerCase());
    if (prime === undefined) throw new codes.ERR_CRYPTO_UNKNOWN_DH_GROUP();
    super(toBuffer(prime), ownBytes(Uint8Array.of(DEFAULT_GENERATOR), 'generator'));
  }
}

const FORMS = {
  __proto__: null,
  compressed: constants.POINT_CONVERSION_COMPRESSED,
  uncompressed: constants.POINT_CONVERSION_UNCOMPRESSED,
  hybrid: constants.POINT_CONVERSION_HYBRID,
};

function formOf(format) {
  if (!format) return FORMS.uncompressed;
  const form = FORMS[format] ?? Object.values(FORMS).find((number) => number === format);
  if (form === undefined) throw new codes.ERR_CRYPTO_ECDH_INVALID_FORMAT(format);
  return form;
}

function failed(what) {
  return Object.assign(new Error(what), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
}

class ECDH {
  #curve;
  #private;
  #public; // an uncompressed point

  constructor(curve) {
    this.#curve = curveOf(curve);
  }

  /** A point in another form. */
  static convertKey(key, curve, inputEncoding, outputEncoding, format) {
    const bytes = toBytes(key, 'key', inputEncoding);
    const point = native.convertPoint(curveOf(curve), bytes, formOf(format));
    if (point === undefined) throw failed('Failed to convert Buffer to EC_POINT');
    return encode(toBuffer(point), outputEncoding);
  }

  generateKeys(encoding, format) {
    const form = formOf(format);
    const handle = binding('crypto_generate').ec(undefined, this.#curve, 'named_curve');
    const { d } = binding('crypto_keys').components(handle, true);
    this.#private = toBuffer(d);
    this.#public = native.publicPoint(this.#curve, d);
    return this.#point(encoding, form);
  }

  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const bytes = toBytes(otherPublicKey, 'otherPublicKey', inputEncoding);
    if (this.#private === undefined) throw failed('Failed to compute ECDH key');
    const own = native.publicPoint(this.#curve, this.#private);
    if (Buffer.compare(own, this.#public) !== 0) throw new codes.ERR_CRYPTO_INVALID_KEYPAIR();
    const point = native.convertPoint(this.#curve, bytes, FORMS.uncompressed);
    if (point === undefined) throw new codes.ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY();
    const args = [fromEc(this.#curve, own, this.#private), fromEc(this.#curve, point, undefined)];
    return encode(runJob(derive, args, toBuffer), outputEncoding);
  }

  #point(encoding, form) {
    return encode(toBuffer(native.convertPoint(this.#curve, this.#public, form)), encoding);
  }

  getPublicKey(encoding, format) {
    const form = formOf(format);
    if (this.#public === undefined) throw failed('Failed to get ECDH public key');
    return this.#point(encoding, form);
  }

  getPrivateKey(encoding) {
    if (this.#private === undefined) throw failed('Failed to get ECDH private key');
    return encode(this.#private, encoding);
  }

  setPrivateKey(key, encoding) {
    const bytes = ownBytes(key, 'key', encoding);
    const point = native.publicPoint(this.#curve, bytes);
    if (point === undefined) throw invalidPrivate();
    this.#private = bytes;
    this.#public = point;
  }

  /** Deprecated: the public key follows from the private one. */
  setPublicKey(key, encoding) {
    const point = native.convertPoint(
      this.#curve,
      toBytes(key, 'key', encoding),
      FORMS.uncompressed,
    );
    if (point === undefined) throw failed('Failed to convert Buffer to EC_POINT');
    this.#public = point;
  }
}

function invalidPrivate() {
  const error = new codes.ERR_CRYPTO_INVALID_KEYPAIR();
  error.message = 'Private key is not valid for specified curve.';
  error.code = 'ERR_CRYPTO_INVALID_KEYTYPE';
  return error;
}

const AGREEING = ['dh', 'ec', 'x448', 'x25519'];

/** The secret that a private key shares with another's public one. */
function diffieHellman(options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (options.privateKey == null)
    throw new codes.ERR_INVALID_ARG_VALUE('options.privateKey', options.privateKey);
  if (options.publicKey == null)
    throw new codes.ERR_INVALID_ARG_VALUE('options.publicKey', options.publicKey);
  const privateKey = toPrivateKey(options.privateKey, 'options.privateKey');
  const publicKey = toPublicKey(options.publicKey, 'options.publicKey');
  const [own, other] = [privateKey.asymmetricKeyType, publicKey.asymmetricKeyType];
  if (own !== other || !AGREEING.includes(own))
    throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY(
      'key types for Diffie-Hellman',
      `${own} and ${other}`,
    );
  return runJob(derive, [handleOf(privateKey), handleOf(publicKey)], toBuffer, callback);
}

module.exports = {
  DiffieHellman: callable(DiffieHellman),
  DiffieHellmanGroup: callable(DiffieHellmanGroup),
  ECDH: callable(ECDH),
  diffieHellman,
};
