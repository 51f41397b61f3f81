'use strict';
// inspect() and format(). What objects need is in internal/inspect/value and loads with the first
// object shown: printing plain strings touches this file only.

const custom = Symbol.for('nodejs.util.inspect.custom');

const defaults = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

function makeContext(options) {
  const text = require('internal/inspect/text');
  const context = {
    ...defaults,
    seen: [],
    circular: undefined,
    indentation: 0,
    currentDepth: 0,
    size: 0,
    stylize: text.plain,
    userOptions: options,
  };
  if (options !== undefined && options !== null)
    for (const key of Object.keys(options))
      if (Object.hasOwn(defaults, key) || key === 'stylize') context[key] = options[key];
  if (context.colors && options?.stylize === undefined) context.stylize = text.colored;
  if (context.maxArrayLength === null) context.maxArrayLength = Infinity;
  if (context.maxStringLength === null) context.maxStringLength = Infinity;
  return context;
}

/**
 * Shows a value as text for people, as Node's util.inspect.
 * @param {unknown} value
 * @param {object | boolean} [options] Options, or showHidden, followed by depth and colors.
 * @returns {string}
 */
function inspect(value, options) {
  let chosen = options;
  if (typeof options === 'boolean') chosen = { showHidden: options };
  else if (options !== undefined && (typeof options !== 'object' || options === null))
    chosen = undefined;
  if (arguments.length > 2 && (typeof options !== 'object' || options === null)) {
    chosen = { ...chosen };
    if (arguments[2] !== undefined) chosen.depth = arguments[2];
    if (arguments[3] !== undefined) chosen.colors = arguments[3];
  }
  return require('internal/inspect/value').formatValue(makeContext(chosen), value, 0);
}
inspect.custom = custom;
for (const name of ['colors', 'styles'])
  Object.defineProperty(inspect, name, {
    configurable: true,
    enumerable: true,
    get: () => require('internal/inspect/text')[name],
    set(value) {
      Object.defineProperty(inspect, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
Object.defineProperty(inspect, 'defaultOptions', {
  configurable: true,
  get: () => defaults,
  set(options) {
    require('internal/errors/validators').validateObject(options, 'options');
    for (const key of Object.keys(options))
      if (Object.hasOwn(defaults, key)) defaults[key] = options[key];
  },
});

/** What %s shows of an object: its own toString, if it has one. */
function textOf(value, options) {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return numeric(value, options);
    case 'object':
    case 'function':
      if (value === null) return 'null';
      if (typeof value === 'object' && !require('internal/inspect/value').hasOwnText(value))
        return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
      return String(value);
    default:
      return String(value);
  }
}

function json(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (/cyclic|circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

/** Replaces one % directive; undefined for what is none. */
function directive(letter, value, options) {
  switch (letter) {
    case 's':
      return textOf(value, options);
    case 'd':
      if (typeof value === 'bigint') return numeric(value, options);
      if (typeof value === 'symbol') return 'NaN';
      return numeric(Number(value), options);
    case 'i':
      if (typeof value === 'bigint') return numeric(value, options);
      if (typeof value === 'symbol') return 'NaN';
      return numeric(parseInt(value), options);
    case 'f':
      return typeof value === 'symbol' ? 'NaN' : numeric(parseFloat(value), options);
    case 'j':
      return json(value);
    case 'o':
      return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'O':
      return inspect(value, options);
    case 'c':
      return ''; // style sheets mean nothing to a terminal
    default:
      return undefined;
  }
}

function numeric(number, options) {
  const separated = options?.numericSeparator ?? defaults.numericSeparator;
  const big = typeof number === 'bigint';
  if (separated) {
    const { bigintText, numberText } = require('internal/inspect/text');
    return big ? bigintText(number, true) : numberText(number, true);
  }
  if (big) return `${number}n`;
  return Object.is(number, -0) ? '-0' : String(number);
}

function formatArguments(options, args) {
  const [first] = args;
  if (args.length === 1 && typeof first === 'string') return first;
  if (args.length === 0) return '';
  let text = '';
  let used = 0;
  if (typeof first === 'string') {
    used = 1;
    let from = 0;
    for (
      let at = first.indexOf('%');
      at >= 0 && at < first.length - 1;
      at = first.indexOf('%', at + 1)
    ) {
      const letter = first[at + 1];
      if (letter === '%') {
        text += first.slice(from, at + 1);
        from = at + 2;
        at++;
        continue;
      }
      if (used === args.length) continue;
      if (!'sdijfoOc'.includes(letter)) continue;
      const shown = directive(letter, args[used], options);
      used++;
      text += first.slice(from, at) + shown;
      from = at + 2;
      at++;
    }
    text += first.slice(from);
  }
  for (let i = used; i < args.length; i++) {
    if (i > 0) text += ' ';
    text += typeof args[i] === 'string' ? args[i] : inspect(args[i], options);
  }
  return text;
}

/**
 * printf-like text: %s %d %i %f %j %o %O %c %%; arguments that are left over follow.
 * @param {...unknown} args
 */
function format(...args) {
  return formatArguments(undefined, args);
}

/** format() with options for inspect(). */
function formatWithOptions(options, ...args) {
  require('internal/errors/validators').validateObject(options, 'inspectOptions', {
    allowArray: true,
  });
  return formatArguments(options, args);
}

module.exports = { inspect, format, formatWithOptions, formatArguments, custom };
