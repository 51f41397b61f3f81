'use strict';
// Deep equality, as assert.deepStrictEqual (strict), assert.deepEqual (loose) and
// assert.partialDeepStrictEqual (partial: b may lack what a has) define it.
const types = require('util/types');
const { Digests } = require('internal/util/digests');
const { Holders } = require('internal/util/holders');
const { kindOf } = require('internal/util/object_kinds');
const { sameShape } = binding('types');
const { hasOwn, getPrototypeOf, is } = Object;
const isEnumerable = (object, key) => Object.prototype.propertyIsEnumerable.call(object, key);
const kindTag = (value) => Object.prototype.toString.call(value);
const isObject = (value) => typeof value === 'object' && value !== null;

function sameBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const one = new Uint8Array(a.buffer ?? a, a.byteOffset ?? 0, a.byteLength);
  const two = new Uint8Array(b.buffer ?? b, b.byteOffset ?? 0, b.byteLength);
  for (let i = 0; i < one.length; i++) if (one[i] !== two[i]) return false;
  return true;
}

function sameElements(a, b, strict) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (strict ? !is(a[i], b[i]) : a[i] !== b[i]) return false;
  return true;
}

const bytesOf = (value) =>
  new Uint8Array(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength);

/** Whether the elements of b are among those of a, in their order. */
function hasInOrder(a, b, equal) {
  let at = 0;
  for (let i = 0; i < b.length; i++) {
    while (at < a.length && !equal(at, i)) at++;
    if (at++ >= a.length) return false;
  }
  return true;
}

const isFloats = (view) => types.isFloat32Array(view) || types.isFloat64Array(view);

const boxed = [Number, String, Boolean, BigInt, Symbol].map((Class) => [
  types[`is${Class.name}Object`],
  Class.prototype.valueOf,
]);

function sameBoxed(a, b) {
  for (const [check, valueOf] of boxed)
    if (check(a)) return check(b) && is(valueOf.call(a), valueOf.call(b));
  return false;
}

/** The enumerable own symbol keys. */
function symbolsOf(object) {
  const symbols = Object.getOwnPropertySymbols(object);
  return symbols.length === 0 ? symbols : symbols.filter((key) => isEnumerable(object, key));
}

const isIndex = (key) => /^(?:0|[1-9]\d*)$/.test(key);

const bare = new Map(); // class name → a view of that class without properties of its own
const MANY = 64;

/** Whether a view surely has no properties beside its elements, which takes no list of those. */
function isBare(view) {
  const { Buffer } = require('buffer');
  const name = Buffer.isBuffer(view) ? 'Buffer' : view[Symbol.toStringTag];
  if (!bare.has(name))
    bare.set(name, name === 'Buffer' ? Buffer.alloc(0) : new globalThis[name](0));
  return sameShape(view, bare.get(name));
}

/** The enumerable own keys that are no indices: those stand before all others. */
function namedKeys(list) {
  if (list.length > MANY && types.isTypedArray(list) && isBare(list)) return [];
  const keys = Object.keys(list);
  let first = keys.length;
  while (first > 0 && !isIndex(keys[first - 1])) first--;
  return keys.slice(first);
}

const FEW = 16; // values that are compared each with each

class Comparison {
  // a -> b -> 0 for a pair that is equal, else how deep it stands among those that are being compared: a
  // pair that is met again inside itself is equal if nothing else differs.
  #pairs = new Map();
  #depth = 0;
  #supposed = Infinity; // depth of the outermost pair that was met again, since the innermost began
  #digests = null;

  constructor({ strict, partial = false, skipPrototype = false }) {
    this.strict = strict;
    this.partial = partial;
    this.anyPrototype = partial || skipPrototype;
  }

  equal(a, b) {
    const { strict } = this;
    if (a === b) return a !== 0 || !strict || is(a, b);
    if (strict) {
      if (!isObject(a)) return typeof a === 'number' && is(a, b);
      if (!isObject(b)) return false;
      if (!this.anyPrototype && getPrototypeOf(a) !== getPrototypeOf(b)) return false;
    } else {
      if (!isObject(a))
        // eslint-disable-next-line eqeqeq
        return !isObject(b) && typeof b !== 'function' && (a == b || (a !== a && b !== b));
      if (!isObject(b)) return false;
    }
    return this.#objects(a, b);
  }

