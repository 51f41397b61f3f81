'use strict';
// What a function threw, or a promise was rejected with, beside what was expected.
const { codes } = require('internal/errors/codes');
const { isDeepStrictEqual } = require('internal/util/comparisons');
const { inspect } = require('internal/inspect/inspect');
const { fail, isError } = require('internal/assert/error');

const isRegExp = (value) => require('util/types').isRegExp(value);
const isObject = (value) => typeof value === 'object' && value !== null;
const comparisonMessage = (...args) =>
  require('internal/assert/message').comparisonMessage(...args);

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
    const what = above.name === 'rejects' ? 'rejection' : 'exception';
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
  const what = above.name === 'doesNotReject' ? 'rejection' : 'exception';
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

module.exports = { expectThrown, expectNotThrown, thrownBy, rejectionOf };
