'use strict';
// inspect() of values: which kind an object is, its name, its entries and properties.
const types = require('util/types');
const { quote, numberText, bigintText, layout, stripControl, plain, width } = require('internal/inspect_text');
const { formatError } = require('internal/inspect_error');

const custom = Symbol.for('nodejs.util.inspect.custom');
const { hasOwn, getPrototypeOf, getOwnPropertyDescriptor } = Object;
const isEnumerable = (object, key) => Object.prototype.propertyIsEnumerable.call(object, key);

// ---- Primitives

function formatPrimitive(context, value) {
  const { stylize } = context;
  switch (typeof value) {
    case 'string':
      return formatString(context, value);
    case 'number':
      return stylize(numberText(value, context.numericSeparator), 'number');
    case 'bigint':
      return stylize(bigintText(value, context.numericSeparator), 'bigint');
    case 'boolean':
      return stylize(`${value}`, 'boolean');
    case 'undefined':
      return stylize('undefined', 'undefined');
    default:
      return stylize(symbolText(value), 'symbol');
  }
}

const symbolText = (symbol) => Symbol.prototype.toString.call(symbol);

function more(count, what) {
  return `... ${count} more ${what}${count > 1 ? 's' : ''}`;
}

function formatString(context, value) {
  let trailer = '';
  if (value.length > context.maxStringLength) {
    trailer = more(value.length - context.maxStringLength, 'character');
    value = value.slice(0, context.maxStringLength);
  }
  const { stylize } = context;
  if (context.compact !== true && value.length > 16 && value.length > context.breakLength - context.indentation - 4) {
    const lines = value.split(/(?<=\n)/).map((line) => stylize(quote(line), 'string'));
    return lines.join(` +\n${' '.repeat(context.indentation + 2)}`) + trailer;
  }
  return stylize(quote(value), 'string') + trailer;
}

// ---- Names

/** The name of the constructor; null if the prototype chain has none. */
function constructorName(object, context, depth) {
  for (let at = object; at !== null; at = getPrototypeOf(at)) {
    const own = getOwnPropertyDescriptor(at, 'constructor');
    if (own === undefined || typeof own.value !== 'function') continue;
    if (own.value.name !== '' && isInstance(object, own.value)) return String(own.value.name);
  }
  const prototype = getPrototypeOf(object);
  if (prototype === null) return null;
  const name = Array.isArray(object) ? 'Array' : typeof object === 'function' ? 'Function' : 'Object';
  if (depth > context.depth && context.depth !== null) return `${name} <Complex prototype>`;
  const above = constructorName(prototype, context, depth + 1);
  if (above !== null) return `${name} <${above}>`;
  return `${name} <${formatValue({ ...context, customInspect: false, depth: -1, seen: [] }, prototype, 0)}>`;
}

function isInstance(object, Class) {
  try {
    return object instanceof Class;
  } catch {
    return false;
  }
}

