'use strict';
// What inspect() shows of classes whose objects keep what they hold to themselves.

/**
 * What inspect() shows of a class's objects: these of their accessors.
 * @param {Function} Class
 * @param {string[]} [names]  by default their own properties
 */
function showMembers(Class, names) {
  const custom = Symbol.for('nodejs.util.inspect.custom');
  Object.defineProperty(Class.prototype, custom, {
    value(depth, options, inspect) {
      const { name } = this.constructor ?? Class;
      if (depth < 0) return names === undefined ? name : `[${name}]`;
      if (names === undefined) return this;
      const members = Object.fromEntries(names.map((one) => [one, this[one]]));
      const inner = options.depth === null ? null : options.depth - 1;
      return `${name} ${inspect(members, { ...options, depth: inner })}`;
    },
    writable: true,
    configurable: true,
  });
}

module.exports = { showMembers };
