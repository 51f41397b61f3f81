'use strict';
// util as Node documents it (https://nodejs.org/api/util.html), without the transferable abort
// signals.
const { inspect, format, formatWithOptions } = require('internal/inspect/inspect');
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateString,
  validateObject,
  validateAbortSignal,
} = require('internal/errors/validators');

const customPromisify = Symbol.for('nodejs.util.promisify.custom');
// Names of the callback's values, on functions whose promise gives an object of them.
const customPromisifyArgs = Symbol.for('sluice.util.promisify.args');

/**
 * Turns a function that takes a callback(error, value) last into one that returns a promise.
 * @param {Function} original
 */
function promisify(original) {
  validateFunction(original, 'original');
  // The module timers gives its functions their other form.
  if (original === setTimeout || original === setImmediate) require('timers');
  const custom = original[customPromisify];
  if (custom !== undefined && custom !== null && custom !== false) {
    validateFunction(custom, 'util.promisify.custom');
    return Object.defineProperty(custom, customPromisify, {
      value: custom,
      enumerable: false,
      writable: false,
      configurable: true,
    });
  }
  const names = original[customPromisifyArgs];
  function promisified(...args) {
    return new Promise((resolve, reject) => {
      const callback = (error, ...values) => {
        if (error) reject(error);
        else if (names !== undefined && values.length > 1)
          resolve(Object.fromEntries(names.map((name, i) => [name, values[i]])));
        else resolve(values[0]);
      };
      Reflect.apply(original, this, [...args, callback]);
    });
  }
  Object.setPrototypeOf(promisified, Object.getPrototypeOf(original));
  Object.defineProperty(promisified, customPromisify, {
    value: promisified,
    enumerable: false,
    writable: false,
    configurable: true,
  });
  const properties = Object.getOwnPropertyDescriptors(original);
  for (const key of Reflect.ownKeys(properties))
    Object.defineProperty(promisified, key, properties[key]);
  return promisified;
}
promisify.custom = customPromisify;

/**
 * Turns a function that returns a promise into one that takes a callback last.
 * @param {Function} original
 */
function callbackify(original) {
  validateFunction(original, 'original');
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, 'last argument');
    Reflect.apply(original, this, args).then(
      (value) => process.nextTick(() => Reflect.apply(callback, this, [null, value])),
      (reason) => {
        let error = reason;
        if (!reason) {
          error = new codes.ERR_FALSY_VALUE_REJECTION();
          error.reason = reason;
        }
        process.nextTick(() => Reflect.apply(callback, this, [error]));
      },
    );
  }
  const properties = Object.getOwnPropertyDescriptors(original);
  if (typeof properties.length.value === 'number') properties.length.value++;
  if (typeof properties.name.value === 'string') properties.name.value += 'Callbackified';
  for (const key of Reflect.ownKeys(properties))
    Object.defineProperty(callbackified, key, properties[key]);
  return callbackified;
}

/** Makes constructor inherit from parent, and sets constructor.super_. */
function inherits(constructor, parent) {
  if (constructor === undefined || constructor === null)
    throw new codes.ERR_INVALID_ARG_TYPE('ctor', 'Function', constructor);
  if (parent === undefined || parent === null)
    throw new codes.ERR_INVALID_ARG_TYPE('superCtor', 'Function', parent);
  if (parent.prototype === undefined)
    throw new codes.ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', parent.prototype);
  Object.defineProperty(constructor, 'super_', {
    value: parent,
    writable: true,
    configurable: true,
  });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

const warned = new Set();

/**
 * Wraps fn so that its first call warns. With a code, the first call of all with that code.
 * @param {Function} fn
 * @param {string} message
 * @param {string} [code]
 */
function deprecate(fn, message, code) {
  if (process.noDeprecation === true) return fn;
  if (code !== undefined) validateString(code, 'code');
  let done = false;
  function deprecated(...args) {
    if (!done) {
      done = true;
      if (code === undefined || !warned.has(code)) {
        if (code !== undefined) warned.add(code);
        process.emitWarning?.(message, 'DeprecationWarning', code, deprecated);
      }
    }
    return new.target === undefined
      ? Reflect.apply(fn, this, args)
      : Reflect.construct(fn, args, new.target);
  }
  Object.setPrototypeOf(deprecated, fn);
  Object.defineProperty(deprecated, 'length', { value: fn.length, configurable: true });
  if (fn.prototype) deprecated.prototype = fn.prototype;
  return deprecated;
}

let debugPattern;

/** Whether NODE_DEBUG names the section: a list with commas, * for any text. */
function isDebugged(section) {
  if (debugPattern === undefined) {
    const text = require('internal/base/environment').own('NODE_DEBUG') ?? '';
    const source = text
      .replace(/[|\\{}()[\]^$+?.]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll(',', '$|^');
    debugPattern = text === '' ? /^(?!)/ : new RegExp(`^${source}$`, 'i');
  }
  return debugPattern.test(section);
}

/**
 * A function that prints to standard error if NODE_DEBUG names the section.
 * @param {string} section
 * @param {(log: Function) => void} [onFirst] Is given a cheaper function at the first call.
 */
function debuglog(section, onFirst) {
  let enabled;
  const test = () => (enabled ??= isDebugged(section));
  let first = true;
  const log = (...args) => {
    const write = test()
      ? (...values) => {
          const text = `${section.toUpperCase()} ${process.pid}: ${format(...values)}\n`;
          if (process.stderr) process.stderr.write(text);
          else binding('runtime').writeSync(2, text);
        }
      : () => {};
    if (first) {
      first = false;
      if (typeof onFirst === 'function') onFirst(write);
    }
    write(...args);
  };
  Object.defineProperty(log, 'enabled', { get: test, configurable: true, enumerable: true });
  return log;
}

/** Text without terminal control sequences. */
function stripVTControlCharacters(text) {
  validateString(text, 'str');
  return require('internal/inspect/text').stripControl(text);
}

/** The text with lone surrogates replaced. */
function toUSVString(text) {
  return `${text}`.toWellFormed();
}

/**
 * A promise that settles when signal aborts; it does not keep resource alive.
 * @param {AbortSignal} signal
 * @param {object} resource
 */
async function aborted(signal, resource) {
  if (signal === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', { nullable: false, allowFunction: true, allowArray: true });
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, require('internal/base/abort').onAbort);
  });
}

