'use strict';
// Properties: plain ones, and those that are computed when they are first read.

/** Defines a property that can be changed and deleted, whatever target inherits. */
function define(target, name, value, enumerable) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable });
}

/**
 * Defines names on target, each what make(name) returns.
 * @param {boolean} [enumerable] as the members of modules are; globals are not
 */
function defineMade(target, names, make, enumerable = true) {
  for (const name of names)
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable,
      // internal/process/stdio knows it by its name
      get: function unread() {
        const value = make(name);
        define(target, name, value, enumerable);
        return value;
      },
      set(value) {
        define(target, name, value, true);
      },
    });
}

/** Defines names on target, each the member of that name of a built-in module. */
function defineLazy(target, module, names, enumerable) {
  defineMade(target, names, (name) => require(module)[name], enumerable);
}

/**
 * Class as a function that may be called without `new` too, as Node's older classes are.
 * @template T
 * @param {T} Class
 * @returns {T}
 */
function callable(Class) {
  function Callable(...args) {
    return Reflect.construct(Class, args, new.target ?? Callable);
  }
  Object.defineProperties(Callable, Object.getOwnPropertyDescriptors(Class));
  define(Class.prototype, 'constructor', Callable, false);
  return Object.setPrototypeOf(Callable, Object.getPrototypeOf(Class));
}

module.exports = { callable, define, defineMade, defineLazy };
