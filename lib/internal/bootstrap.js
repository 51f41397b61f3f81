'use strict';
// The first module: makes require() for built-in modules, process and the globals. Its arguments
// are binding(name), builtin(name) and the names of all built-in modules; it returns require.

const cache = new Map();
const process = {};

function requireBuiltin(name) {
  const known = cache.get(name);
  if (known !== undefined) return known.exports;
  const wrapper = builtin(name);
  if (wrapper === undefined) throw new Error(`no built-in module named '${name}'`);
  const module = { id: name, exports: {}, loaded: false };
  cache.set(name, module);
  try {
    wrapper.call(
      module.exports,
      module.exports,
      requireBuiltin,
      module,
      process,
      binding,
      builtinNames,
    );
  } catch (error) {
    cache.delete(name);
    throw error;
  }
  module.loaded = true;
  return module.exports;
}

// Names that the engine may not have yet; built-in modules and packages use them as keys.
for (const name of ['dispose', 'asyncDispose']) {
  if (Symbol[name] === undefined)
    Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
}

requireBuiltin('internal/error_stack'); // first, so that every module sees its Error classes
requireBuiltin('internal/process');
requireBuiltin('internal/globals');
return requireBuiltin;
