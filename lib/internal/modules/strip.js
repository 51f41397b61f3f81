'use strict';
// module.stripTypeScriptTypes().
const { validateObject, validateOneOf, validateString } = require('internal/errors/validators');

/**
 * A TypeScript text without its types; its lines stay where they are.
 * @param {string} code
 * @param {{ mode?: 'strip', sourceUrl?: string, sourceMap?: false }} [options]
 * @returns {string}
 * @throws {SyntaxError} ERR_INVALID_TYPESCRIPT_SYNTAX
 */
function stripTypeScriptTypes(code, options = {}) {
  validateString(code, 'code');
  validateObject(options, 'options');
  const { mode = 'strip', sourceUrl, sourceMap } = options;
  validateOneOf(mode, 'options.mode', ['strip']);
  validateOneOf(sourceMap, 'options.sourceMap', [false, undefined]);
  if (sourceUrl !== undefined) validateString(sourceUrl, 'options.sourceUrl');
  const { stripTypes } = require('internal/modules/typescript');
  let text;
  try {
    text = stripTypes(code, sourceUrl ?? 'code.ts').code;
  } catch (error) {
    if (error instanceof SyntaxError) error.code = 'ERR_INVALID_TYPESCRIPT_SYNTAX';
    throw error;
  }
  return sourceUrl === undefined ? text : `${text}\n\n//# sourceURL=${sourceUrl}`;
}

module.exports = { stripTypeScriptTypes };
