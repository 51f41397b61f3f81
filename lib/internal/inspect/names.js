'use strict';
// inspect(): what objects are called. The constructor's name, the prefix, functions and classes.
const types = require('util/types');
const { hasOwn, getPrototypeOf, getOwnPropertyDescriptor } = Object;

/** The name of the constructor; null if the prototype chain has none. */
function constructorName(object, context, depth) {
  for (let at = object; at !== null; at = getPrototypeOf(at)) {
    const own = getOwnPropertyDescriptor(at, 'constructor');
    if (own === undefined || typeof own.value !== 'function') continue;
    if (own.value.name !== '' && isInstance(object, own.value)) return String(own.value.name);
  }
  const prototype = getPrototypeOf(object);
  if (prototype === null) return null;
  const name = Array.isArray(object)
    ? 'Array'
    : typeof object === 'function'
      ? 'Function'
      : 'Object';
  if (depth > context.depth && context.depth !== null) return `${name} <Complex prototype>`;
  const above = constructorName(prototype, context, depth + 1);
  if (above !== null) return `${name} <${above}>`;
  return `${name} <${require('internal/inspect/value').formatValue({ ...context, customInspect: false, depth: -1, seen: [] }, prototype, 0)}>`;
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

function functionBase(value, name, tag) {
  const source = Function.prototype.toString.call(value);
  if (source.startsWith('class') && source.endsWith('}')) {
    const head = source.slice(5, source.indexOf('{'));
    if (
      !head.includes('(') ||
      /^(\s+[^(]*?)\s*\{/.test(head.replace(/\/\/.*|\/\*[^]*?\*\//g, '') + '{')
    )
      return classBase(value, name, tag);
  }
  let type = 'Function';
  if (types.isGeneratorFunction(value)) type = `Generator${type}`;
  if (types.isAsyncFunction(value)) type = `Async${type}`;
  let base = `[${type}`;
  if (name === null) base += ' (null prototype)';
  base +=
    value.name === ''
      ? ' (anonymous)'
      : `: ${typeof value.name === 'string' ? value.name : formatName(value.name)}`;
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

module.exports = { constructorName, prefixOf, functionBase };
