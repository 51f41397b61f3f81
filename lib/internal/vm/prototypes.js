'use strict';
// Object.setPrototypeOf() and Reflect.setPrototypeOf() for the global objects of contexts without an
// object, which programs make windows of: the engine refuses them. It also begins no script where the
// global object inherits from a proxy, as windows do; such a script begins without, and its first
// call lets it.
const { define } = require('internal/base/lazy');
const { hideHashbang } = require('internal/modules/source');
const native = binding('vm');
const { proxyTarget } = binding('types');

const globals = new WeakSet();
const { getPrototypeOf, isExtensible } = Object;

const isProxy = (object) => proxyTarget(object) !== undefined;

/** The first of what an object is and inherits from that test() accepts; it ends with a proxy. */
function find(object, test) {
  for (let one = object; one !== null; one = getPrototypeOf(one)) {
    if (test(one)) return one;
    if (isProxy(one)) return undefined;
  }
  return undefined;
}

const isPrototype = (value) => value === null || /^(object|function)$/.test(typeof value);

/** Whether the engine's own function would refuse what can be done. */
function changes(target, prototype) {
  if (!globals.has(target) || !isPrototype(prototype) || !isExtensible(target)) return false;
  if (find(prototype, (one) => one === target) !== undefined) return false;
  return native.setPrototype(target, prototype);
}

/** Has the functions of a global scope take such global objects. */
function replace({ Object, Reflect }) {
  const { setPrototypeOf: setOfObject } = Object;
  const { setPrototypeOf: setOfReflect } = Reflect;
  const objects = {
    setPrototypeOf(target, prototype) {
      '$native';
      return changes(target, prototype) ? target : setOfObject(target, prototype);
    },
  };
  const reflect = {
    setPrototypeOf(target, prototype) {
      '$native';
      return changes(target, prototype) || setOfReflect(target, prototype);
    },
  };
  define(Object, 'setPrototypeOf', objects.setPrototypeOf, false);
  define(Reflect, 'setPrototypeOf', reflect.setPrototypeOf, false);
}

let replaced = false;

/** Lets programs change what the global object of a context inherits from. */
function free(global) {
  if (!replaced) replace(globalThis);
  replaced = true;
  globals.add(global);
  replace(global);
}

// Spaces and comments, each in one way only, and the directive.
const STRICT =
  /^(?:\s|\/\/[^\n\r\u2028\u2029]*[\n\r\u2028\u2029]|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*(['"])use strict\1/;

/**
 * Runs a script where the global object may inherit from a proxy.
 * @param {object | undefined} global  of a context
 * @param {string} code
 * @param {(code: string) => unknown} run
 */
function runUnder(global, code, run) {
  const prototype = globals.has(global) ? getPrototypeOf(global) : null;
  if (find(prototype, isProxy) === undefined) return run(code);
  let begun = false;
  const begin = () => {
    begun = true;
    native.setPrototype(global, prototype);
  };
  native.setPrototype(global, { __proto__: null, $sluice_begin: begin });
  try {
    const text = hideHashbang(code);
    return run(`${STRICT.test(text) ? "'use strict';" : ''}$sluice_begin();${text}`);
  } finally {
    if (!begun) begin(); // it does not parse
  }
}

module.exports = { free, runUnder };
