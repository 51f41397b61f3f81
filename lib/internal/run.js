'use strict';
// Runs the program that the command line names: a file, code, or standard input.
const { check, hideHashbang, isModule } = require('internal/source');
const { Module, makeRequire, moduleForCode } = require('internal/loader');
const { enter, leave, join } = require('internal/resolve');
const native = binding('module');
const runtime = binding('runtime');

const UNREADABLE = 2; // exit code

function fail(message) {
  runtime.writeSync(2, `sluice: ${message}\n`);
  if (!runtime.isMain) binding('task').failed(`Error: ${message}`, '');
  process.reallyExit(UNREADABLE);
}

function define(name, value) {
  Object.defineProperty(process, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

/** The program's file, found as require() finds one; ends the process if it cannot be read. */
function findEntry() {
  const path = join(native.cwd(), runtime.entry);
  enter();
  const file = Module._findPath(runtime.entry.endsWith('/') ? `${path}/` : path, null, true);
  leave();
  const reason = native.whyUnreadable(file || path);
  if (reason !== '') fail(`cannot read '${file || path}': ${reason}`);
  if (!file) fail(`cannot read '${path}': is a directory without package.json main or index.js`);
  return [path, file];
}

function show(value) {
  if (typeof value === 'string') return value;
  return builtinNames.includes('internal/inspect')
    ? require('internal/inspect').inspect(value)
    : String(value);
}

/** Defines a global that programs do not see when they list them. */
function defineGlobal(name, value) {
  Object.defineProperty(globalThis, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

const SCRIPT_GLOBALS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** Runs code as a script of the global scope, where it finds require, module and exports. */
function runScript(code, name) {
  code = hideHashbang(code);
  const module = moduleForCode(name);
  require('internal/report').sources.set(name, code);
  const values = [module.exports, makeRequire(module), module, name, '.'];
  for (const [index, global] of SCRIPT_GLOBALS.entries()) defineGlobal(global, values[index]);
  const found = /\bimport\s*\(/.test(code)
    ? require('internal/module_transform').renameImport(code, 'script')
    : undefined;
  if (found === undefined) return runtime.compile(code, name);
  defineGlobal(found.name, require('internal/esm').importFrom(module.filename));
  const text = found.edits.apply();
  require('internal/columns').setColumns(name, found.edits.columns(text));
  return runtime.compile(text, name);
}

// The engine's parser leaves enumerable properties on its errors, and nothing else does.
const isParseError = (error, name) =>
  error?.sourceURL === name && Object.keys(error).includes('line');

/** Runs code that is in no file as --input-type says, or as what it looks like. */
function runCode(code, name) {
  const { inputType } = native;
  if (inputType === 'module') return require('internal/esm').runText(code, name);
  try {
    return runScript(code, name);
  } catch (error) {
    if (inputType !== '' || !isParseError(error, name) || !isModule(code, name)) throw error;
    for (const global of SCRIPT_GLOBALS) delete globalThis[global];
    return require('internal/esm').runText(code, name);
  }
}

const modes = {
  file(file) {
    Module.runMain(file);
  },
  check(file) {
    check(file);
  },
  eval() {
    runCode(native.code, '[eval]');
  },
  print() {
    runtime.writeSync(1, `${show(runScript(native.code, '[eval]'))}\n`);
  },
  stdin() {
    runCode(native.readFile(0), '[stdin]');
  },
};

module.exports = function run() {
  const { mode, preload, execArguments } = native;
  const args = [...runtime.arguments];
  let file;
  if (mode === 'file' || mode === 'check') [args[1], file] = findEntry();
  define('argv', args);
  define('execArgv', execArguments);
  if (mode !== 'check') Module._preloadModules(preload);
  modes[mode](file);
};
