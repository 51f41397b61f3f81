'use strict';
/**
 * On the prototypes of the runtime's classes whose objects have a state that a copy of their
 * properties lacks: such an object is refused where a value is cloned.
 */
const kOpaque = Symbol('opaque');

/** Marks a class so. @param {Function} Class */
function markOpaque({ prototype }) {
  Object.defineProperty(prototype, kOpaque, { value: true });
}

module.exports = { kOpaque, markOpaque };
