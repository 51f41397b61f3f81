'use strict';
// The first module: makes require() for built-in modules, process and the globals. `this` has
// binding(name) and builtin(name, names), which runs a module's text; and gets require.
const { builtin } = this;
let { binding } = this;

const cache = new Map();
const process = {};

// Small, as it is called often enough at the start to be compiled.
function requireBuiltin(name) {
  return (cache.get(name) ?? load(name)).exports;
}

function load(name) {
  const module = { id: name, exports: {}, loaded: false };
  cache.set(name, module);
  try {
    builtin(name, { exports: module.exports, require: requireBuiltin, module, process, binding });
  } catch (error) {
    cache.delete(name);
    throw error;
  }
  module.loaded = true;
  return module;
}

// Names that the engine may not have yet; built-in modules and packages use them as keys.
for (const name of ['dispose', 'asyncDispose']) {
  if (Symbol[name] === undefined)
    Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
}

requireBuiltin('internal/errors/classes'); // first, so that every module sees its Error classes
if (binding('runtime').simulated) binding = requireBuiltin('internal/sim/bindings')(binding);
requireBuiltin('internal/process/core');
requireBuiltin('internal/start/globals');
this.require = requireBuiltin;
