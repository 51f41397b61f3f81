'use strict';
// CryptoKey: a KeyObject with what it may be used for (https://w3c.github.io/webcrypto/#cryptokey-interface).
const { kState, markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');

const token = Symbol('construct');

class CryptoKey {
  static {
    markOpaque(this);
  }
  #key;
  #algorithm;
  #extractable;
  #usages;

  constructor(secret, key, algorithm, extractable, usages) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    this.#key = key;
    this.#algorithm = algorithm;
    this.#extractable = extractable;
    this.#usages = usages;
  }

  get type() {
    return this.#key.type;
  }
  get extractable() {
    return this.#extractable;
  }
  get algorithm() {
    return this.#algorithm;
  }
  get usages() {
    return [...this.#usages];
  }

  [kState]() {
    return [
      'CryptoKey',
      [this.#key[kState]()[1], this.#algorithm, this.#extractable, this.#usages],
    ];
  }

  static keyObject(value) {
    return #key in value ? value.#key : undefined;
  }
}
const { keyObject } = CryptoKey;
delete CryptoKey.keyObject;
Object.defineProperty(CryptoKey.prototype, Symbol.toStringTag, {
  value: 'CryptoKey',
  configurable: true,
});

/** The KeyObject of a CryptoKey, undefined for anything else. */
function keyObjectOf(value) {
  return typeof value === 'object' && value !== null ? keyObject(value) : undefined;
}

function makeCryptoKey(key, algorithm, extractable, usages) {
  return new CryptoKey(token, key, algorithm, extractable, usages);
}

/** A CryptoKey of what kState gave. */
function revive(kind, [key, ...rest]) {
  return makeCryptoKey(require('internal/crypto/keys').revive('KeyObject', key), ...rest);
}

module.exports = { CryptoKey, keyObjectOf, makeCryptoKey, revive };
