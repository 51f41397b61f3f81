'use strict';
// Assertions as Node documents them (https://nodejs.org/api/assert.html). CallTracker is left out.
const { codes } = require('internal/errors/codes');
const { validateOneOf } = require('internal/errors/validators');
const { isDeepEqual, isDeepStrictEqual, isPartiallyEqual } = require('internal/util/comparisons');
const { inspect } = require('internal/inspect/inspect');

const { AssertionError, fail, isError } = require('internal/assert/error');
const { expectThrown, expectNotThrown, thrownBy, rejectionOf } = require('internal/assert/thrown');

const isRegExp = (value) => require('util/types').isRegExp(value);
const isObject = (value) => typeof value === 'object' && value !== null;
const callText = (above) => require('internal/assert/message').callText(above);

const kOptions = Symbol('options');
// Those of `assert` itself, and of functions that were taken from an Assert.
const USUAL = { diff: 'simple', skipPrototype: false };
const optionsOf = (holder) => holder?.[kOptions] ?? USUAL;

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
  const { diff } = optionsOf(this);
  fail({ message: message ?? 'Failed', operator: 'fail', above: fail_, generated, diff });
};
Object.defineProperty(assert.fail, 'name', { value: 'fail' });

assert.AssertionError = AssertionError;

/** Adds assert[name]: fails unless passes(actual, expected, options). */
function comparison(name, operator, passes) {
  const check = {
    [name](actual, expected, ...given) {
      if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('actual', 'expected');
      const options = optionsOf(this);
      if (passes(actual, expected, options)) return;
      const message = messageOf(given, actual, expected);
      fail({ message, actual, expected, operator, above: check, diff: options.diff });
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
comparison(
  'notDeepStrictEqual',
  'notDeepStrictEqual',
  (a, b, options) => !isDeepStrictEqual(a, b, options),
);
comparison('strictEqual', 'strictEqual', Object.is);
comparison('notStrictEqual', 'notStrictEqual', (a, b) => !Object.is(a, b));

// ---- Exceptions

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
    diff: optionsOf(this).diff,
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

// ---- Strict ones, and ones with options

const { AssertionError: _, ...assertions } = assert;

/** What makes equal() mean strictEqual(), and so on. */
const strictly = {
  equal: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  notEqual: assert.notStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
};

/**
 * Assertions with options of their own, which they have as its methods only.
 * @param {{ diff?: 'simple' | 'full', strict?: boolean, skipPrototype?: boolean }} [options]  diff: whether
 *     messages have all of long values; strict, by default true: equal() means strictEqual();
 *     skipPrototype: objects of different classes may be equal
 */
function Assert(options) {
  if (new.target === undefined) throw new codes.ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  const { diff = 'simple', strict: isStrict = true, skipPrototype = false } = options ?? {};
  validateOneOf(diff, 'options.diff', ['simple', 'full']);
  this.AssertionError = AssertionError;
  Object.defineProperty(this, kOptions, { value: { diff, skipPrototype } });
  if (isStrict) Object.assign(this, strictly);
}
Object.assign(Assert.prototype, assertions);

function strict(...args) {
  checkTruth(strict, args.length, ...args);
}
assert.Assert = Assert;
assert.strict = Object.assign(strict, assert, strictly);
assert.strict.strict = assert.strict;

module.exports = assert;
