'use strict';
// Contexts: global scopes of their own in this VM, whose names are the properties of an object
// (src/engine/sandbox.h), and scripts that run in them.
const { define, defineLazy } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const { transparent } = require('internal/base/transparent');
const { setScriptColumns } = require('internal/errors/columns');
const { fixStack } = require('internal/errors/stack');
const native = binding('vm');
const runtime = binding('runtime');

/**
 * @typedef {object} Context
 * @property {object} global  the global object
 * @property {object | undefined} object  whose properties are its names, if it has an object
 * @property {object | undefined} declared  its properties are the names of variables that scripts
 *     declared; of contexts with an object
 * @property {boolean} afterEvaluate  whether promise jobs run when a script has
 */

/** The contexts of objects. @type {WeakMap<object, Context>} */
const contexts = new WeakMap();

/**
 * What the engine knows of a global object by its address alone, to keep it while that lives.
 * @type {WeakMap<object, object[]>}
 */
const held = new WeakMap();

// What the engine has that Node's contexts have not.
const ABSENT = ['ImageData', 'OffscreenCanvas', '$vm'];

// What Node's contexts have that the engine may not have.
const DISPOSAL = ['AsyncDisposableStack', 'DisposableStack', 'SuppressedError'];
const missing = (global) => DISPOSAL.filter((name) => !Object.hasOwn(global, name));

/**
 * Makes the new context of an object; undefined for one that has its own names only.
 * @param {object | undefined} object
 * @param {{ strings: boolean, wasm: boolean, afterEvaluate: boolean }} options
 */
function makeContext(object, { strings, wasm, afterEvaluate }) {
  const global = native.makeContext(object);
  const declared = object === undefined ? undefined : { __proto__: null };
  const context = { global, object, declared, afterEvaluate };
  contexts.set(object ?? global, context);
  if (object === undefined) require('internal/vm/prototypes').free(global);
  else held.set(global, [object, declared]);
  const given = { global, object, declared, wasm, ABSENT };
  const names = { exports: {}, require, module: {}, process, binding, ...given };
  native.runBuiltin(global, 'internal/errors/classes', names);
  native.runBuiltin(global, 'internal/vm/scope', names);
  if (runtime.simulated) native.runBuiltin(global, 'internal/sim/globals', names);
  defineLazy(global, 'internal/base/disposal', missing(global), false);
  if (wasm && global.WebAssembly !== undefined)
    for (const [name, value] of Object.entries(
      require('internal/web/assembly').make(global.WebAssembly),
    ))
      define(global.WebAssembly, name, value, true);
  if (!strings)
    native.forbidEval(global, 'Code generation from strings disallowed for this context');
  return context;
}

// ---- import() and what the transforms of a text name

const importers = {
  missing: () => codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING,
  flag: () => codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG,
};

/** What import() is in a script. */
function importer(kind, base) {
  if (kind === 'main') return require('internal/modules/esm').importFrom(base);
  return async () => {
    throw new (importers[kind]())();
  };
}

const NAMES = {
  'internal/base/follow': ['$sluice_await', '$sluice_each', '$sluice_return'],
  'internal/base/disposal': ['$sluice_using'],
  'internal/errors/leaving': ['$sluice_left'],
};

/** Gives a global object what transformed texts call. */
function prepare(global) {
  if (Object.hasOwn(global, '$sluice_import')) return;
  if (global !== globalThis)
    for (const [module, names] of Object.entries(NAMES)) defineLazy(global, module, names, false);
  define(global, '$sluice_import', importer, false);
}

/** A path that import() starts from. */
const baseOf = (filename) =>
  filename.startsWith('/') ? filename : `${process.cwd()}/${filename.replaceAll('/', '_')}`;

/**
 * The text that the engine gets for one that it cannot run as it is.
 * @param {string} source
 * @param {string} filename
 * @param {string} kind  of import()
 * @returns {{ code: string, columns?: import('../errors/columns').Columns } | undefined} undefined
 *     if it can
 */
