'use strict';
// Runs the program that the command line names: a file, code, or standard input.
const { Module, makeRequire, moduleForCode } = require('internal/loader');
const { compileFunction, toCommonJS } = require('internal/source');
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
  Object.defineProperty(process, name, { value, writable: true, configurable: true, enumerable: true });
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
  return builtinNames.includes('internal/inspect') ? require('internal/inspect').inspect(value) : String(value);
}

/** Runs code as a script of the global scope, where it finds require, module and exports. */
function runCode(code, name) {
  const module = moduleForCode(name);
  const scope = {
    exports: module.exports,
    require: makeRequire(module),
    module,
    __filename: name,
    __dirname: '.',
  };
  for (const key of Object.keys(scope))
    Object.defineProperty(globalThis, key, { value: scope[key], writable: true, configurable: true, enumerable: false });
  require('internal/report').sources.set(name, code);
  return runtime.compile(code.startsWith('#!') ? `//${code}` : code, name);
}

const modes = {
  file(file) {
    Module.runMain(file);
  },
  check(file) {
    compileFunction(toCommonJS(native.readFile(file), file), file);
  },
  eval() {
    runCode(native.code, '[eval]');
  },
  print() {
    runtime.writeSync(1, `${show(runCode(native.code, '[eval]'))}\n`);
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
  if (process.execPath === undefined) define('execPath', args[0]);
  if (mode !== 'check') Module._preloadModules(preload);
  modes[mode](file);
};
