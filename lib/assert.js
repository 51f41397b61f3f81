'use strict';
// Assertions as Node documents them (https://nodejs.org/api/assert.html). CallTracker is left out.
const { codes } = require('internal/errors/codes');
const { kCodeInHeader } = require('internal/errors/stack');
const { isDeepEqual, isDeepStrictEqual, isPartiallyEqual } = require('internal/util/comparisons');
const { inspect } = require('internal/inspect/inspect');

const isError = (value) => Error.isError(value) || value instanceof Error;
const isRegExp = (value) => require('util/types').isRegExp(value);
const isObject = (value) => typeof value === 'object' && value !== null;
const { comparisonMessage, callText } = {
  comparisonMessage: (...args) => require('internal/assert/message').comparisonMessage(...args),
  callText: (above) => require('internal/assert/message').callText(above),
};

// The operators whose errors have no empty message.
const STRICT = new Set(['deepStrictEqual', 'partialDeepStrictEqual', 'strictEqual']);

/** An assertion that failed: actual, expected, operator, generatedMessage, code. */
class AssertionError extends Error {
  /** @param {{ message?: string, actual?, expected?, operator?: string, stackStartFn?: Function }} options */
  constructor(options) {
    require('internal/errors/validators').validateObject(options, 'options');
    const { message, operator, stackStartFn, stackStartFunction, actual, expected } = options;
    const none = STRICT.has(operator) ? !message : message == null;
    super(none ? comparisonMessage(actual, expected, operator) : String(message));
    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', {
      value: 'AssertionError',
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    const above = stackStartFn ?? stackStartFunction;
    if (typeof above === 'function') Error.captureStackTrace(this, above);
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [inspect.custom](depth, options) {
    return inspect(this, { ...options, customInspect: false, depth: 0 });
  }
}
Object.defineProperty(AssertionError.prototype, kCodeInHeader, { value: true });

/** Throws: message is an Error to throw, a text, or undefined for a made one. */
function fail({ message, actual, expected, operator, above, generated }) {
  if (isError(message)) throw message;
  const error = new AssertionError({ message, actual, expected, operator, stackStartFn: above });
  if (generated !== undefined) error.generatedMessage = generated;
  throw error;
}

/**
 * The message that an assertion was given: an Error to throw, text with what it is formatted with, or
 * a function of both values that returns text. Undefined if there is none.
 */
function messageOf([message, ...values], actual, expected) {
  if (message == null) return undefined;
  if (isError(message)) {
    if (values.length === 0) return message;
    throw new codes.ERR_AMBIGUOUS_ARGUMENT('message', 'An Error is not formatted with values.');
  }
  if (typeof message === 'string')
    return values.length > 0 ? require('util').format(message, ...values) : message;
  if (typeof message !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('message', ['string', 'Function'], message);
  const text = message(actual, expected);
  return typeof text === 'string' ? text : undefined;
}

function checkTruth(above, count, value, ...given) {
  if (value) return;
  let message = messageOf(given, value, true);
  let generated = false;
  if (count === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message == null) {
    generated = true;
    const text = callText(above);
    message =
      text === ''
        ? 'The expression evaluated to a falsy value'
        : `The expression evaluated to a falsy value:\n\n  ${text}\n`;
  }
  fail({ message, actual: value, expected: true, operator: '==', above, generated });
}

/** Fails unless value is truthy. */
function assert(...args) {
  checkTruth(assert, args.length, ...args);
}

assert.ok = function ok(...args) {
  checkTruth(ok, args.length, ...args);
};

assert.fail = function fail_(message) {
  const generated = message === undefined ? true : undefined;
  fail({ message: message ?? 'Failed', operator: 'fail', above: fail_, generated });
};
Object.defineProperty(assert.fail, 'name', { value: 'fail' });

assert.AssertionError = AssertionError;

/** Adds assert[name]: fails unless passes(actual, expected). */
function comparison(name, operator, passes) {
  const check = {
    [name](actual, expected, ...given) {
      if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('actual', 'expected');
      if (passes(actual, expected)) return;
      const message = messageOf(given, actual, expected);
      fail({ message, actual, expected, operator, above: check });
    },
  }[name];
  assert[name] = check;
}

// eslint-disable-next-line eqeqeq
const looselyEqual = (a, b) => a == b || (a !== a && b !== b);
comparison('equal', '==', looselyEqual);
comparison('notEqual', '!=', (a, b) => !looselyEqual(a, b));
comparison('deepEqual', 'deepEqual', isDeepEqual);
comparison('notDeepEqual', 'notDeepEqual', (a, b) => !isDeepEqual(a, b));
comparison('deepStrictEqual', 'deepStrictEqual', isDeepStrictEqual);
comparison('partialDeepStrictEqual', 'partialDeepStrictEqual', isPartiallyEqual);
comparison('notDeepStrictEqual', 'notDeepStrictEqual', (a, b) => !isDeepStrictEqual(a, b));
comparison('strictEqual', 'strictEqual', Object.is);
comparison('notStrictEqual', 'notStrictEqual', (a, b) => !Object.is(a, b));

// ---- Exceptions

/** What is shown of an error that was to have certain properties. */
class Comparison {
  constructor(source, keys, actual) {
    for (const key of keys) {
      if (!(key in source)) continue;
      const matches =
        actual !== undefined &&
        typeof actual[key] === 'string' &&
        isRegExp(source[key]) &&
        source[key].test(actual[key]);
      this[key] = matches ? actual[key] : source[key];
    }
  }
}

function checkProperties(actual, expected, message, above) {
  const keys = Object.keys(expected);
  if (isError(expected)) keys.push('name', 'message');
  else if (keys.length === 0)
    throw new codes.ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  const operator = above.name;
  if (!isObject(actual) && typeof actual !== 'function') {
    const text = comparisonMessage(actual, expected, 'deepStrictEqual');
    fail({
      message: message ?? text,
      actual,
      expected,
      operator,
      above,
      generated: message == null,
    });
  }
  for (const key of keys) {
    if (
      typeof actual[key] === 'string' &&
      isRegExp(expected[key]) &&
      expected[key].test(actual[key])
    )
      continue;
    if (key in actual && isDeepStrictEqual(actual[key], expected[key])) continue;
    const text =
      message ??
      comparisonMessage(
        new Comparison(actual, keys),
        new Comparison(expected, keys, actual),
        'deepStrictEqual',
      );
    fail({ message: text, actual, expected, operator, above, generated: message == null });
  }
}

function checkByFunction(actual, expected, message, above) {
  if (expected.prototype !== undefined && actual instanceof expected) return;
  let text = message;
  if (Error === expected || Object.prototype.isPrototypeOf.call(Error, expected)) {
    text ??=
      `The error is expected to be an instance of "${expected.name}". Received ` +
      (isError(actual)
        ? `"${actual.name}"\n\nError message:\n\n${actual.message}`
        : `"${inspect(actual, { depth: -1 })}"`);
  } else {
    const result = Reflect.apply(expected, {}, [actual]);
    if (result === true) return;
    const name = expected.name === '' ? '' : `"${expected.name}" `;
    text ??=
      `The ${name}validation function is expected to return "true". Received ${inspect(result)}` +
      (isError(actual) ? `\n\nCaught error:\n\n${actual}` : '');
  }
  fail({
    message: text,
    actual,
    expected,
    operator: above.name,
    above,
    generated: message == null,
  });
}

/** Fails unless what was thrown is as expected. */
function checkThrown(actual, expected, message, above) {
  if (isRegExp(expected)) {
    const text = String(actual);
    if (expected.exec(text) !== null) return;
    fail({
      message:
        message ??
        `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`,
      actual,
      expected,
      operator: above.name,
      above,
      generated: message == null,
    });
  }
  if (typeof expected === 'function') checkByFunction(actual, expected, message, above);
  else checkProperties(actual, expected, message, above);
}

const NOTHING = Symbol('nothing was thrown');

function expectThrown(above, actual, expected, message) {
  if (typeof expected === 'string') {
    if (message !== undefined)
      throw new codes.ERR_INVALID_ARG_TYPE(
        'error',
        ['Function', 'Error', 'RegExp', 'Object'],
        expected,
      );
    const thrown = isObject(actual) ? actual.message : actual;
    if (thrown === expected)
      throw new codes.ERR_AMBIGUOUS_ARGUMENT(
        'error/message',
        `The error ${isObject(actual) ? 'message ' : ''}"${thrown}" is identical to the message.`,
      );
    message = expected;
    expected = undefined;
  } else if (expected != null && typeof expected !== 'object' && typeof expected !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE(
      'error',
      ['Function', 'Error', 'RegExp', 'Object'],
      expected,
    );
  if (actual === NOTHING) {
    let details = expected?.name ? ` (${expected.name})` : '';
    details += message ? `: ${message}` : '.';
    const what = above === assert.rejects ? 'rejection' : 'exception';
    fail({
      message: isError(message) ? message : `Missing expected ${what}${details}`,
      expected,
      operator: above.name,
      above,
    });
  }
  if (expected != null) checkThrown(actual, expected, message, above);
}

function expectNotThrown(above, actual, expected, message) {
  if (actual === NOTHING) return;
  if (typeof expected === 'string') {
    message = expected;
    expected = undefined;
  }
  if (expected && typeof expected !== 'function' && !isRegExp(expected))
    throw new codes.ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
  const isExpected =
    !expected ||
    (isRegExp(expected)
      ? expected.test(String(actual))
      : (expected.prototype !== undefined && actual instanceof expected) ||
        (!Object.prototype.isPrototypeOf.call(Error, expected) &&
          expected.call({}, actual) === true));
  if (!isExpected) throw actual;
  const what = above === assert.doesNotReject ? 'rejection' : 'exception';
  fail({
    message: `Got unwanted ${what}${message ? `: ${message}` : '.'}\nActual message: "${actual?.message}"`,
    actual,
    expected,
    operator: above.name,
    above,
  });
}

function thrownBy(fn) {
  require('internal/errors/validators').validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return NOTHING;
}

const isThenable = (value) =>
  value !== null &&
  typeof value === 'object' &&
  typeof value.then === 'function' &&
  typeof value.catch === 'function';

async function rejectionOf(promiseFn) {
  let promise = promiseFn;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isThenable(promise))
      throw new codes.ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
  } else if (!isThenable(promiseFn))
    throw new codes.ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NOTHING;
}

assert.throws = function throws(fn, error, message) {
  expectThrown(throws, thrownBy(fn), error, message);
};

assert.rejects = async function rejects(promiseFn, error, message) {
  expectThrown(rejects, await rejectionOf(promiseFn), error, message);
};

assert.doesNotThrow = function doesNotThrow(fn, error, message) {
  expectNotThrown(doesNotThrow, thrownBy(fn), error, message);
};

assert.doesNotReject = async function doesNotReject(promiseFn, error, message) {
  expectNotThrown(doesNotReject, await rejectionOf(promiseFn), error, message);
};

/** Fails unless value is undefined or null; made for the error argument of callbacks. */
assert.ifError = function ifError(value) {
  if (value === null || value === undefined) return;
  let message = 'ifError got unwanted exception: ';
  if (isObject(value) && typeof value.message === 'string')
    message +=
      value.message.length === 0 && value.constructor ? value.constructor.name : value.message;
  else message += inspect(value);
  const error = new AssertionError({
    actual: value,
    expected: null,
    operator: 'ifError',
    message,
    stackStartFn: ifError,
  });
  const { stack } = value;
  // Where the error came from is what the reader looks for.
  if (typeof stack === 'string') {
    const start = stack.indexOf('\n    at');
    if (start >= 0) error.stack = `${error.stack}${stack.slice(start)}`;
  }
  throw error;
};

function checkMatch(above, string, regexp, ...given) {
  if (!isRegExp(regexp)) throw new codes.ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  const match = above === assert.match;
  if (typeof string === 'string' && (regexp.exec(string) !== null) === match) return;
  const message = messageOf(given, string, regexp);
  if (isError(message)) throw message;
  let text = message || undefined;
  if (typeof string !== 'string')
    text ??= new codes.ERR_INVALID_ARG_TYPE('string', 'string', string).message;
  else {
    const what = match ? 'The input did not match the' : 'The input was expected to not match the';
    text ??= `${what} regular expression ${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
  }
  fail({
    message: text,
    actual: string,
    expected: regexp,
    operator: above.name,
    above,
    generated: message == null,
  });
}

assert.match = function match(string, regexp, ...given) {
  checkMatch(match, string, regexp, ...given);
};

assert.doesNotMatch = function doesNotMatch(string, regexp, ...given) {
  checkMatch(doesNotMatch, string, regexp, ...given);
};

/** The same with equal meaning strictEqual, and so on. */
function strict(...args) {
  checkTruth(strict, args.length, ...args);
}
assert.strict = Object.assign(strict, assert, {
  equal: assert.strictEqual,
  notEqual: assert.notStrictEqual,
  deepEqual: assert.deepStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
});
assert.strict.strict = assert.strict;

module.exports = assert;
