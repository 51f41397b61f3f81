'use strict';
// inspect(): which kind an object is, and what objects of each kind look like.
const types = require('util/types');
const { numberText, plain } = require('internal/inspect/text');
const { formatPrimitive } = require('internal/inspect/primitive');
const { prefixOf, functionBase } = require('internal/inspect/names');
const { formatError } = require('internal/inspect/error');
const {
  formatArray,
  formatTypedArray,
  formatArrayBuffer,
  formatPromise,
  formatSet,
  formatMap,
  sizeOf,
} = require('internal/inspect/entries');

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const noEntries = () => [];

// Prototype -> how an object that inherits from it is told to be of that kind.
const kinds = new Map([
  [Map.prototype, ['map', types.isMap]],
  [Set.prototype, ['set', types.isSet]],
  [getPrototypeOf(Uint8Array).prototype, ['typedArray', types.isTypedArray]],
  [RegExp.prototype, ['regexp', types.isRegExp]],
  [Date.prototype, ['date', types.isDate]],
  [ArrayBuffer.prototype, ['arrayBuffer', types.isAnyArrayBuffer]],
  [DataView.prototype, ['dataView', types.isDataView]],
  [Promise.prototype, ['promise', types.isPromise]],
  [WeakSet.prototype, ['weakSet', types.isWeakSet]],
  [WeakMap.prototype, ['weakMap', types.isWeakMap]],
  [Number.prototype, ['boxed', types.isBoxedPrimitive]],
  [String.prototype, ['boxed', types.isBoxedPrimitive]],
  [Boolean.prototype, ['boxed', types.isBoxedPrimitive]],
  [BigInt.prototype, ['boxed', types.isBoxedPrimitive]],
  [Symbol.prototype, ['boxed', types.isBoxedPrimitive]],
]);
if (typeof SharedArrayBuffer === 'function')
  kinds.set(SharedArrayBuffer.prototype, ['arrayBuffer', types.isSharedArrayBuffer]);

function kindOf(value) {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'function') return 'function';
  if (types.isNativeError(value)) return 'error';
  let at = getPrototypeOf(value);
  for (; at !== null && at !== Object.prototype; at = getPrototypeOf(at)) {
    const kind = kinds.get(at);
    if (kind !== undefined && kind[1](value)) return kind[0];
  }
  if (at === null && types.isModuleNamespaceObject(value)) return 'namespace';
  if (at === null) for (const [name, check] of kinds.values()) if (check(value)) return name;
  if (types.isArgumentsObject(value)) return 'arguments';
  // Old classes inherit from Error.prototype without being errors of the engine.
  return value instanceof Error ? 'error' : 'object';
}

function boxedBase(context, value, keys, name, tag) {
  let type;
  let inner;
  for (const Class of [Number, String, Boolean, BigInt, Symbol])
    if (types[`is${Class.name}Object`](value)) {
      type = Class.name;
      inner = Class.prototype.valueOf.call(value);
    }
  if (type === 'String') keys.splice(0, value.length);
  let base = `[${type}`;
  if (type !== name) base += name === null ? ' (null prototype)' : ` (${name})`;
  base += `: ${formatPrimitive({ ...context, stylize: plain }, inner)}]`;
  if (tag !== '' && tag !== name) base += ` [${tag}]`;
  return keys.length > 0 ? base : context.stylize(base, type.toLowerCase());
}

