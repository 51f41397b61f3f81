'use strict';
// AssertionError, and how assertions throw it.
const { kCodeInHeader } = require('internal/errors/stack');
const { inspect } = require('internal/inspect/inspect');
const { validateObject, validateOneOf } = require('internal/errors/validators');
const comparisonMessage = (...args) =>
  require('internal/assert/message').comparisonMessage(...args);

const isError = (value) => Error.isError(value) || value instanceof Error;

// The operators whose errors have no empty message.
const STRICT = new Set(['deepStrictEqual', 'partialDeepStrictEqual', 'strictEqual']);

/** An assertion that failed: actual, expected, operator, generatedMessage, code, diff. */
class AssertionError extends Error {
  /**
   * @param {{ message?: string, actual?, expected?, operator?: string, stackStartFn?: Function,
   *     diff?: 'simple' | 'full' }} options
   */
  constructor(options) {
    validateObject(options, 'options');
    const { message, operator, stackStartFn, stackStartFunction, actual, expected } = options;
    const { diff = 'simple' } = options;
    validateOneOf(diff, 'options.diff', ['simple', 'full']);
    const none = STRICT.has(operator) ? !message : message == null;
    super(none ? comparisonMessage(actual, expected, operator, diff) : String(message));
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
    this.diff = diff;
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
function fail({ message, actual, expected, operator, above, generated, diff }) {
  if (isError(message)) throw message;
  const stackStartFn = above;
  const error = new AssertionError({ message, actual, expected, operator, stackStartFn, diff });
  if (generated !== undefined) error.generatedMessage = generated;
  throw error;
}

module.exports = { AssertionError, fail, isError };
