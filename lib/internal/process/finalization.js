'use strict';
// process.finalization: what is done for objects that are still there when the process ends.
const { codes } = require('internal/errors/codes');

const waiting = { exit: new Set(), beforeExit: new Set() };
const heard = new Set(); // events that are listened to
const ofObject = new WeakMap(); // object → what waits for it

function run(event) {
  for (const one of waiting[event]) {
    const object = one.object.deref();
    waiting[event].delete(one);
    if (object !== undefined) Reflect.apply(one.callback, undefined, [object, event]);
  }
}

function add(event, object, callback) {
  if (object === null || (typeof object !== 'object' && typeof object !== 'function'))
    throw new codes.ERR_INVALID_ARG_TYPE('obj', 'object', object);
  require('internal/errors/validators').validateFunction(callback, 'fn');
  if (!heard.has(event)) process.on(event, () => run(event));
  heard.add(event);
  const one = { event, object: new WeakRef(object), callback };
  waiting[event].add(one);
  ofObject.set(object, [...(ofObject.get(object) ?? []), one]);
}

module.exports = {
  /** callback(object, 'exit') when the process exits, unless the object is gone by then. */
  register: (object, callback) => add('exit', object, callback),
  /** callback(object, 'beforeExit') when nothing is left to do. */
  registerBeforeExit: (object, callback) => add('beforeExit', object, callback),
  unregister(object) {
    for (const one of ofObject.get(object) ?? []) waiting[one.event].delete(one);
    ofObject.delete(object);
  },
};
