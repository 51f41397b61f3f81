'use strict';
// From the text of a program's file to a function: what the loader does between reading a file
// and running it.
const { codes } = require('internal/errors');
const { packageScope, dirname } = require('internal/resolve');
const native = binding('module');
const runtime = binding('runtime');

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
/** What stands before and after a module's text when it is compiled. */
const HEAD = `(function (${PARAMETERS.join(', ')}) {`;
const TAIL = '\n})';

// Kinds of files that are not CommonJS: extension → the error for them.
const unsupported = {
  __proto__: null,
  '.mjs': (file) => new codes.ERR_REQUIRE_ESM(file),
};
for (const extension of ['.ts', '.mts', '.cts']) {
  unsupported[extension] = (file) =>
    new codes.ERR_UNKNOWN_FILE_EXTENSION(
      extension,
      file,
      'this version of sluice does not run TypeScript; compile it to JavaScript first',
    );
}

/**
 * Turns a file's text into CommonJS text with the same lines. The one place for transforms at
 * load: what is no CommonJS throws here.
 * @param {string} source
 * @param {string} filename
 * @returns {string}
 */
function toCommonJS(source, filename) {
  const reason = unsupported[/\.[^./]*$/.exec(filename)?.[0]];
  if (reason !== undefined) throw reason(filename);
  return source;
}

// import and export at the start of a line; looked for only in what does not parse as CommonJS.
const ES_MODULE = /^\s*(import\s*["'{*\w]|export\s*(default\b|const\b|let\b|var\b|function\b|class\b|async\b|[{*]))/m;

// An error of the parser says where it is: sourceURL and line are the file's.
function syntaxError(error, source, filename) {
  if (error?.name !== 'SyntaxError') return error;
  if (ES_MODULE.test(source) || packageScope(dirname(filename))?.type === 'module') {
    const problem = new codes.ERR_REQUIRE_ESM(filename);
    problem.cause = error;
    return problem;
  }
  return error;
}

// Text such as `}); f(); (function () {` would end the function around it early and run outside
// of it. It is an error: the text must be the body of a function on its own.
function checkBody(source, filename) {
  const line = native.unbalanced(source);
  if (line === 0) return;
  try {
    Function(...PARAMETERS, source);
  } catch {
    const error = new SyntaxError("Unexpected token '}'");
    // As the parser's own errors have them.
    for (const [name, value] of Object.entries({ line, column: 1, sourceURL: filename }))
      Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable: false });
    throw error;
  }
}

/** A first line that names an interpreter becomes a comment of the same length. */
function hideHashbang(source) {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source;
}

/**
 * Compiles a module's text to function (exports, require, module, __filename, __dirname).
 * Lines in errors are those of the file; columns of its first line are HEAD.length too high.
 * @param {string} source
 * @param {string} filename
 */
function compileFunction(source, filename) {
  source = hideHashbang(source);
  checkBody(source, filename);
  try {
    return runtime.compile(HEAD + source + TAIL, filename);
  } catch (error) {
    throw syntaxError(error, source, filename);
  }
}

module.exports = { HEAD, TAIL, compileFunction, hideHashbang, toCommonJS };
