'use strict';
// What a program's async functions do with what they throw (internal/modules/transform): it is noted
// for the `at async` lines of stacks, and thrown on.
const { leave } = require('internal/errors/classes');

/**
 * @param {unknown} error
 * @param {string | undefined} at  where the function waited last, as `line:column`
 */
exports.$sluice_left = (error, at) => {
  leave(error, at);
  throw error;
};