/** `Name(size) [tag] `, with what says that there is no prototype. */
function prefixOf(name, tag, fallback, size = '') {
  if (name === null) {
    const base = `[${fallback}${size}: null prototype] `;
    return tag !== '' && fallback !== tag ? `${base}[${tag}] ` : base;
  }
  return tag !== '' && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `;
}

// ---- Kinds

// Prototype → how an object that inherits from it is told to be of that kind.
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
  if (at === null) for (const [name, check] of kinds.values()) if (check(value)) return name;
  if (types.isArgumentsObject(value)) return 'arguments';
  // Old classes inherit from Error.prototype without being errors of the engine.
  return value instanceof Error ? 'error' : 'object';
}

// ---- Entries

const noEntries = () => [];

function formatArray(context, value, depth) {
  const { length } = value;
  const limit = Math.min(Math.max(0, context.maxArrayLength), length);
  const output = [];
  let index = 0;
  while (index < length && output.length < limit) {
    if (hasOwn(value, index)) {
      output.push(formatProperty(context, value, depth, index, true));
      index++;
      continue;
    }
    const start = index;
    while (index < length && !hasOwn(value, index)) index = nextIndex(value, index);
    const count = index - start;
    output.push(context.stylize(`<${count} empty item${count > 1 ? 's' : ''}>`, 'undefined'));
  }
  if (index < length) output.push(more(length - index, 'item'));
  return output;
}

/** The next index that may be there: sparse arrays can be very long. */
function nextIndex(array, index) {
  if (array.length - index < 1000) return index + 1;
  for (const key of Object.keys(array)) {
    const number = Number(key);
    if (!Number.isInteger(number)) break;
    if (number > index) return number;
  }
  return array.length;
}

function formatTypedArray(context, value, depth) {
  const limit = Math.min(Math.max(0, context.maxArrayLength), value.length);
  const output = [];
  const isBig = typeof value[0] === 'bigint';
  for (let i = 0; i < limit; i++)
    output.push(
      isBig
        ? context.stylize(bigintText(value[i], context.numericSeparator), 'bigint')
        : context.stylize(numberText(value[i], context.numericSeparator), 'number'),
    );
  if (value.length > limit) output.push(more(value.length - limit, 'item'));
  if (context.showHidden) {
    context.indentation += 2;
    for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer'])
      output.push(`[${key}]: ${formatValue(context, value[key], depth, true)}`);
    context.indentation -= 2;
  }
  return output;
}

function formatArrayBuffer(context, value) {
  if (value.detached) return [context.stylize('(detached)', 'special')];
  const shown = new Uint8Array(value, 0, Math.min(Math.max(0, context.maxArrayLength), value.byteLength));
  let text = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const rest = value.byteLength - shown.length;
  if (rest > 0) text += ` ${more(rest, 'byte')}`;
  return [`${context.stylize('[Uint8Contents]', 'special')}: <${text}>`];
}

function formatSet(context, value, depth) {
  const output = [];
  const size = sizeOf(Set, value);
  const limit = Math.min(Math.max(0, context.maxArrayLength), size);
  context.indentation += 2;
  for (const item of Set.prototype.values.call(value)) {
    if (output.length >= limit) break;
    output.push(formatValue(context, item, depth));
  }
  if (size > limit) output.push(more(size - limit, 'item'));
  context.indentation -= 2;
  return output;
}

function formatMap(context, value, depth) {
  const output = [];
  const size = sizeOf(Map, value);
  const limit = Math.min(Math.max(0, context.maxArrayLength), size);
  context.indentation += 2;
  for (const [key, item] of Map.prototype.entries.call(value)) {
    if (output.length >= limit) break;
    output.push(`${formatValue(context, key, depth)} => ${formatValue(context, item, depth)}`);
  }
  if (size > limit) output.push(more(size - limit, 'item'));
  context.indentation -= 2;
  return output;
}

const sizeOf = (Class, value) => Reflect.get(Class.prototype, 'size', value);

// ---- Functions and boxed primitives

function functionBase(value, name, tag) {
  const source = Function.prototype.toString.call(value);
  if (source.startsWith('class') && source.endsWith('}')) {
    const head = source.slice(5, source.indexOf('{'));
    if (!head.includes('(') || /^(\s+[^(]*?)\s*\{/.test(head.replace(/\/\/.*|\/\*[^]*?\*\//g, '') + '{'))
      return classBase(value, name, tag);
  }
  let type = 'Function';
  if (types.isGeneratorFunction(value)) type = `Generator${type}`;
  if (types.isAsyncFunction(value)) type = `Async${type}`;
  let base = `[${type}`;
  if (name === null) base += ' (null prototype)';
  base += value.name === '' ? ' (anonymous)' : `: ${typeof value.name === 'string' ? value.name : formatName(value.name)}`;
  base += ']';
  if (name !== type && name !== null) base += ` ${name}`;
  if (tag !== '' && name !== tag) base += ` [${tag}]`;
  return base;
}

const formatName = (name) => {
  try {
    return String(name);
  } catch {
    return '(unreadable name)';
  }
};

function classBase(value, name, tag) {
  let base = `class ${(hasOwn(value, 'name') && formatName(value.name)) || '(anonymous)'}`;
  if (name !== 'Function' && name !== null) base += ` [${name}]`;
  if (tag !== '' && name !== tag) base += ` [${tag}]`;
  if (name === null) return `[${base} extends null]`;
  const parent = getPrototypeOf(value)?.name;
  return parent ? `[${base} extends ${parent}]` : `[${base}]`;
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

// ---- Objects

/** The keys that are shown; for lists without the indices. */
function keysOf(value, showHidden, isList) {
  let keys;
  if (isList) keys = namesWithoutIndices(value, showHidden);
  else keys = showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length > 0)
    keys.push(...(showHidden ? symbols : symbols.filter((key) => isEnumerable(value, key))));
  return keys;
}

function namesWithoutIndices(value, showHidden) {
  // The engine lists indices first. A list without other names is the usual case: look from the
  // end, so that long lists cost little.
  const all = showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  let start = all.length;
  while (start > 0 && !/^(?:0|[1-9]\d*)$/.test(all[start - 1])) start--;
  return all.slice(start);
}

/** What an object of a kind looks like: { braces, entries, isList, base } or its final text. */
const describers = {
  array(context, value, keys, name, tag) {
    const prefix = name !== 'Array' || tag !== '' ? prefixOf(name, tag, 'Array', `(${value.length})`) : '';
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
    const fallback = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array).prototype, Symbol.toStringTag).get.call(value);
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
      return `${prefix}{ byteLength: ${context.stylize(numberText(value.byteLength), 'number')} }`;
    keys.unshift('byteLength');
    return { braces: [`${prefix}{`, '}'], entries: inTypedArray ? noEntries : formatArrayBuffer };
  },
  dataView(context, value, keys, name, tag) {
    keys.unshift('byteLength', 'byteOffset', 'buffer');
    return { braces: [`${prefixOf(name, tag, 'DataView')}{`, '}'] };
  },
  // The engine tells nobody but its own code what a promise's state is.
  promise(context, value, keys, name, tag) {
    const prefix = prefixOf(name, tag, 'Promise');
    return keys.length === 0 ? `${prefix}{}` : { braces: [`${prefix}{`, '}'] };
  },
  weakSet: (context, value, keys, name, tag) => weak(context, prefixOf(name, tag, 'WeakSet')),
  weakMap: (context, value, keys, name, tag) => weak(context, prefixOf(name, tag, 'WeakMap')),
  boxed(context, value, keys, name, tag) {
    const base = boxedBase(context, value, keys, name, tag);
    return keys.length === 0 ? base : { base };
  },
  object(context, value, keys, name, tag) {
    const prefix = name === 'Object' && tag === '' ? '' : prefixOf(name, tag, 'Object');
    return keys.length === 0 ? `${prefix}{}` : { braces: [`${prefix}{`, '}'] };
  },
};

const weak = (context, prefix) => ({
  braces: [`${prefix}{`, '}'],
  entries: () => [context.stylize('<items unknown>', 'special')],
});

function tagOf(context, value, name) {
  let tag;
  try {
    tag = value[Symbol.toStringTag];
  } catch {
    return '';
  }
  if (typeof tag !== 'string') return '';
  // A tag that shows as a property is not shown twice.
  const shows = context.showHidden ? hasOwn(value, Symbol.toStringTag) : isEnumerable(value, Symbol.toStringTag);
  return tag !== '' && shows ? '' : tag === name ? '' : tag;
}

function formatObject(context, value, depth, inTypedArray) {
  const name = constructorName(value, context, depth);
  const tag = tagOf(context, value, name);
  const kind = kindOf(value);
  const keys = keysOf(value, context.showHidden, kind === 'array' || kind === 'typedArray');
  const shape = describers[kind](context, value, keys, name, tag, depth, inTypedArray);
  if (typeof shape === 'string') return shape;
  const { braces = ['{', '}'], entries = noEntries, isList = false } = shape;
  let { base = '' } = shape;

  if (depth > context.depth && context.depth !== null) {
    const label = prefixOf(name, tag, kind === 'array' ? 'Array' : 'Object').slice(0, -1);
    return context.stylize(name === null ? label : `[${label}]`, 'special');
  }
  const next = depth + 1;
  context.seen.push(value);
  context.currentDepth = next;
  let output;
  try {
    output = entries(context, value, next);
    for (const key of keys) output.push(formatProperty(context, value, next, key, false));
  } catch (error) {
    if (!(error instanceof RangeError) || !/stack/i.test(error.message)) throw error;
    // Deeper than the engine's stack: name the object and go on.
    context.seen.pop();
    return context.stylize(
      `[${name ?? 'Object'}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`,
      'special',
    );
  }
  const reference = context.circular?.get(value);
  if (reference !== undefined) {
    const mark = context.stylize(`<ref *${reference}>`, 'special');
    if (context.compact !== true) base = base === '' ? mark : `${mark} ${base}`;
    else braces[0] = `${mark} ${braces[0]}`;
  }
  context.seen.pop();
  if (context.sorted) {
    const compare = typeof context.sorted === 'function' ? context.sorted : undefined;
    if (!isList) output.sort(compare);
    else if (keys.length > 1) {
      const sorted = output.slice(-keys.length).sort(compare);
      output.splice(output.length - keys.length, keys.length, ...sorted);
    }
  }
  const text = layout(context, output, base, braces, isList, next, value);
  // Very large results stop going deeper.
  context.size += text.length;
  if (context.size > 2 ** 27) context.depth = -1;
  return text;
}

function formatGetter(context, descriptor, original, depth) {
  const { stylize } = context;
  const label = descriptor.set !== undefined ? 'Getter/Setter' : 'Getter';
  const wanted =
    context.getters === true ||
    (context.getters === 'get' && descriptor.set === undefined) ||
    (context.getters === 'set' && descriptor.set !== undefined);
  if (!wanted) return stylize(`[${label}]`, 'special');
  try {
    const value = Reflect.apply(descriptor.get, original, []);
    context.indentation += 2;
    try {
      if (value !== null && typeof value === 'object')
        return `${stylize(`[${label}]`, 'special')} ${formatValue(context, value, depth)}`;
      const text = value === null ? stylize('null', 'null') : formatValue(context, value, depth);
      return `${stylize(`[${label}:`, 'special')} ${text}${stylize(']', 'special')}`;
    } finally {
      context.indentation -= 2;
    }
  } catch (error) {
    return stylize(`[${label}: <Inspection threw (${error?.message})>]`, 'special');
  }
}

function formatProperty(context, value, depth, key, isEntry) {
  const { stylize } = context;
  const descriptor = getOwnPropertyDescriptor(value, key) ?? {
    value: value[key],
    configurable: true,
    enumerable: true,
  };
  let text;
  let space = ' ';
  if (descriptor.value !== undefined) {
    const indent = context.compact !== true || isEntry ? 2 : 3;
    context.indentation += indent;
    text = formatValue(context, descriptor.value, depth);
    if (indent === 3 && context.breakLength < width(text, context.colors))
      space = `\n${' '.repeat(context.indentation)}`;
    context.indentation -= indent;
  } else if (descriptor.get !== undefined) text = formatGetter(context, descriptor, value, depth);
  else if (descriptor.set !== undefined) text = stylize('[Setter]', 'special');
  else text = stylize('undefined', 'undefined');
  if (isEntry) return text;
  let name;
  if (typeof key === 'symbol') name = `[${stylize(symbolText(key), 'symbol')}]`;
  else if (key === '__proto__') name = "['__proto__']";
  else if (descriptor.enumerable === false) name = `[${key.replace(/[\x00-\x1f\x27\x5c\x7f-\x9f]/g, (c) => quote(c).slice(1, -1))}]`;
  else if (/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)) name = stylize(key, 'name');
  else name = stylize(quote(key), 'string');
  return `${name}:${space}${text}`;
}

// ---- Proxies and custom functions

function isRevoked(proxy) {
  try {
    Array.isArray(proxy);
    return false;
  } catch {
    return true;
  }
}

/** What is behind a Proxy; null if it was revoked. */
function unwrapProxy(value) {
  const { proxyTarget } = binding('types');
  while (types.isProxy(value)) {
    if (isRevoked(value)) return null;
    value = proxyTarget(value);
  }
  return value;
}

function formatProxy(context, value, depth) {
  if (isRevoked(value)) return context.stylize('<Revoked Proxy>', 'special');
  if (depth > context.depth && context.depth !== null) return context.stylize('Proxy [Array]', 'special');
  context.indentation += 2;
  // The engine does not show the handler.
  const output = [formatValue(context, binding('types').proxyTarget(value), depth + 1)];
  context.indentation -= 2;
  context.currentDepth = depth + 1;
  return layout(context, output, '', ['Proxy [', ']'], true, depth + 1);
}

function optionsForCustom(context) {
  const options = {};
  for (const key of [
    'showHidden',
    'depth',
    'colors',
    'customInspect',
    'showProxy',
    'maxArrayLength',
    'maxStringLength',
    'breakLength',
    'compact',
    'sorted',
    'getters',
    'numericSeparator',
  ])
    options[key] = context[key];
  return { ...options, ...context.userOptions, stylize: context.stylize };
}

/**
 * The text of any value.
 * @param {object} context Of makeContext (internal/inspect).
 * @param {unknown} value
 * @param {number} depth How deep value is nested.
 * @param {boolean} [inTypedArray]
 */
function formatValue(context, value, depth, inTypedArray) {
  if (value === null) return context.stylize('null', 'null');
  if (typeof value !== 'object' && typeof value !== 'function') return formatPrimitive(context, value);
  const original = value;
  if (types.isProxy(value)) {
    if (context.showProxy) return formatProxy(context, value, depth);
    value = unwrapProxy(value);
    if (value === null) return context.stylize('<Revoked Proxy>', 'special');
  }
  if (context.customInspect) {
    const maybe = value[custom];
    if (
      typeof maybe === 'function' &&
      maybe !== require('internal/inspect').inspect &&
      !(hasOwn(value, 'constructor') && value.constructor?.prototype === value)
    ) {
      const rest = context.depth === null ? null : context.depth - depth;
      const { inspect } = require('internal/inspect');
      const options = optionsForCustom(context);
      options.depth = rest;
      const result = Reflect.apply(maybe, original, [rest, options, inspect]);
      if (result !== original) {
        const text = typeof result === 'object' ? formatValue(context, result, depth) : `${result}`;
        return text.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
      }
    }
  }
  if (context.seen.includes(value)) {
    context.circular ??= new Map();
    let index = context.circular.get(value);
    if (index === undefined) {
      index = context.circular.size + 1;
      context.circular.set(value, index);
    }
    return context.stylize(`[Circular *${index}]`, 'special');
  }
  return formatObject(context, value, depth, inTypedArray);
}

/** Whether %s shows an object by its own toString: one that the program defined. */
function hasOwnText(value) {
  if (types.isProxy(value)) {
    value = unwrapProxy(value);
    if (value === null) return false;
  }
  if (typeof value.toString !== 'function') return typeof value[Symbol.toPrimitive] === 'function';
  if (hasOwn(value, 'toString')) return true;
  let at = value;
  do {
    at = getPrototypeOf(at);
  } while (at !== null && !hasOwn(at, 'toString'));
  const own = at === null ? undefined : getOwnPropertyDescriptor(at, 'constructor');
  return own === undefined || typeof own.value !== 'function' || !isBuiltIn(own.value);
}

const isBuiltIn = (Class) =>
  /^[A-Z]/.test(Class.name) && getOwnPropertyDescriptor(globalThis, Class.name)?.value === Class;

module.exports = { formatValue, hasOwnText, stripControl };