function errorTable() {
  const { errnoNames } = require('internal/base/constants');
  const { errnoText } = require('internal/errors/system');
  const table = new Map();
  for (const [number, name] of errnoNames) table.set(-number, [name, errnoText(-number)]);
  return table;
}
let errorMap;

/** errno, negative, -> [name, message]. */
const getSystemErrorMap = () => new Map((errorMap ??= errorTable()));

function checkErrno(number) {
  require('internal/errors/validators').validateNumber(number, 'err');
  if (number >= 0 || !Number.isSafeInteger(number))
    throw new codes.ERR_OUT_OF_RANGE('err', 'a negative integer', number);
}

/** The name of an errno, which is negative: -111 -> 'ECONNREFUSED'. */
function getSystemErrorName(number) {
  checkErrno(number);
  return require('internal/errors/codes').errnoName(number);
}

/** The text of an errno, which is negative: -111 -> 'connection refused'. */
function getSystemErrorMessage(number) {
  checkErrno(number);
  return require('internal/errors/system').errnoText(number);
}

/** The exit code that a shell has for a program that a signal ended. */
function convertProcessSignalToExitCode(signal) {
  const { signals } = require('os').constants;
  require('internal/errors/validators').validateOneOf(signal, 'signalCode', Object.keys(signals));
  return 128 + signals[signal];
}

const isObject = (value) => value !== null && typeof value === 'object';

module.exports = {
  _errnoException: (...args) => require('internal/errors/codes').errnoException(...args),
  _exceptionWithHostPort: (...args) =>
    require('internal/errors/codes').exceptionWithHostPort(...args),
  _extend(target, source) {
    return isObject(source) ? Object.assign(target, source) : target;
  },
  aborted,
  callbackify,
  convertProcessSignalToExitCode,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  getSystemErrorMap,
  getSystemErrorMessage,
  getSystemErrorName,
  inherits,
  inspect,
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: (value) => require('buffer').Buffer.isBuffer(value),
  isDate: (value) => require('util/types').isDate(value),
  isDeepStrictEqual(a, b, skipPrototype) {
    return require('internal/util/comparisons').isDeepStrictEqual(a, b, { skipPrototype });
  },
  /** Whether all that b has is in a, and the same. */
  isPartialDeepStrictEqual(a, b) {
    return require('internal/util/comparisons').isPartiallyEqual(a, b);
  },
  isError: (value) => Error.isError(value) || value instanceof Error,
  isFunction: (value) => typeof value === 'function',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject,
  isPrimitive: (value) =>
    value === null || (typeof value !== 'object' && typeof value !== 'function'),
  isRegExp: (value) => require('util/types').isRegExp(value),
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
  log(...args) {
    const now = new Date();
    const clock = [now.getHours(), now.getMinutes(), now.getSeconds()];
    const day = `${now.getDate()} ${now.toLocaleString('en', { month: 'short' })}`;
    console.log(
      '%s - %s',
      `${day} ${clock.map((part) => String(part).padStart(2, '0')).join(':')}`,
      format(...args),
    );
  },
  /** Sees to it that a promise that is rejected is no unhandled rejection. */
  markPromiseAsHandled(promise) {
    if (!require('util/types').isPromise(promise))
      throw new codes.ERR_INVALID_ARG_TYPE('promise', 'Promise', promise);
    Promise.prototype.then.call(promise, undefined, () => {});
  },
  promisify,
  stripVTControlCharacters,
  toUSVString,
};

/** Members whose module loads when they are first read. */
for (const [name, file] of [
  ['types', 'util/types'],
  ['TextEncoder', 'internal/buffer/text'],
  ['TextDecoder', 'internal/buffer/text'],
  ['parseArgs', 'internal/util/parse_args'],
  ['parseEnv', 'internal/util/parse_env'],
  ['getCallSites', 'internal/util/call_sites'],
  ['styleText', 'internal/util/style'],
  ['MIMEParams', 'internal/util/mime'],
  ['MIMEType', 'internal/util/mime'],
  ['diff', 'internal/util/diff'],
])
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = name === 'types' ? require(file) : require(file)[name];
      Object.defineProperty(module.exports, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      return value;
    },
    set(value) {
      Object.defineProperty(module.exports, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