  #objects(a, b) {
    const { strict } = this;
    const tag = kindTag(a);
    if (tag !== kindTag(b)) return false;
    const kind = kindOf(a, tag);
    if (kind !== kindOf(b, tag)) return false;
    switch (kind) {
      case 'Array':
        return this.#fits(a.length, b.length) && this.#inside(a, b, true, () => this.#items(a, b));
      case 'View': {
        if (this.partial) return this.#bytes(a, b) && this.#inside(a, b, true);
        const same = !strict && isFloats(a) ? sameElements(a, b, false) : sameBytes(a, b);
        return same && this.#inside(a, b, true);
      }
      case 'Set':
        return this.#fits(a.size, b.size) && this.#inside(a, b, false, () => this.#sets(a, b));
      case 'Map':
        return this.#fits(a.size, b.size) && this.#inside(a, b, false, () => this.#maps(a, b));
      case 'Date':
        if (!is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b))) return false;
        break;
      case 'RegExp':
        if (a.source !== b.source || a.flags !== b.flags || a.lastIndex !== b.lastIndex)
          return false;
        break;
      case 'Error':
        if (!this.#errors(a, b)) return false;
        break;
      case 'ArrayBuffer':
        if (!this.#bytes(a, b)) return false;
        break;
      case 'URL':
        if (a.href !== b.href) return false;
        break;
      case 'Key':
        if (!a.equals(b)) return false;
        break;
      case 'Boxed':
        if (!sameBoxed(a, b)) return false;
        break;
      case 'Hidden':
        return false;
      default:
    }
    return this.#inside(a, b, false);
  }

  #fits(size, other) {
    return this.partial ? size >= other : size === other;
  }

  #bytes(a, b) {
    if (!this.partial) return sameBytes(a, b);
    if (a.length === undefined) [a, b] = [bytesOf(a), bytesOf(b)]; // no elements of their own
    return hasInOrder(a, b, (at, i) => is(a[at], b[i]));
  }

  #errors(a, b) {
    if (a.message !== b.message || a.name !== b.name) return false;
    // Not enumerable, but part of what the error says.
    for (const key of ['cause', 'errors']) {
      if (this.partial && !hasOwn(b, key)) continue;
      if (hasOwn(a, key) !== hasOwn(b, key)) return false;
      if (
        hasOwn(a, key) &&
        !isEnumerable(a, key) &&
        !this.#remembered(a, b, () => this.equal(a[key], b[key]))
      )
        return false;
    }
    return true;
  }

  #remembered(a, b, compare) {
    let others = this.#pairs.get(a);
    if (others === undefined) this.#pairs.set(a, (others = new Map()));
    const known = others.get(b);
    if (known !== undefined) {
      if (known > 0 && known < this.#supposed) this.#supposed = known;
      return true;
    }
    const depth = ++this.#depth;
    const outer = this.#supposed;
    this.#supposed = Infinity;
    others.set(b, depth);
    const result = compare();
    this.#depth = depth - 1;
    // It stays equal if that was found without supposing it of a pair around it.
    if (result && this.#supposed >= depth) others.set(b, 0);
    else others.delete(b);
    if (this.#supposed >= depth || outer < this.#supposed) this.#supposed = outer;
    return result;
  }

  /** Keys, then entries by compare, then properties. */
  #inside(a, b, isList, compare) {
    const keys = this.#keys(a, b, isList);
    if (keys === undefined) return false;
    if (keys.length === 0 && compare === undefined) return true;
    return this.#remembered(a, b, () => {
      if (compare !== undefined && !compare()) return false;
      for (const key of keys) if (!this.equal(a[key], b[key])) return false;
      return true;
    });
  }

  #keys(a, b, isList) {
    if (this.partial) {
      const wanted = [...(isList ? namedKeys(b) : Object.keys(b)), ...symbolsOf(b)];
      return wanted.every((key) => isEnumerable(a, key)) ? wanted : undefined;
    }
    const keys = isList ? namedKeys(a) : Object.keys(a);
    const others = isList ? namedKeys(b) : Object.keys(b);
    if (keys.length !== others.length) return undefined;
    for (const key of keys) if (!hasOwn(b, key) || !isEnumerable(b, key)) return undefined;
    if (!this.strict) return keys;
    const symbols = symbolsOf(a);
    if (symbols.length !== symbolsOf(b).length) return undefined;
    for (const key of symbols) if (!isEnumerable(b, key)) return undefined;
    return symbols.length === 0 ? keys : [...keys, ...symbols];
  }

  #items(a, b) {
    if (this.partial)
      return hasInOrder(a, b, (at, i) => hasOwn(a, at) === hasOwn(b, i) && this.equal(a[at], b[i]));
    for (let i = 0; i < a.length; i++) {
      const has = hasOwn(a, i);
      // Holes are what strict equality tells from undefined.
      if (has !== hasOwn(b, i)) return false;
      if (has && !this.equal(a[i], b[i])) return false;
      if (!has) {
        const keys = Object.keys(a).filter((key) => isIndex(key) && Number(key) > i);
        if (Object.keys(b).filter((key) => isIndex(key) && Number(key) > i).length !== keys.length)
          return false;
        return keys.every((key) => hasOwn(b, key) && this.equal(a[key], b[key]));
      }
    }
    return true;
  }

  /** Whether a value of one side can only be equal to the same value on the other. */
  #isExact(value) {
    if (isObject(value)) return false;
    return this.strict || typeof value === 'symbol' || typeof value === 'function';
  }

  #sets(a, b) {
    if (this.partial) return this.#hasValues(a, b);
    const rest = [];
    for (const value of a) {
      if (b.has(value)) continue;
      if (this.#isExact(value)) return false;
      rest.push(value);
    }
    if (rest.length === 0) return true;
    const candidates = [];
    for (const value of b) if (!a.has(value)) candidates.push(value);
    return this.#match(
      rest,
      candidates,
      (value) => this.#digests.of(value),
      (value, other) => this.equal(value, other),
    );
  }

  /** Whether a set has an equal of each value of b. */
  #hasValues(a, b) {
    const rest = [...b].filter((value) => !a.has(value));
    const candidates = new Set([...a].filter((value) => !b.has(value)));
    return this.#hasAll(candidates, rest, false, (other, value) => this.equal(other, value));
  }

  /** Whether a map has an equal of each entry of b. */
  #hasEntries(a, b) {
    const rest = [...b].filter(([key, value]) => !a.has(key) || !this.equal(a.get(key), value));
    const candidates = new Set([...a].filter(([key]) => !b.has(key)));
    return this.#hasAll(
      candidates,
      rest,
      true,
      (other, [key, value]) => this.equal(other[0], key) && this.equal(other[1], value),
    );
  }

  /** Whether each value is held by a candidate of its own. Of many only those are compared that may. */
  #hasAll(candidates, values, entries, holds) {
    if (values.length > candidates.size) return false;
    const holders = values.length > FEW ? Holders.of(candidates, entries) : undefined;
    return values.every((value) => {
      const near = holders?.near(value) ?? candidates;
      for (const one of near) {
        if (!candidates.has(one)) {
          near.delete(one); // it has its value
        } else if (holds(one, value)) {
          candidates.delete(one);
          return true;
        }
      }
      return false;
    });
  }

  #maps(a, b) {
    if (this.partial) return this.#hasEntries(a, b);
    const rest = [];
    for (const [key, value] of a) {
      if (b.has(key)) {
        if (this.equal(value, b.get(key))) continue;
        if (this.strict || isObject(key)) return false;
      }
      if (this.#isExact(key)) return false;
      rest.push([key, value]);
    }
    if (rest.length === 0) return true;
    const candidates = [];
    for (const entry of b) if (!a.has(entry[0]) || !this.strict) candidates.push(entry);
    return this.#match(
      rest,
      candidates,
      (entry) => this.#digests.ofEntry(entry),
      ([key, value], other) => this.equal(key, other[0]) && this.equal(value, other[1]),
    );
  }

  /**
   * Whether each value has an equal of its own among candidates. Of many only those with the same digest
   * are compared.
   */
  #match(values, candidates, digestOf, equal) {
    if (values.length <= FEW) {
      const all = new Set(candidates);
      return values.every((value) => this.#take(all, (other) => equal(value, other)));
    }
    this.#digests ??= new Digests(this.strict);
    const buckets = new Map();
    for (const one of candidates) {
      const digest = digestOf(one);
      const bucket = buckets.get(digest);
      if (bucket === undefined) buckets.set(digest, new Set([one]));
      else bucket.add(one);
    }
    return values.every((value) => {
      const bucket = buckets.get(digestOf(value));
      return bucket !== undefined && this.#take(bucket, (other) => equal(value, other));
    });
  }

  #take(candidates, matches) {
    for (const candidate of candidates)
      if (matches(candidate)) {
        candidates.delete(candidate);
        return true;
      }
    return false;
  }
}

/**
 * @param {{ skipPrototype?: boolean }} [options]  skipPrototype: objects of different classes may be equal
 * @returns {boolean}
 */
const isDeepStrictEqual = (a, b, { skipPrototype = false } = {}) =>
  new Comparison({ strict: true, skipPrototype }).equal(a, b);
/** @returns {boolean} */
const isDeepEqual = (a, b) => new Comparison({ strict: false }).equal(a, b);
/** Whether a has all that b has. @returns {boolean} */
const isPartiallyEqual = (a, b) => new Comparison({ strict: true, partial: true }).equal(a, b);

module.exports = { isDeepStrictEqual, isDeepEqual, isPartiallyEqual };
