'use strict';
// Numbers of values, by which values are found that may be deep-equal: those that are have the same one.
const types = require('util/types');
const { kindOf } = require('internal/util/object_kinds');
const kindTag = (value) => Object.prototype.toString.call(value);

const DEEPEST = 16; // objects inside objects that have a part in a digest
const MOST = 1024; // elements of a list, characters of a text, bytes

// Numbers that nobody outside can choose values for.
const SEED = (Math.random() * 2 ** 32) | 0;
function mix(a, b) {
  let hash = Math.imul(a ^ (b + SEED), 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** @param {(index: number) => number} at of so many elements, some of which are asked for */
function ofList(length, at) {
  let hash = mix(1, length);
  const step = Math.ceil(length / MOST);
  for (let i = 0; i < length; i += step) hash = mix(hash, at(i));
  return hash;
}

const ofText = (text) => ofList(text.length, (index) => text.charCodeAt(index));

function ofNumber(number) {
  const whole = number | 0;
  return whole === number ? mix(2, whole) : ofText(String(number));
}

function ofBytes(value) {
  const bytes = new Uint8Array(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength);
  return ofList(bytes.length, (index) => bytes[index]);
}

const NONE = mix(3, 0);

/** Of what is no object, and equal to itself alone. @returns {number} */
function ofExact(value) {
  switch (typeof value) {
    case 'number':
      return ofNumber(value);
    case 'string':
      return ofText(value);
    case 'boolean':
      return mix(4, value);
    case 'bigint':
      return ofNumber(Number(BigInt.asIntN(53, value)));
    default:
      return NONE; // others are equal to themselves
  }
}

class Digests {
  #strict;
  #known = []; // by depth: object -> digest

  /** @param {boolean} strict whether values are compared as assert.deepStrictEqual() does */
  constructor(strict) {
    this.#strict = strict;
  }

  /** @returns {number} */
  of(value) {
    return this.#of(value, 0);
  }
  /** Of a key with its value. @param {[key: unknown, value: unknown]} entry */
  ofEntry(entry) {
    return this.#ofEntry(entry, 0);
  }

  #of(value, depth) {
    if (typeof value === 'object' && value !== null) return this.#ofKnown(value, depth);
    return this.#strict ? ofExact(value) : this.#ofAlike(value);
  }

  // `==` makes numbers of strings, bigints and booleans.
  #ofAlike(value) {
    if (value == null || typeof value === 'symbol' || typeof value === 'function') return NONE;
    const number = Number(value);
    return number !== number && typeof value === 'string' ? ofText(value) : ofNumber(number);
  }

  #ofKnown(object, depth) {
    if (depth === DEEPEST) return NONE;
    const known = (this.#known[depth] ??= new Map());
    let digest = known.get(object);
    if (digest === undefined) {
      digest = this.#ofObject(object, depth + 1);
      known.set(object, digest);
    }
    return digest;
  }

  #ofObject(object, depth) {
    switch (kindOf(object, kindTag(object))) {
      case 'Array':
        return ofList(object.length, (index) => this.#of(object[index], depth));
      case 'View':
      case 'ArrayBuffer':
        // Of floats 0 and -0 may be the same.
        return this.#strict ? ofBytes(object) : mix(5, object.byteLength);
      case 'Set': {
        let sum = object.size;
        for (const value of object) sum += this.#of(value, depth);
        return mix(6, sum | 0);
      }
      case 'Map': {
        let sum = object.size;
        for (const entry of object) sum += this.#ofEntry(entry, depth);
        return mix(7, sum | 0);
      }
      case 'Date':
        return ofNumber(Date.prototype.getTime.call(object));
      case 'RegExp':
        return mix(this.#of(object.source, depth), this.#of(object.flags, depth));
      case 'Error':
        return mix(this.#of(object.name, depth), this.#of(object.message, depth));
      case 'Boxed':
        return types.isStringObject(object) ? mix(8, object.length) : NONE;
      case 'Hidden':
        return NONE;
      default:
        return this.#ofProperties(object, depth);
    }
  }

  #ofEntry([key, value], depth) {
    return mix(this.#of(key, depth), this.#of(value, depth));
  }

  #ofProperties(object, depth) {
    const keys = Object.keys(object);
    let sum = keys.length;
    for (const key of keys) sum += mix(ofText(key), this.#of(object[key], depth));
    return mix(9, sum | 0);
  }
}

module.exports = { Digests, mix, ofExact, ofText };
