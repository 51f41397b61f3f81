'use strict';
// How built-in modules listen for `abort`: another listener's stopImmediatePropagation() does not
// keep it from them.

/** An option of addEventListener(). */
const kResistsStop = Symbol('resists stopImmediatePropagation()');

/** Options for `signal.addEventListener('abort', listener, onAbort)`. */
const onAbort = Object.freeze({ __proto__: null, once: true, [kResistsStop]: true });

module.exports = { kResistsStop, onAbort };
