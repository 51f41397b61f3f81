'use strict';
// URLPattern (https://urlpattern.spec.whatwg.org) by the package urlpattern-polyfill, with Node's
// errors.
const { codes } = require('internal/errors/codes');
const { URLPattern: Pattern } = require('vendor/urlpattern');

const PARTS = [
  ...['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'],
  'hasRegExpGroups',
];
// Those of a match, in the order that Node has them in.
const RESULTS = [
  ...['hash', 'hostname', 'inputs', 'password', 'pathname', 'port', 'protocol', 'search'],
  'username',
];

const wrongType = (message) =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
const isText = (value) => typeof value === 'string';
const isObject = (value) => typeof value === 'object' || typeof value === 'function';

/** The pattern's arguments as the package takes them: what is left out is not there. */
function readArguments(input, base, options) {
  if (!isText(input) && !isObject(input ?? {}))
    throw wrongType('Input must be an object or a string');
  if (options === undefined && base !== undefined && !isText(base)) {
    if (!isObject(base)) throw wrongType('second argument must be a string or object');
    options = base;
    base = undefined;
  }
  if (base !== undefined && !isText(base)) throw wrongType('second argument must be a string');
  if (!isObject(options ?? {})) throw wrongType('options must be an object');
  const rest = [{ ignoreCase: Boolean(options?.ignoreCase) }];
  if (base !== undefined) rest.unshift(base);
  return [input ?? {}, ...rest];
}

/** What is matched, checked. */
function readInput(input, base) {
  if (input !== undefined && !isText(input) && !isObject(input))
    throw wrongType('URLPattern input needs to be a string or an object');
  if (base !== undefined && !isText(base)) throw wrongType('baseURL must be a string');
  return base === undefined ? [input ?? {}] : [input ?? {}, base];
}

class URLPattern {
  #pattern;

  /**
   * @param {string | object} [input]  the whole pattern, or those of parts
   * @param {string | { ignoreCase?: boolean }} [base]  what a pattern is relative to
   * @param {{ ignoreCase?: boolean }} [options]
   * @throws {TypeError} ERR_INVALID_URL_PATTERN
   */
  constructor(...args) {
    const given = readArguments(...args);
    try {
      this.#pattern = Reflect.construct(Pattern, given);
    } catch (error) {
      const reason = error.message.replace(/^Failed to construct 'URLPattern': /, '');
      throw new codes.ERR_INVALID_URL_PATTERN(reason);
    }
  }

  /** Of each part what matched and the groups; null if anything does not match. */
  exec(...args) {
    const found = this.#match('exec', args);
    if (!found) return null;
    const result = { __proto__: null };
    for (const name of RESULTS) {
      const part = found[name];
      result[name] = name === 'inputs' ? args : { groups: part.groups, input: part.input };
    }
    return result;
  }

  test(...args) {
    return Boolean(this.#match('test', args));
  }

  #match(method, args) {
    const given = readInput(...args);
    if (args[0] === null) return null;
    try {
      return this.#pattern[method](...given);
    } catch (error) {
      throw new codes.ERR_OPERATION_FAILED(`Failed to ${method} URLPattern: ${error.message}`);
    }
  }

  static part = (pattern, name) => pattern.#pattern[name];
}

const { part } = URLPattern;
delete URLPattern.part;
for (const name of PARTS)
  Object.defineProperty(URLPattern.prototype, name, {
    enumerable: true,
    configurable: true,
    get() {
      return part(this, name);
    },
  });
for (const name of ['exec', 'test'])
  Object.defineProperty(URLPattern.prototype, name, { enumerable: true });
Object.defineProperty(URLPattern.prototype, Symbol.toStringTag, {
  value: 'URLPattern',
  configurable: true,
});

module.exports = { URLPattern };
