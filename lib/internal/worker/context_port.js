'use strict';
// moveMessagePortToContext() of worker_threads: a port whose object, and whose messages, are of a
// context of vm.
const { codes } = require('internal/errors/codes');
const { MessagePort } = require('internal/messages/port');
const { structuredClone } = require('internal/util/structured_clone');
const vm = require('vm');

// Classes whose objects a message may have.
const CLASSES = [
  'Object',
  'Array',
  'Map',
  'Set',
  'Date',
  'RegExp',
  'Boolean',
  'Number',
  'String',
  'BigInt',
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

// In the context: the class of its ports, and of the events that they give to onmessage.
const FACTORY = `((port, names) => {
  class MessageEvent {
    constructor(type, target, data) { Object.assign(this, { type, target, data }); }
  }
  class MessagePort {
    postMessage(...args) { port.postMessage(...args); }
    start() { port.start(); }
    close() { port.close(); }
    ref() { port.ref(); }
    unref() { port.unref(); }
    hasRef() { return port.hasRef(); }
  }
  const made = new MessagePort();
  const tell = (type, data) => {
    const listener = made['on' + type];
    if (typeof listener === 'function')
      Reflect.apply(listener, made, [new MessageEvent(type, made, data)]);
  };
  return { made, tell, prototypes: names.map((name) => globalThis[name]?.prototype) };
})`;

/** Gives a copied value, and all that is in it, the classes of a context. */
function enter(value, prototypes, seen = new Set()) {
  if (value === null || typeof value !== 'object' || seen.has(value)) return;
  seen.add(value);
  const prototype = prototypes.get(Object.getPrototypeOf(value));
  if (prototype !== undefined) Object.setPrototypeOf(value, prototype);
  if (ArrayBuffer.isView(value)) {
    enter(value.buffer, prototypes, seen);
    return;
  }
  if (require('util').types.isMap(value) || require('util').types.isSet(value))
    for (const entry of [...value].flat()) enter(entry, prototypes, seen);
  for (const key of Object.keys(value)) enter(value[key], prototypes, seen);
}

/**
 * @param {MessagePort} port  of no use afterwards
 * @param {object} context  of vm.createContext()
 * @returns {object} the port there, which tells by `onmessage` alone
 */
function moveMessagePortToContext(port, context) {
  const wrong = (message) =>
    Object.assign(new codes.ERR_INVALID_ARG_TYPE('port', 'MessagePort', port), { message });
  if (!(port instanceof MessagePort))
    throw wrong('The "port" argument must be a MessagePort instance');
  if (context === null || typeof context !== 'object' || !vm.isContext(context))
    throw wrong('Invalid context argument');
  const moved = structuredClone(port, { transfer: [port] });
  const { made, tell, prototypes } = vm.runInContext(FACTORY, context)(moved, CLASSES);
  const own = new Map(
    CLASSES.map((name, i) => [globalThis[name]?.prototype, prototypes[i]]).filter(([one]) => one),
  );
  for (const type of ['message', 'messageerror'])
    moved.on(type, (data) => {
      enter(data, own);
      tell(type, data);
    });
  return made;
}

module.exports = { moveMessagePortToContext };
