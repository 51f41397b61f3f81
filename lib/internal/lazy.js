'use strict';
// Properties whose module loads when they are first read.

/**
 * Defines names on target, each the member of that name of a built-in module.
 * @param {boolean} [enumerable] as the members of modules are; globals are not
 */
function defineLazy(target, module, names, enumerable = true) {
  for (const name of names) {
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable,
      get() {
        const value = require(module)[name];
        Object.defineProperty(target, name, {
          value,
          writable: true,
          configurable: true,
          enumerable,
        });
        return value;
      },
      set(value) {
        Object.defineProperty(target, name, {
          value,
          writable: true,
          configurable: true,
          enumerable: true,
        });
      },
    });
  }
}

module.exports = { defineLazy };
