'use strict';
// Formats that only a parser can tell or turn into what the engine runs: ECMAScript modules,
// import(), `await`, types of TypeScript; and what is wrong with a file's text.
const { define } = require('internal/base/lazy');
const { setColumns, setTypedColumns, typedColumnsOf } = require('internal/errors/columns');
const {
  HEAD,
  TAIL,
  compileFunction,
  declaredFormat,
  toCommonJS,
} = require('internal/modules/source');
const native = binding('module');

// What every ECMAScript module has at least one of, other than in comments and strings.
const MODULE_WORDS = /\b(?:import|export|await)\b/;

/** Whether a text that is no CommonJS is an ECMAScript module. */
function isModule(source, filename) {
  if (!MODULE_WORDS.test(source)) return false;
  try {
    require('internal/modules/transform').transformModule(source, filename);
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

/** Tells stacks where the columns of a file are that was transformed. */
function registerColumns(filename, columns) {
  const before = typedColumnsOf(filename);
  setColumns(filename, before ? (line, column) => before(line, columns(line, column)) : columns);
}

const headColumns = (line, column) => (line === 1 ? column - HEAD.length : column);

/** Columns that are found out when they are first asked for. */
function lazyColumns(make) {
  let columns;
  return (line, column) => (columns ??= make())(line, column);
}

const cached = (...job) => require('internal/modules/kept').cached(...job);

/** The text of a TypeScript file without types, lines as they were. */
function stripTypes(source, filename) {
  const strip = () => require('internal/modules/typescript').stripTypes(source, filename);
  const code = cached('types', filename, source, () => strip().code);
  setTypedColumns(
    filename,
    lazyColumns(() => strip().columns),
  );
  registerColumns(filename, headColumns);
  return code;
}

/**
 * Parses an ECMAScript module.
 * @param {string} text
 * @param {string} filename
 * @param {boolean} [typed]  whether it has types, if not by the file's name
 */
function readModule(text, filename, typed) {
  const source = toCommonJS(text, filename, typed);
  const transform = () => require('internal/modules/transform').transformModule(source, filename);
  const parsed = cached('module', filename, source, () => ({ ...transform(), columns: undefined }));
  registerColumns(
    filename,
    lazyColumns(() => transform().columns),
  );
  return { source, parsed };
}

// import() as the engine has it knows no modules: it becomes one more parameter.
function transformScript(source, filename) {
  const transform = () => {
    const found = require('internal/modules/transform').transformScript(source, 'commonjs');
    if (found === undefined) return { code: undefined };
    const { name, edits } = found;
    edits.begin(name === undefined ? HEAD : HEAD.replace(')', () => `, ${name})`));
    edits.insert(source.length, TAIL);
    const code = edits.apply();
    return { code, columns: edits.columns(code) };
  };
  const { code } = cached('script', filename, source, () => ({ code: transform().code }));
  if (code !== undefined)
    registerColumns(
      filename,
      lazyColumns(() => transform().columns),
    );
  return code;
}

// Text such as `}); f(); (function () {` would end the function around it early and run outside
// of it. It is an error: the text must be the body of a function on its own.
function checkBody(source, filename, line) {
  try {
    // The engine's own, which parses no more than once: programs' is another (start/globals.js).
    const names = ['exports', 'require', 'module', '__filename', '__dirname'];
    Reflect.construct(Function, [...names, source], Object);
  } catch (error) {
    // So the engine tells of what closes the function; the rest as on errors of a file's own text.
    if (error.message === 'Parser error') define(error, 'message', "Unexpected token '}'", false);
    define(error, 'line', line, true);
    define(error, 'sourceURL', filename, true);
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

module.exports = { check, checkBody, formatOf, isModule, readModule, stripTypes, transformScript };
