'use strict';
// Of many values those that may have all that another one has, as partial equality asks. Each leaves marks: of
// every part that is no object, where it is found. One that has all of another has all of its marks.
const { kindOf } = require('internal/util/object_kinds');
const { mix, ofExact, ofText } = require('internal/util/digests');
const kindTag = (value) => Object.prototype.toString.call(value);
const isIndex = (key) => /^(?:0|[1-9]\d*)$/.test(key);
const isObject = (value) => typeof value === 'object' && value !== null;

const DEEPEST = 3; // objects inside objects that leave marks
const MOST = 64; // marks of a value, on average: beyond that they cost more than they save

const ELEMENT = 11; // where the elements of a list are, in whatever order
const KIND = 12;
const KEY = 13;
const VALUE = 14;

/** Calls found() with each mark of a value, until it returns true. */
function eachMark(value, path, depth, found) {
  if (!isObject(value)) return found(mix(path, ofExact(value)));
  const kind = kindOf(value, kindTag(value));
  if (found(mix(mix(path, KIND), ofText(String(kind)))) || depth === DEEPEST) return false;
  const part = (one, place) => eachMark(one, mix(path, place), depth + 1, found);
  switch (kind) {
    case 'Set':
      for (const one of value) if (part(one, ELEMENT)) return true;
      return false;
    case 'Map':
      for (const [key, one] of value)
        if (!isObject(key) && part(one, mix(KEY, ofExact(key)))) return true;
      return false;
    case 'View':
    case 'ArrayBuffer':
    case 'Boxed':
    case 'Hidden':
      return false;
    case 'Date':
      if (part(Date.prototype.getTime.call(value), VALUE)) return true;
      break;
    case 'RegExp':
      if (part(value.source, VALUE)) return true;
      break;
    case 'Error':
      if (!isObject(value.message) && part(value.message, VALUE)) return true;
      break;
    default:
  }
  // What stands where in a list is open.
  const place = kind === 'Array' ? (key) => (isIndex(key) ? ELEMENT : ofText(key)) : ofText;
  for (const key of Object.keys(value)) if (part(value[key], place(key))) return true;
  return false;
}

class Holders {
  #buckets = new Map(); // mark -> the values that have it, in their order

  /**
   * @param {Set<object>} values
   * @param {boolean} entries whether they are entries of maps
   * @returns {Holders | undefined} undefined where their marks are too many
   */
  static of(values, entries) {
    const holders = new Holders(entries);
    let left = MOST * values.size;
    for (const one of values) {
      const over = holders.#marks(one, (mark) => {
        const bucket = holders.#buckets.get(mark);
        if (bucket === undefined) holders.#buckets.set(mark, new Set([one]));
        else bucket.add(one);
        return --left < 0;
      });
      if (over) return undefined;
    }
    return holders;
  }

  /** @private */
  constructor(entries) {
    this.entries = entries;
  }

  #marks(one, found) {
    if (!this.entries) return eachMark(one, 0, 0, found);
    return eachMark(one[0], KEY, 0, found) || eachMark(one[1], VALUE, 0, found);
  }

  /** The values that may have all of one. @returns {Set<object>} */
  near(one) {
    let nearest;
    this.#marks(one, (mark) => {
      const bucket = this.#buckets.get(mark) ?? new Set();
      if (nearest === undefined || bucket.size < nearest.size) nearest = bucket;
      return nearest.size === 0;
    });
    return nearest;
  }
}

module.exports = { Holders };
