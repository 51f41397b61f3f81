'use strict';
// The test() of test/helpers for a package: without the package every test is skipped.
const { test } = require('../helpers/test');

/** @returns {[Function, any]} test and the package's exports, undefined if it is not installed */
module.exports = function packageTest(name) {
  try {
    return [test, require(name)];
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return [
      (title) => test.skip(title, `${name} is not installed: tools/setup.sh build test`),
      undefined,
    ];
  }
};