/** What an object of a kind looks like: { braces, entries, isList, base } or its final text. */
const describers = {
  array(context, value, keys, name, tag) {
    const prefix =
      name !== 'Array' || tag !== '' ? prefixOf(name, tag, 'Array', `(${value.length})`) : '';
    if (value.length === 0 && keys.length === 0) return `${prefix}[]`;
    return { braces: [`${prefix}[`, ']'], entries: formatArray, isList: true };
  },
  set(context, value, keys, name, tag) {
    const size = sizeOf(Set, value);
    const prefix = prefixOf(name, tag, 'Set', `(${size})`);
    if (size === 0 && keys.length === 0) return `${prefix}{}`;
    return { braces: [`${prefix}{`, '}'], entries: formatSet };
  },
  map(context, value, keys, name, tag) {
    const size = sizeOf(Map, value);
    const prefix = prefixOf(name, tag, 'Map', `(${size})`);
    if (size === 0 && keys.length === 0) return `${prefix}{}`;
    return { braces: [`${prefix}{`, '}'], entries: formatMap };
  },
  typedArray(context, value, keys, name, tag) {
    const fallback = getOwnPropertyDescriptor(
      getPrototypeOf(Uint8Array).prototype,
      Symbol.toStringTag,
    ).get.call(value);
    const list = name === null ? new globalThis[fallback](value) : value;
    const prefix = prefixOf(name, tag, fallback, `(${list.length})`);
    if (list.length === 0 && keys.length === 0 && !context.showHidden) return `${prefix}[]`;
    return {
      braces: [`${prefix}[`, ']'],
      entries: (c, _, depth) => formatTypedArray(c, list, depth),
      isList: true,
    };
  },
  arguments: () => ({ braces: ['[Arguments] {', '}'] }),
  function(context, value, keys, name, tag) {
    const base = functionBase(value, name, tag);
    return keys.length === 0 ? context.stylize(base, 'special') : { base };
  },
  regexp(context, value, keys, name, tag, depth) {
    const prefix = prefixOf(name, tag, 'RegExp');
    const source = RegExp.prototype.toString.call(name !== null ? value : new RegExp(value));
    const base = prefix !== 'RegExp ' ? `${prefix}${source}` : source;
    if (keys.length === 0 || (depth > context.depth && context.depth !== null))
      return context.stylize(base, 'regexp');
    return { base };
  },
  date(context, value, keys, name, tag) {
    const prefix = prefixOf(name, tag, 'Date');
    const time = Date.prototype.getTime.call(value);
    const text = Number.isNaN(time) ? 'Invalid Date' : Date.prototype.toISOString.call(value);
    const base = prefix !== 'Date ' ? `${prefix}${text}` : text;
    return keys.length === 0 ? context.stylize(base, 'date') : { base };
  },
  error(context, value, keys, name, tag) {
    const base = formatError(context, value, keys, name, prefixOf, tag);
    return keys.length === 0 ? base : { base };
  },
  arrayBuffer(context, value, keys, name, tag, depth, inTypedArray) {
    const type = types.isArrayBuffer(value) ? 'ArrayBuffer' : 'SharedArrayBuffer';
    const prefix = prefixOf(name, tag, type);
    if (inTypedArray && keys.length === 0)
      return `${prefix}{ ${context.stylize('[byteLength]', 'string')}: ${context.stylize(numberText(value.byteLength), 'number')} }`;
    keys.unshift('byteLength');
    return { braces: [`${prefix}{`, '}'], entries: inTypedArray ? noEntries : formatArrayBuffer };
  },
  dataView(context, value, keys, name, tag) {
    keys.unshift('byteLength', 'byteOffset', 'buffer');
    return { braces: [`${prefixOf(name, tag, 'DataView')}{`, '}'] };
  },
  promise(context, value, keys, name, tag) {
    const prefix = prefixOf(name, tag, 'Promise');
    // Not every version of the engine tells a promise's state.
    if (binding('types').promiseState(value) === undefined)
      return keys.length === 0 ? `${prefix}{}` : { braces: [`${prefix}{`, '}'] };
    return { braces: [`${prefix}{`, '}'], entries: formatPromise };
  },
  weakSet: (context, value, keys, name, tag) => weak(context, prefixOf(name, tag, 'WeakSet')),
  weakMap: (context, value, keys, name, tag) => weak(context, prefixOf(name, tag, 'WeakMap')),
  boxed(context, value, keys, name, tag) {
    const base = boxedBase(context, value, keys, name, tag);
    return keys.length === 0 ? base : { base };
  },
  namespace: () => ({ braces: ['[Module: null prototype] {', '}'] }),
  object(context, value, keys, name, tag, depth) {
    if (name !== null && value instanceof URL && !(depth > context.depth && context.depth !== null))
      return keys.length === 0 ? value.href : { base: value.href };
    const prefix = name === 'Object' && tag === '' ? '' : prefixOf(name, tag, 'Object');
    return keys.length === 0 ? `${prefix}{}` : { braces: [`${prefix}{`, '}'] };
  },
};

const weak = (context, prefix) => ({
  braces: [`${prefix}{`, '}'],
  entries: () => [context.stylize('<items unknown>', 'special')],
});

module.exports = { kindOf, describers };
