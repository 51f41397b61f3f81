'use strict';
// What the functions of vm take as options.
// docs: https://nodejs.org/api/vm.html
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInt32,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('internal/errors/validators');

const constants = Object.freeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol('vm_dynamic_import_main_context_default'),
  DONT_CONTEXTIFY: Symbol('vm_context_no_contextify'),
});

const ANONYMOUS = 'evalmachine.<anonymous>';

const optional = (check, value, name) => {
  if (value !== undefined) check(value, name);
};

/** The kind of import() that a script has, as internal/vm/contexts knows it. */
function importKind(given) {
  if (given === undefined) return 'missing';
  if (given === constants.USE_MAIN_CONTEXT_DEFAULT_LOADER) return 'main';
  validateFunction(given, 'options.importModuleDynamically');
  return 'flag';
}

/**
 * What a text that is compiled has: its name and the place of its first character.
 * @param {string | object} [options]
 */
function textOptions(options = {}) {
  if (typeof options === 'string') options = { filename: options };
  validateObject(options, 'options');
  const {
    filename = ANONYMOUS,
    lineOffset = 0,
    columnOffset = 0,
    cachedData,
    produceCachedData = false,
    importModuleDynamically,
  } = options;
  validateString(filename, 'options.filename');
  validateInt32(lineOffset, 'options.lineOffset');
  validateInt32(columnOffset, 'options.columnOffset');
  if (cachedData !== undefined && !ArrayBuffer.isView(cachedData))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.cachedData',
      ['Buffer', 'TypedArray', 'DataView'],
      cachedData,
    );
  validateBoolean(produceCachedData, 'options.produceCachedData');
  return {
    filename,
    lineOffset,
    columnOffset,
    cachedData,
    produceCachedData,
    importKind: importKind(importModuleDynamically),
  };
}

/**
 * What ends a script that runs.
 * @returns {{ timeout: number, breakOnSigint: boolean }} timeout in milliseconds, -1 for none
 */
function runOptions(options = {}) {
  validateObject(options, 'options');
  const { timeout, displayErrors = true, breakOnSigint = false } = options;
  if (timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
  validateBoolean(displayErrors, 'options.displayErrors');
  validateBoolean(breakOnSigint, 'options.breakOnSigint');
  return { timeout: timeout ?? -1, breakOnSigint };
}

/**
 * What a new context allows.
 * @param {object} options
 * @param {{ name: string, origin: string, codeGeneration: string }} names  of the options
 */
function contextOptions(options, names) {
  optional(validateString, options[names.name], `options.${names.name}`);
  optional(validateString, options[names.origin], `options.${names.origin}`);
  const generation = options[names.codeGeneration];
  const name = `options.${names.codeGeneration}`;
  optional(validateObject, generation, name);
  const { strings = true, wasm = true } = generation ?? {};
  validateBoolean(strings, `${name}.strings`);
  validateBoolean(wasm, `${name}.wasm`);
  const { microtaskMode } = options;
  validateOneOf(microtaskMode, 'options.microtaskMode', ['afterEvaluate', undefined]);
  return { strings, wasm, afterEvaluate: microtaskMode !== undefined };
}

module.exports = { constants, contextOptions, runOptions, textOptions };
