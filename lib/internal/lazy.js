'use strict';
// Properties that are computed when they are first read.

/**
 * Defines names on target, each what make(name) returns.
 * @param {boolean} [enumerable] as the members of modules are; globals are not
 */
function defineMade(target, names, make, enumerable = true) {
  for (const name of names) {
    const define = (value, shown) =>
      Object.defineProperty(target, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: shown,
      });
    const get = () => {
      const value = make(name);
      define(value, enumerable);
      return value;
    };
    get.unread = true; // internal/stdio asks
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable,
      get,
      set(value) {
        define(value, true);
      },
    });
  }
}

/** Defines names on target, each the member of that name of a built-in module. */
function defineLazy(target, module, names, enumerable) {
  defineMade(target, names, (name) => require(module)[name], enumerable);
}

module.exports = { defineMade, defineLazy };
