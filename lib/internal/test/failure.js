'use strict';
// Errors of tests, as their reports have them.
const { codes } = require('internal/errors/codes');

/**
 * The error of a test that failed.
 * @param {unknown} cause  what it threw, or a text
 * @param {string} failureType
 */
function failure(cause, failureType) {
  const text = typeof cause === 'string' ? cause : (cause?.message ?? String(cause));
  const error = new codes.ERR_TEST_FAILURE(text);
  error.failureType = failureType;
  error.cause = cause;
  // Where it was found to have failed tells nothing.
  error.stack = `${error.name} [${error.code}]: ${text}`;
  return error;
}

/** Such an error of anything: one that is one stays. */
const asFailure = (error, failureType) =>
  error?.code === 'ERR_TEST_FAILURE' ? error : failure(error, failureType);

/** The file, line and column of the program's call that is the innermost. */
function placeOfCaller() {
  const { getCallSites } = require('internal/util/call_sites');
  const site = getCallSites(30).find(({ scriptName }) => scriptName?.startsWith('/'));
  if (site === undefined) return {};
  return { file: site.scriptName, line: site.lineNumber, column: site.columnNumber };
}

module.exports = { asFailure, failure, placeOfCaller };
