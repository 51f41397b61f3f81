'use strict';
// From the text of a program's file to a function: what the loaders do between reading a file and
// running it. Every program runs this at its start; what needs a parser is in
// internal/modules/formats.
const { packageScope, dirname } = require('internal/modules/packages');
const native = binding('module');
const parsing = () => require('internal/modules/formats');

/** What stands before and after a module's text when it is compiled. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';
const TAIL = '\n})';

/** Formats that an extension tells; those of the others are in package.json. */
const formats = {
  __proto__: null,
  '.mjs': 'module',
  '.mts': 'module',
  '.cjs': 'commonjs',
  '.cts': 'commonjs',
  '.json': 'json',
  '.node': 'addon',
};

function extensionOf(filename) {
  const dot = filename.lastIndexOf('.');
  return dot > filename.lastIndexOf('/') + 1 ? filename.slice(dot) : '';
}

/**
 * The format that a file's name and package tell: 'none' if only its text can, 'unknown' if its
 * extension is none that sluice runs.
 * @param {string} filename
 * @returns {'module' | 'commonjs' | 'json' | 'addon' | 'none' | 'unknown'}
 */
function declaredFormat(filename) {
  const extension = extensionOf(filename);
  const format = formats[extension];
  if (format !== undefined) return format;
  if (extension !== '.js' && extension !== '.ts' && extension !== '') return 'unknown';
  return packageScope(dirname(filename))?.type ?? 'none';
}

/** Whether a file is TypeScript by its name. @param {string} filename */
const isTyped = (filename) => filename.endsWith('ts') && /\.[mc]?ts$/.test(filename);

/** What a file of JSON says; an error names the file. @param {string} text @param {string} file */
function parseJSON(text, file) {
  try {
    return JSON.parse(text);
  } catch (error) {
    error.message = `${file}: ${error.message}`;
    throw error;
  }
}

/**
 * The format of a text that is in a file: that which declaredFormat() tells, and whether it has types.
 * @param {string} format
 * @param {string} filename
 */
function textFormat(format, filename) {
  if (!isTyped(filename)) return format;
  return format === 'none' ? 'typescript' : `${format}-typescript`;
}

/**
 * Turns a file's text into JavaScript with the same lines: types of TypeScript go.
 * @param {string} source
 * @param {string} filename
 * @param {boolean} [typed]  if not by the file's name
 * @returns {string}
 */
const toCommonJS = (source, filename, typed = isTyped(filename)) =>
  typed ? parsing().stripTypes(source, filename) : source;

/** A first line that names an interpreter becomes a comment of the same length. */
function hideHashbang(source) {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source;
}

// `using name =` and `(using name of`; comments that tell of using something are not parsed for it.
// In a function, as the engine reads these classes of letters when it makes the expression.
const tellsUsing = (source) =>
  /\busing\s+[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(?:=[^=]|of\b)/u.test(source);

/** Whether a script may have what transformScript() changes. @param {string} source */
const hasTransforms = (source) =>
  source.includes('async') ||
  (source.includes('import') && /\bimport\s*\(/.test(source)) ||
  (source.includes('using') && tellsUsing(source));

// A shorter text is parsed sooner than its bytecode is found on the disk.
const SHORT = 16384;
// Of a longer one the bytecode takes seconds to make, and saves a tenth of that when it is used.
const LONG = 2 << 20;

/**
 * Runs what became of a file's text as a script; from bytecode if that was kept.
 * @param {string} text
 * @param {string} filename
 */
function compile(text, filename) {
  const kept = text.length >= SHORT && text.length <= LONG && filename.startsWith('/');
  return native.compile(text, filename, kept ? require('internal/modules/kept').folder() : '');
}

/**
 * Compiles a module's text to function (exports, require, module, __filename, __dirname), with one
 * more parameter for import() if the text has it. Undefined if the text is an ECMAScript module
 * and may be one. Lines in errors are those of the file; columns of its first line are HEAD.length
 * too high, or setColumns() was told.
 * @param {string} source
 * @param {string} filename
 * @param {boolean} mayBeModule
 */
function compileFunction(source, filename, mayBeModule) {
  source = hideHashbang(source);
  try {
    const line = native.unbalanced(source);
    if (line !== 0) parsing().checkBody(source, filename, line);
    const changed = hasTransforms(source) ? parsing().transformScript(source, filename) : undefined;
    return compile(changed ?? HEAD + source + TAIL, filename);
  } catch (error) {
    if (mayBeModule && error?.name === 'SyntaxError' && parsing().isModule(source, filename))
      return undefined;
    throw error;
  }
}

module.exports = {
  HEAD,
  TAIL,
  compile,
  compileFunction,
  declaredFormat,
  hasTransforms,
  hideHashbang,
  isTyped,
  parseJSON,
  textFormat,
  toCommonJS,
};
