'use strict';
// The global `crypto` (https://w3c.github.io/webcrypto/).
const { codes } = require('internal/errors/codes');
const random = require('internal/crypto/random');

const MOST_BYTES = 65536; // of one getRandomValues()
const token = Symbol('construct');

const isIntegers = (view) =>
  ArrayBuffer.isView(view) && /^(Big)?(Int|Uint)/.test(view[Symbol.toStringTag]);

const isSharedMemory = (memory) =>
  Object.prototype.toString.call(memory) === '[object SharedArrayBuffer]';

function exception(message, name) {
  const { DOMException } = require('internal/errors/domexception');
  return new DOMException(message, name);
}

class Crypto {
  constructor(secret) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  get subtle() {
    if (this !== crypto) throw new codes.ERR_INVALID_THIS('Crypto');
    return require('internal/crypto/subtle').subtle;
  }

  get CryptoKey() {
    return require('internal/crypto/cryptokey').CryptoKey;
  }

  /** Fills a typed array of integers with random ones, and returns it. */
  getRandomValues(array) {
    if (this !== crypto) throw new codes.ERR_INVALID_THIS('Crypto');
    if (!isIntegers(array))
      throw exception('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    // The standard has it for memory that nobody else changes, in length or in bytes.
    const { buffer } = array;
    if (buffer.resizable || isSharedMemory(buffer))
      throw new codes.ERR_INVALID_ARG_TYPE('data', 'a view of an ArrayBuffer of one size', array);
    if (array.byteLength > MOST_BYTES) {
      const { QuotaExceededError } = require('internal/errors/domexception');
      throw new QuotaExceededError(
        `The requested length exceeds ${MOST_BYTES} bytes: ${array.byteLength}`,
      );
    }
    return random.randomFillSync(array);
  }

  /** A UUID of version 4. */
  randomUUID() {
    if (this !== crypto) throw new codes.ERR_INVALID_THIS('Crypto');
    return random.randomUUID();
  }
}
Object.defineProperty(Crypto.prototype, Symbol.toStringTag, {
  value: 'Crypto',
  configurable: true,
});

const crypto = new Crypto(token);

module.exports = { Crypto, crypto, webcrypto: crypto };
