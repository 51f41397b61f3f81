'use strict';
/**
 * On the prototypes of the runtime's classes whose objects have a state that a copy of their
 * properties lacks: such an object is refused where a value is cloned.
 */
const kOpaque = Symbol('opaque');

/**
 * The method of such an object that may be cloned all the same: [kind, state], of which
 * internal/util/structured_clone makes one like it. The state is of values that can be cloned.
 */
const kState = Symbol('state');

/**
 * The method of sockets and servers, which may move to another thread: {state, duplicate(), leave()}
 * (internal/net/moving).
 */
const kHandle = Symbol('handle');

/** Marks a class so. @param {Function} Class */
function markOpaque({ prototype }) {
  Object.defineProperty(prototype, kOpaque, { value: true });
}

module.exports = { kHandle, kOpaque, kState, markOpaque };
