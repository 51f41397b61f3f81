'use strict';
// What kind of object a value is, of those that are compared in a way of their own.
const types = require('util/types');

const tagOf = (value) => value[Symbol.toStringTag];

// Each kind, whether a value is of it, and the tags that such values have unless a program says else.
const KINDS = [
  ['Array', Array.isArray, 'Array'],
  ['View', ArrayBuffer.isView, 'DataView'],
  ['Error', (value) => types.isNativeError(value) || value instanceof Error, 'Error'],
  ['Set', types.isSet, 'Set'],
  ['Map', types.isMap, 'Map'],
  ['Date', types.isDate, 'Date'],
  ['RegExp', types.isRegExp, 'RegExp'],
  ['ArrayBuffer', types.isAnyArrayBuffer, 'ArrayBuffer', 'SharedArrayBuffer'],
  ['URL', (value) => tagOf(value) === 'URL' && typeof value.href === 'string', 'URL'],
  [
    'Key',
    (value) => tagOf(value) === 'KeyObject' && typeof value.equals === 'function',
    'KeyObject',
  ],
  ['Boxed', types.isBoxedPrimitive, 'Number', 'String', 'Boolean', 'BigInt', 'Symbol'],
  // What these hold is not to be seen: only the same one is equal.
  [
    'Hidden',
    (value) => types.isWeakMap(value) || types.isWeakSet(value) || types.isPromise(value),
    'WeakMap',
    'WeakSet',
    'Promise',
  ],
];
const byTag = new Map();
for (const kind of KINDS) for (const tag of kind.slice(2)) byTag.set(`[object ${tag}]`, kind);

/**
 * The kind of an object with that tag; undefined if it is of none. A wrong guess costs a check an
 * exception, so that what the tag says is asked for first.
 */
function kindOf(value, tag) {
  const guess = byTag.get(tag);
  if (guess !== undefined && guess[1](value)) return guess[0];
  // As in Node: what says nothing of itself is compared by its properties.
  if (tag === '[object Object]') return value instanceof Error ? 'Error' : undefined;
  for (const [kind, check] of KINDS) if (check(value)) return kind;
  return undefined;
}

module.exports = { kindOf };
