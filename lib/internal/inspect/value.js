'use strict';
// inspect() of any value: objects with their properties, cycles, proxies and functions of their own.
exports.formatValue = formatValue;
exports.formatProperty = formatProperty;

const types = require('util/types');
const { quote, layout, width } = require('internal/inspect/text');
const { formatPrimitive, symbolText } = require('internal/inspect/primitive');
const { constructorName, prefixOf } = require('internal/inspect/names');
const { kindOf, describers } = require('internal/inspect/kinds');
const { transparent } = require('internal/base/transparent');

const custom = Symbol.for('nodejs.util.inspect.custom');
const { hasOwn, getPrototypeOf, getOwnPropertyDescriptor } = Object;
const isEnumerable = (object, key) => Object.prototype.propertyIsEnumerable.call(object, key);

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

function tagOf(context, value, name) {
  let tag;
  try {
    tag = value[Symbol.toStringTag];
  } catch {
    return '';
  }
  if (typeof tag !== 'string') return '';
  // A tag that shows as a property is not shown twice.
  const shows = context.showHidden
    ? hasOwn(value, Symbol.toStringTag)
    : isEnumerable(value, Symbol.toStringTag);
  return tag !== '' && shows ? '' : tag === name ? '' : tag;
}

function formatObject(context, value, depth, inTypedArray) {
  const name = constructorName(value, context, depth);
  const tag = tagOf(context, value, name);
  const kind = kindOf(value);
  const keys = keysOf(value, context.showHidden, kind === 'array' || kind === 'typedArray');
  const shape = describers[kind](context, value, keys, name, tag, depth, inTypedArray);
  if (typeof shape === 'string') return shape;
  const { braces = ['{', '}'], entries, isList = false } = shape;
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
    output = entries === undefined ? [] : entries(context, value, next);
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

// Puts the value of an export in place of its getter; false if the module has not made it yet.
function readExport(namespace, key, descriptor) {
  try {
    descriptor.value = namespace[key];
    descriptor.get = undefined;
    return true;
  } catch {
    return false;
  }
}

/** What a class tells of a value; a view whose memory went elsewhere tells nothing. */
function memberOf(value, key) {
  try {
    return value[key];
  } catch {
    return undefined;
  }
}

function formatProperty(context, value, depth, key, isEntry) {
  const { stylize } = context;
  const descriptor = getOwnPropertyDescriptor(value, key) ?? {
    value: memberOf(value, key),
    configurable: true,
    enumerable: isEntry, // those that the class has, as byteLength, stand in brackets
  };
  if (transparent.has(descriptor.get)) {
    descriptor.value = descriptor.get();
    descriptor.get = descriptor.set = undefined;
  }
  let text;
  let space = ' ';
  if (types.isModuleNamespaceObject(value) && !readExport(value, key, descriptor))
    text = stylize('<uninitialized>', 'special');
  else if (descriptor.value !== undefined) {
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
  if (typeof key === 'symbol') {
    name = stylize(symbolText(key), 'symbol');
    if (descriptor.enumerable === false) name = `[${name}]`;
  } else if (key === '__proto__') name = "['__proto__']";
  else if (descriptor.enumerable === false)
    name = `[${key.replace(/[\x00-\x1f\x27\x5c\x7f-\x9f]/g, (c) => quote(c).slice(1, -1))}]`;
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
  while (types.isProxy(value)) {
    if (isRevoked(value)) return null;
    value = binding('types').proxyTarget(value);
  }
  return value;
}

/** The text of an object as that of the Proxy before it. */
function markProxy(context, proxy, text) {
  for (let one = proxy; types.isProxy(one); one = binding('types').proxyTarget(one))
    text = `${context.stylize('Proxy(', 'special')}${text}${context.stylize(')', 'special')}`;
  return text;
}

function formatProxy(context, value, depth) {
  if (isRevoked(value)) return context.stylize('<Revoked Proxy>', 'special');
  if (depth > context.depth && context.depth !== null)
    return context.stylize('Proxy [Array]', 'special');
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
 * @param {object} context Of makeContext (internal/inspect/inspect).
 * @param {unknown} value
 * @param {number} depth How deep value is nested.
 * @param {boolean} [inTypedArray]
 */
function formatValue(context, value, depth, inTypedArray) {
  if (value === null) return context.stylize('null', 'null');
  if (typeof value !== 'object' && typeof value !== 'function')
    return formatPrimitive(context, value);
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
      maybe !== require('internal/inspect/inspect').inspect &&
      !(hasOwn(value, 'constructor') && value.constructor?.prototype === value)
    ) {
      const rest = context.depth === null ? null : context.depth - depth;
      const { inspect } = require('internal/inspect/inspect');
      // The options are those of the call; how much of its depth is left, the first argument says.
      const args = [rest, optionsForCustom(context), inspect];
      const result = Reflect.apply(maybe, original, args);
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
  const text = formatObject(context, value, depth, inTypedArray);
  return original === value ? text : markProxy(context, original, text);
}

/** Whether %s shows an object by its own toString: one that the program defined. */
function hasOwnText(value) {
  if (types.isProxy(value)) {
    value = unwrapProxy(value);
    if (value === null) return false;
  }
  const { [Symbol.toPrimitive]: convert } = value;
  if (
    typeof convert === 'function' &&
    convert !== Date.prototype[Symbol.toPrimitive] &&
    convert !== Symbol.prototype[Symbol.toPrimitive]
  )
    return true;
  if (typeof value.toString !== 'function') return false;
  if (hasOwn(value, 'toString')) return true;
  let at = value;
  do {
    at = getPrototypeOf(at);
  } while (at !== null && !hasOwn(at, 'toString'));
  const own = at === null ? undefined : getOwnPropertyDescriptor(at, 'constructor');
  return own === undefined || typeof own.value !== 'function' || !isBuiltIn(own.value);
}

// The classes of the language whose text says less than inspect(), unlike that of URL or Buffer.
const OF_LANGUAGE = new Set(
  (
    'Object Function Array Number Boolean String Symbol BigInt Date RegExp Promise Map Set WeakMap WeakSet ' +
    'WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer DataView Iterator Intl Error ' +
    'AggregateError EvalError RangeError ReferenceError SuppressedError SyntaxError TypeError URIError'
  ).split(' '),
);
const isBuiltIn = (Class) =>
  OF_LANGUAGE.has(Class.name) && getOwnPropertyDescriptor(globalThis, Class.name)?.value === Class;

exports.hasOwnText = hasOwnText;
