'use strict';
// The module vm.
// docs: https://nodejs.org/api/vm.html
const { codes } = require('internal/errors/codes');
const {
  validateArray,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');
const { constants, contextOptions, runOptions, textOptions } = require('internal/vm/options');
const { Text, contextOf, makeContext } = require('internal/vm/contexts');

/** The place that a magic comment names. */
function commentOf(code, name) {
  if (!code.includes(name)) return undefined;
  const found = [...code.matchAll(new RegExp(`//[#@] ${name}=(\\S+)[ \\t]*$`, 'gm'))];
  return found.at(-1)?.[1];
}

// The engine keeps what it compiled by itself: the data only tells that it belongs to a text.
const dataOf = (code) => Buffer.from(`sluice ${process.versions.jsc ?? ''} ${code.length}`);

/** Sets what cachedData and produceCachedData ask for. */
function addCache(target, code, { cachedData, produceCachedData }) {
  if (cachedData !== undefined) {
    const { buffer, byteOffset, byteLength } = cachedData;
    target.cachedDataRejected = !dataOf(code).equals(Buffer.from(buffer, byteOffset, byteLength));
  }
  if (!produceCachedData) return;
  target.cachedData = dataOf(code);
  target.cachedDataProduced = true;
}

/** The context of an object that has one. */
function contextArgument(object, name, classes) {
  validateObject(object, 'object', OBJECTS);
  const context = contextOf(object);
  if (context === undefined) throw new codes.ERR_INVALID_ARG_TYPE(name, classes, object);
  return context;
}

const OBJECTS = { allowArray: true, allowFunction: true };

/** A text that parses, to be run in any context as often as wanted. */
class Script {
  #code;
  #text;

  constructor(code, options = {}) {
    code = `${code}`;
    const given = textOptions(options);
    this.#code = code;
    this.#text = new Text(code, given);
    this.#text.check();
    addCache(this, code, given);
    this.sourceURL = commentOf(code, 'sourceURL');
    this.sourceMapURL = commentOf(code, 'sourceMappingURL');
  }

  /** Runs the script in the program's own scope; returns its completion value. */
  runInThisContext(options) {
    return this.#text.run(undefined, runOptions(options));
  }

  /** Runs the script in the context of an object. */
  runInContext(contextifiedObject, options) {
    const context = contextArgument(contextifiedObject, 'contextifiedObject', 'vm.Context');
    return this.#text.run(context, runOptions(options));
  }

  /** Runs the script in a new context of an object. */
  runInNewContext(contextObject, options) {
    return this.runInContext(newContext(contextObject, options), options);
  }

  createCachedData() {
    return dataOf(this.#code);
  }
}

const ONE = { name: 'name', origin: 'origin', codeGeneration: 'codeGeneration' };
const NEW = {
  name: 'contextName',
  origin: 'contextOrigin',
  codeGeneration: 'contextCodeGeneration',
};

function contextify(object, options, names) {
  validateObject(object, 'object', { allowArray: true });
  if (contextOf(object) !== undefined) return object;
  validateObject(options, 'options');
  makeContext(object, contextOptions(options, names));
  return object;
}

function newContext(object = {}, options = {}) {
  if (typeof options === 'string') options = {};
  if (object === constants.DONT_CONTEXTIFY) {
    validateObject(options, 'options');
    return makeContext(undefined, contextOptions(options, NEW)).global;
  }
  return contextify(object, options, NEW);
}

/** Makes an object the global scope of scripts; returns it. */
function createContext(contextObject = {}, options = {}) {
  if (contextObject === constants.DONT_CONTEXTIFY) {
    validateObject(options, 'options');
    return makeContext(undefined, contextOptions(options, ONE)).global;
  }
  return contextify(contextObject, options, ONE);
}

/** Whether an object is the global scope of scripts. */
function isContext(object) {
  validateObject(object, 'object', OBJECTS);
  return contextOf(object) !== undefined;
}

const createScript = (code, options) => new Script(code, options);

/** Runs a text in the program's own scope; returns its completion value. */
function runInThisContext(code, options) {
  if (typeof options === 'string') options = { filename: options };
  return createScript(code, options).runInThisContext(options);
}

/** Runs a text in the context of an object. */
function runInContext(code, contextifiedObject, options) {
  contextArgument(contextifiedObject, 'contextifiedObject', 'vm.Context');
  if (typeof options === 'string') options = { filename: options };
  return createScript(code, options).runInContext(contextifiedObject, options);
}

/** Runs a text in a new context of an object. */
function runInNewContext(code, contextObject, options) {
  if (typeof options === 'string') options = { filename: options };
  const context = newContext(contextObject, options);
  return runInContext(code, context, options);
}

const NO_LIMIT = { timeout: -1, breakOnSigint: false };

/**
 * A function with these parameters and this body, of the program's scope or of that of
 * options.parsingContext.
 */
function compileFunction(code, params = [], options = {}) {
  validateString(code, 'code');
  validateArray(params, 'params');
  for (const [index, name] of params.entries()) validateString(name, `params[${index}]`);
  const given = textOptions({ filename: '', ...options });
  const { parsingContext, contextExtensions = [] } = options;
  const context =
    parsingContext === undefined
      ? undefined
      : contextArgument(parsingContext, 'options.parsingContext', 'Context');
  validateArray(contextExtensions, 'options.contextExtensions');
  for (const [index, extension] of contextExtensions.entries())
    validateObject(extension, `options.contextExtensions[${index}]`, { nullable: true });
  Function(...params, code); // so that the text cannot end the function around it
  const names = contextExtensions.map((_, index) => `$sluice_extension${index}`);
  const scopes = names.map((name) => `with(${name})`).join('');
  const head = names.length > 0 ? `(function(${names}){${scopes}return ` : '';
  const made = `${head}(function (${params.join(',')}) {`;
  // The first line of the body stands where it would without what is before it.
  const text = new Text(`${made}${code}\n})${names.length > 0 ? '})' : ''}`, given);
  const result = text.run(context, NO_LIMIT);
  const compiled = names.length > 0 ? result(...contextExtensions) : result;
  addCache(compiled, code, given);
  return compiled;
}

/** How much memory JavaScript takes, as V8 would tell it. */
function measureMemory(options = {}) {
  process.emitWarning(
    'vm.measureMemory is an experimental feature and might change at any time',
    'ExperimentalWarning',
  );
  validateObject(options, 'options');
  const { mode = 'summary', execution = 'default' } = options;
  validateOneOf(mode, 'options.mode', ['summary', 'detailed']);
  validateOneOf(execution, 'options.execution', ['default', 'eager']);
  const { heapSize = 0, heapCapacity = 0 } = binding('runtime').memoryUsage();
  const estimate = {
    jsMemoryEstimate: heapSize,
    jsMemoryRange: [heapSize, Math.max(heapSize, heapCapacity)],
  };
  const detail = mode === 'detailed' ? { current: estimate, other: [] } : {};
  return Promise.resolve({ total: estimate, ...detail });
}

module.exports = {
  Script,
  createContext,
  createScript,
  runInContext,
  runInNewContext,
  runInThisContext,
  isContext,
  compileFunction,
  measureMemory,
  constants,
};
