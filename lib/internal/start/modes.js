'use strict';
// Runs a program that is no file: code, or standard input; and checks a file.
const { hasTransforms, hideHashbang } = require('internal/modules/source');
const { check, isModule } = require('internal/modules/formats');
const { define, defineMade } = require('internal/base/lazy');
const { makeRequire } = require('internal/modules/loader');
const { moduleForCode } = require('internal/modules/require');
const native = binding('module');
const runtime = binding('runtime');

function show(value) {
  if (typeof value === 'string') return value;
  return require('internal/inspect/inspect').inspect(value);
}

/** Defines a global that programs do not see when they list them. */
const defineGlobal = (name, value) => define(globalThis, name, value, false);

const SCRIPT_GLOBALS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** Gives code the public modules by their names, as in Node; what is global already stays. */
function defineModules() {
  const names = native.builtins
    .split(' ')
    .filter((one) => /^\w+$/.test(one) && !(one in globalThis));
  defineMade(globalThis, names, (one) => require(one), false);
}

/** Runs code as a script of the global scope, where it finds require, module and exports. */
function runScript(code, name) {
  defineModules();
  code = hideHashbang(code);
  const module = moduleForCode(name);
  require('internal/process/report').sources.set(name, code);
  const values = [module.exports, makeRequire(module), module, name, '.'];
  for (const [index, global] of SCRIPT_GLOBALS.entries()) defineGlobal(global, values[index]);
  const found = hasTransforms(code)
    ? require('internal/modules/transform').transformScript(code, 'script')
    : undefined;
  if (found === undefined) return native.compile(code, name);
  if (found.name !== undefined)
    defineGlobal(found.name, require('internal/modules/esm').importFrom(module.filename));
  const text = found.edits.apply();
  require('internal/errors/columns').setColumns(name, found.edits.columns(text));
  return native.compile(text, name);
}

// The engine's parser leaves enumerable properties on its errors, and nothing else does.
const isParseError = (error, name) =>
  error?.sourceURL === name && Object.keys(error).includes('line');

function runModule(code, name) {
  defineModules();
  for (const global of SCRIPT_GLOBALS) delete globalThis[global];
  return require('internal/modules/esm').runText(code, name);
}

/** Code without its types; undefined if it is no TypeScript either. */
function withoutTypes(code, name) {
  try {
    const stripped = require('internal/modules/typescript').stripTypes(code, name).code;
    return stripped === code ? undefined : stripped;
  } catch {
    return undefined;
  }
}

/** Runs code as a script, or as a module if it only parses as one; with or without its types. */
function runAny(code, name, run, typed) {
  try {
    return run(code, name);
  } catch (error) {
    if (!isParseError(error, name)) throw error;
    if (run === runScript && isModule(code, name)) return runModule(code, name);
    const stripped = typed ? undefined : withoutTypes(code, name);
    if (stripped === undefined) throw error;
    return runAny(stripped, name, run, true);
  }
}

/** Runs code that is in no file as --input-type says, or as what it looks like. */
function runCode(code, name, run = runScript) {
  const [format, types] = native.inputType.split('-');
  if (types !== undefined)
    code = require('internal/modules/typescript').stripTypes(code, name).code;
  if (format === 'module') return runModule(code, name);
  if (format === 'commonjs') return run(code, name);
  return runAny(code, name, run, false);
}

module.exports = {
  test: () => require('internal/test/command').run(process.argv.slice(1)),
  tool: () => require('internal/control/command').run(process.argv.slice(1)),
  check,
  runCode,
  eval() {
    runCode(native.code, '[eval]');
  },
  print() {
    runCode(native.code, '[eval]', (code, name) => {
      runtime.writeSync(1, `${show(runScript(code, name))}\n`);
    });
  },
  stdin() {
    runCode(native.readFile(0), '[stdin]');
  },
};
