'use strict';
// From the text of a program's file to a function: what the loaders do between reading a file and
// running it.
const { setColumns } = require('internal/columns');
const { packageScope, dirname } = require('internal/resolve');
const native = binding('module');
const runtime = binding('runtime');

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
/** What stands before and after a module's text when it is compiled. */
const HEAD = `(function (${PARAMETERS.join(', ')}) {`;
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

const extensionOf = (filename) =>
  /\.[^./]*$/.exec(filename.slice(filename.lastIndexOf('/') + 2))?.[0] ?? '';

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

// What every ECMAScript module has at least one of, other than in comments and strings.
const MODULE_WORDS = /\b(?:import|export|await)\b/;

/** Whether a text that is no CommonJS is an ECMAScript module. */
function isModule(source, filename) {
  if (!MODULE_WORDS.test(source)) return false;
  try {
    require('internal/module_transform').transformModule(source, filename);
    return true;
  } catch {
    return false;
  }
}

/**
 * The format of a file, from its text if nothing else tells.
 * @param {string} filename
 * @returns {{ format: ReturnType<typeof declaredFormat>, text?: string }} text: if it was read
 */
function formatOf(filename) {
  const format = declaredFormat(filename);
  if (format !== 'none') return { format };
  const text = native.readFile(filename);
  const source = toCommonJS(text, filename);
  return {
    format: compileFunction(source, filename, true) === undefined ? 'module' : 'commonjs',
    text,
  };
}

// ---- Transforms

/** @type {Map<string, import('internal/columns').Columns>} where types were removed, by file */
const typed = new Map();

/** Tells stacks where the columns of a file are that was transformed. */
function registerColumns(filename, columns) {
  const before = typed.get(filename);
  setColumns(filename, before ? (line, column) => before(line, columns(line, column)) : columns);
}

const headColumns = (line, column) => (line === 1 ? column - HEAD.length : column);

/** Columns that are found out when they are first asked for. */
function lazyColumns(make) {
  let columns;
  return (line, column) => (columns ??= make())(line, column);
}

const cached = (...job) => require('internal/transform_cache').cached(...job);

/**
 * Turns a file's text into JavaScript with the same lines: types of TypeScript go.
 * @param {string} source
 * @param {string} filename
 * @returns {string}
 */
function toCommonJS(source, filename) {
  if (!TYPED.test(filename)) return source;
  const strip = () => require('internal/typescript').stripTypes(source, filename);
  const code = cached('types', source, () => strip().code);
  typed.set(
    filename,
    lazyColumns(() => strip().columns),
  );
  registerColumns(filename, headColumns);
  return code;
}

const TYPED = /\.[mc]?ts$/;

/**
 * Parses an ECMAScript module.
 * @param {string} text
 * @param {string} filename
 */
function readModule(text, filename) {
  const source = toCommonJS(text, filename);
  const transform = () => require('internal/module_transform').transformModule(source, filename);
  const parsed = cached('module', source, () => ({ ...transform(), columns: undefined }));
  registerColumns(
    filename,
    lazyColumns(() => transform().columns),
  );
  return { source, parsed };
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
      Object.defineProperty(error, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    throw error;
  }
}

/** A first line that names an interpreter becomes a comment of the same length. */
function hideHashbang(source) {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source;
}

// import() as the engine has it knows no modules: it becomes one more parameter.
function renamed(source, filename) {
  if (!/\bimport\s*\(/.test(source)) return undefined;
  const rename = () => {
    const found = require('internal/module_transform').renameImport(source, 'commonjs');
    if (found === undefined) return { code: undefined };
    const { name, edits } = found;
    edits.insert(
      0,
      HEAD.replace(')', () => `, ${name})`),
    );
    edits.insert(source.length, TAIL);
    const code = edits.apply();
    return { code, columns: edits.columns(code) };
  };
  const { code } = cached('import', source, () => ({ code: rename().code }));
  if (code !== undefined)
    registerColumns(
      filename,
      lazyColumns(() => rename().columns),
    );
  return code;
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
    checkBody(source, filename);
    return runtime.compile(renamed(source, filename) ?? HEAD + source + TAIL, filename);
  } catch (error) {
    if (mayBeModule && error?.name === 'SyntaxError' && isModule(source, filename))
      return undefined;
    throw error;
  }
}

/**
 * Parses a file and throws what is wrong with it.
 * @param {string} filename
 */
function check(filename) {
  const text = native.readFile(filename);
  const format = declaredFormat(filename);
  if (format === 'module') readModule(text, filename);
  else compileFunction(toCommonJS(text, filename), filename, format === 'none');
}

module.exports = {
  HEAD,
  TAIL,
  check,
  compileFunction,
  declaredFormat,
  formatOf,
  hideHashbang,
  isModule,
  readModule,
  toCommonJS,
};
