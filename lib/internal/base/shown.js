'use strict';
// What inspect() shows of classes whose objects keep what they hold to themselves.

const { define } = require('internal/base/lazy');

const custom = Symbol.for('nodejs.util.inspect.custom');

/** A name and an object as inspect() shows it one level further down. */
function named(name, members, options, inspect) {
  const depth = options.depth === null ? null : options.depth - 1;
  return `${name} ${inspect(members, { ...options, depth })}`;
}

/**
 * What inspect() shows of a class's objects: these of their accessors.
 * @param {Function} Class
 * @param {string[]} [names]  by default their own properties
 */
function showMembers(Class, names) {
  const show = function (depth, options, inspect) {
    const { name } = this.constructor ?? Class;
    if (depth < 0) return names === undefined ? name : `[${name}]`;
    if (names === undefined) return this;
    const members = Object.fromEntries(names.map((one) => [one, this[one]]));
    return named(name, members, options, inspect);
  };
  define(Class.prototype, custom, show, false);
}

/**
 * Has inspect() show a class's objects, and those of classes below it, under its name.
 * @param {Function} Class
 * @param {(object: object) => object} membersOf  what is shown of an object
 */
function showAs(Class, membersOf) {
  const { name } = Class;
  const show = function (depth, options, inspect) {
    return depth < 0 ? `[${name}]` : named(name, membersOf(this), options, inspect);
  };
  define(Class.prototype, custom, show, false);
}

module.exports = { showAs, showMembers };