function translate(source, filename, kind) {
  const { hasTransforms } = require('internal/modules/source');
  if (!hasTransforms(source)) return undefined;
  const found = require('internal/modules/transform').transformScript(source, 'script');
  if (found === undefined) return undefined;
  const code = found.edits.apply();
  const columns = found.edits.columns(code);
  if (found.name === undefined) return { code, columns };
  const call = `$sluice_import(${JSON.stringify(kind)},${JSON.stringify(baseOf(filename))})`;
  return { code: code.replaceAll(found.name, () => call) };
}

// ---- Variables

/**
 * Makes what a script declares known to the object of its context. The engine keeps variables of
 * scripts by itself, whatever the object has: there they become accessors of them.
 * @param {Context} context
 * @param {string[]} names
 */
function declare({ global, object, declared }, names) {
  const fresh = names.filter((name) => !(name in declared) && !isOwnOnly(global, object, name));
  if (fresh.length === 0) return;
  const before = fresh.map((name) => Object.getOwnPropertyDescriptor(object, name));
  const run = (code) => native.evaluate(global, code, '', 1, -1, false, false);
  run(`var ${fresh.join()}`);
  for (const name of fresh) declared[name] = true;
  native.setDeclared(global, declared);
  const bodies = fresh.map((name) => {
    const given = name === '$' ? '_' : '$';
    return `get ${name}(){return ${name}},set ${name}(${given}){${name}=${given}}`;
  });
  const accessors = Object.getOwnPropertyDescriptors(run(`({${bodies.join()}})`));
  for (const [index, name] of fresh.entries()) {
    const { get, set } = accessors[name];
    transparent.add(get);
    const expose = () => {
      declared[name] = true;
      if (before[index]?.configurable !== false)
        Object.defineProperty(object, name, { get, set, enumerable: true, configurable: true });
    };
    if (before[index] === undefined) declared[name] = expose;
    else {
      set(object[name]);
      expose();
    }
  }
}

/** Whether a name is one of the language's, which a declaration leaves as it is. */
const isOwnOnly = (global, object, name) => !(name in object) && Object.hasOwn(global, name);

// ---- Scripts

/** A text for the engine, with its name and place. */
class Text {
  constructor(source, { filename, lineOffset, columnOffset, importKind }) {
    const translated = translate(source, filename, importKind);
    this.translated = translated !== undefined;
    // The engine knows no column that a text begins in.
    const indent = Math.min(Math.max(columnOffset, 0), 100000);
    this.code = ' '.repeat(indent) + (translated?.code ?? source);
    if (translated?.columns !== undefined && indent === 0)
      setScriptColumns(filename, (line, column) => translated.columns(line - lineOffset, column));
    this.filename = filename;
    this.line = lineOffset + 1;
  }

  /** The variables and functions that the script declares. */
  get names() {
    return (this.declared ??= require('internal/modules/declarations').namesOf(this.code));
  }

  /** Throws the SyntaxError of a text that does not parse. */
  check() {
    native.checkSyntax(this.code, this.filename, this.line);
  }

  /**
   * Runs the text; returns its completion value.
   * @param {Context | undefined} context  undefined for the program's own
   */
  run(context, { timeout, breakOnSigint }) {
    const global = context?.global;
    if (context?.declared !== undefined) declare(context, this.names);
    if (this.translated) prepare(global ?? globalThis);
    const { code, filename, line } = this;
    const jobs = context?.afterEvaluate === true;
    try {
      const evaluate = (text) =>
        native.evaluate(global, text, filename, line, timeout, breakOnSigint, jobs);
      if (global === undefined || context.object !== undefined) return evaluate(code);
      return require('internal/vm/prototypes').runUnder(global, code, evaluate);
    } catch (error) {
      fixStack(error);
      throw error;
    }
  }
}

module.exports = {
  Text,
  contextOf: (object) => contexts.get(object),
  makeContext,
};
