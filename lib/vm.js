'use strict';
// The module vm as far as one global scope goes: all code runs in this one. There are no contexts
// of their own.
const { codes } = require('internal/errors/codes');
const { validateArray, validateObject, validateString } = require('internal/errors/validators');
const runtime = binding('runtime');

const ANONYMOUS = 'evalmachine.<anonymous>';

function filenameOf(options = {}) {
  if (typeof options === 'string') return options;
  validateObject(options, 'options');
  const { filename = ANONYMOUS } = options;
  validateString(filename, 'options.filename');
  return filename;
}

function unavailable(name) {
  return () => {
    throw new codes.ERR_FEATURE_UNAVAILABLE(`vm.${name}()`);
  };
}

/** A text that parses, to be run in the global scope as often as wanted. */
class Script {
  #code;
  #filename;

  constructor(code, options) {
    this.#code = `${code}`;
    this.#filename = filenameOf(options);
    runtime.checkSyntax(this.#code, this.#filename);
  }

  /** Runs the script; returns its completion value. */
  runInThisContext() {
    return runtime.compile(this.#code, this.#filename);
  }

  createCachedData() {
    return Buffer.alloc(0);
  }
}
Script.prototype.runInContext = unavailable('Script.runInContext');
Script.prototype.runInNewContext = unavailable('Script.runInNewContext');

/** Runs a text in the global scope; returns its completion value. */
function runInThisContext(code, options) {
  return new Script(code, options).runInThisContext();
}

/** A function of the global scope with these parameters and this body. */
function compileFunction(code, params = [], options = {}) {
  validateString(code, 'code');
  validateArray(params, 'params');
  for (const [index, name] of params.entries()) validateString(name, `params[${index}]`);
  Function(...params, code); // so that the text cannot end the function around it
  return runtime.compile(`(function (${params.join(', ')}) {${code}\n})`, filenameOf(options));
}

module.exports = {
  Script,
  compileFunction,
  createContext: unavailable('createContext'),
  isContext: () => false,
  runInContext: unavailable('runInContext'),
  runInNewContext: unavailable('runInNewContext'),
  runInThisContext,
};
