'use strict';
// Two checks, so that the tests of require() need no other module.

exports.equal = function equal(actual, expected) {
  if (!Object.is(actual, expected))
    throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
};

/** Returns what fn throws, and checks its code if one is given. */
exports.throws = function throws(fn, code) {
  let result;
  try {
    result = fn();
  } catch (error) {
    if (code !== undefined) exports.equal(error.code, code);
    return error;
  }
  throw new Error(`expected an error, got ${String(result)}`);
};
