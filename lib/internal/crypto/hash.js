'use strict';
// Hash and Hmac, and hash() for what is there at once.
const { callable } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const { validateObject, validateString, validateUint32 } = require('internal/errors/validators');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { LazyTransform } = require('internal/crypto/lazy_transform');
const { digestNumber, encode, toBytes } = require('internal/crypto/util');
const { secretBytes } = require('internal/crypto/secret');
const native = binding('crypto_hash');

const INPUT = ['string', 'Buffer', 'TypedArray', 'DataView'];

function inputBytes(data, encoding) {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data))
    throw new codes.ERR_INVALID_ARG_TYPE('data', INPUT, data);
  return toBytes(data, 'data', encoding);
}

const sizes = []; // of digests, bytes, by number
function sizeOf(number) {
  return (sizes[number] ??= native.digestSize(number));
}

const unsupported = (what) => new Error(`Digest method ${what}`);

function warnOfLength() {
  require('internal/process/warnings').deprecated(
    'DEP0198',
    'Creating SHAKE128/256 digests without an explicit options.outputLength is deprecated.',
  );
}

/** A digest that is made step by step, or as a stream. */
class Hash extends LazyTransform {
  #handle;
  #size;
  #digest; // what a stream that has ended pushed
  #finished = false;

  /**
   * @param {string | Hash} algorithm a name, or the hash whose state the new one begins with
   * @param {{ outputLength?: number } & object} [options] outputLength in bytes, for XOF digests
   */
  constructor(algorithm, options) {
    super(options);
    const length = options?.outputLength;
    if (length !== undefined) validateUint32(length, 'options.outputLength');
    if (algorithm instanceof Hash) {
      this.#size = length ?? algorithm.#size;
      this.#handle = native.copyHash(algorithm.#handle);
      return;
    }
    validateString(algorithm, 'algorithm');
    const number = digestNumber(algorithm);
    if (number === undefined) throw unsupported('not supported');
    this.#size = length ?? sizeOf(number);
    if (length === undefined && /^shake-?(128|256)$/i.test(algorithm)) warnOfLength();
    this.#handle = native.hash(number, this.#size);
  }

  /** A hash that goes on from the same state. */
  copy(options) {
    if (this.#finished || this.#digest !== undefined) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    return new Hash(this, options);
  }

  update(data, encoding) {
    if (this.#finished) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    if (!native.updateHash(this.#handle, inputBytes(data, encoding)))
      throw new codes.ERR_CRYPTO_HASH_UPDATE_FAILED();
    return this;
  }

  /** The digest, as a Buffer or as text; once. */
  digest(encoding) {
    if (this.#finished) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    const result = this.#finish();
    this.#finished = true;
    return encode(result, encoding);
  }

  #finish() {
    if (this.#digest !== undefined) return this.#digest;
    const result = new FastBuffer(this.#size);
    native.finishHash(this.#handle, result);
    return result;
  }

  _transform(chunk, encoding, callback) {
    native.updateHash(this.#handle, toBytes(chunk, 'chunk', encoding));
    callback();
  }

  _flush(callback) {
    this.#digest = this.#finish();
    this.push(this.#digest);
    callback();
  }
}

/** A digest with a key (RFC 2104). */
class Hmac extends LazyTransform {
  #handle;
  #size;
  #digest;
  #finished = false;

  constructor(algorithm, key, options) {
    super(options);
    validateString(algorithm, 'hmac');
    const bytes = secretBytes(key, options?.encoding);
    const number = digestNumber(algorithm);
    if (number === undefined) throw new codes.ERR_CRYPTO_INVALID_DIGEST(algorithm);
    this.#size = sizeOf(number);
    this.#handle = native.hmac(number, bytes);
  }

  update(data, encoding) {
    if (this.#finished) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    if (!native.updateHmac(this.#handle, inputBytes(data, encoding)))
      throw new codes.ERR_CRYPTO_HASH_UPDATE_FAILED();
    return this;
  }

  /** The digest; empty if it was asked for before, as in Node. */
  digest(encoding) {
    const result = this.#finished ? new FastBuffer(0) : this.#finish();
    this.#finished = true;
    return encode(result, encoding);
  }

  #finish() {
    if (this.#digest !== undefined) return this.#digest;
    const result = new FastBuffer(this.#size);
    native.finishHmac(this.#handle, result);
    return result;
  }

  _transform(chunk, encoding, callback) {
    native.updateHmac(this.#handle, toBytes(chunk, 'chunk', encoding));
    callback();
  }

  _flush(callback) {
    this.#digest = this.#finish();
    this.push(this.#digest);
    callback();
  }
}

/** A digest of another length than its own, which only XOF digests have. */
function ofLength(algorithm, number, bytes, length) {
  if (!/^shake/i.test(algorithm))
    throw new Error(
      `Output length ${length} is invalid for ${algorithm}, which does not support XOF`,
    );
  if (length === 0) return new FastBuffer(0);
  return new Hash(algorithm, { outputLength: length }).update(bytes).digest();
}

/** The digest of data: `createHash(algorithm).update(data).digest(encoding)` at less cost. */
function hash(algorithm, data, options = 'hex') {
  validateString(algorithm, 'algorithm');
  const bytes = inputBytes(data);
  if (typeof options !== 'string') validateObject(options, 'options');
  const encoding = typeof options === 'string' ? options : (options?.outputEncoding ?? 'hex');
  validateString(encoding, 'outputEncoding');
  if (encoding !== 'buffer' && !require('buffer').Buffer.isEncoding(encoding))
    throw new codes.ERR_INVALID_ARG_VALUE('outputEncoding', encoding);
  const number = digestNumber(algorithm);
  if (number === undefined) throw unsupported(`${algorithm} is not supported`);
  const length = typeof options === 'string' ? undefined : options?.outputLength;
  if (length !== undefined) {
    validateUint32(length, 'outputLength');
    if (length !== sizeOf(number))
      return encode(ofLength(algorithm, number, bytes, length), encoding);
  } else if (/^shake-?(128|256)$/i.test(algorithm)) warnOfLength();
  const result = new FastBuffer(sizeOf(number));
  native.oneShot(number, bytes, result);
  return encode(result, encoding);
}

let names;
function getHashes() {
  names ??= native.names();
  return [...names];
}

module.exports = { Hash: callable(Hash), Hmac: callable(Hmac), getHashes, hash };
