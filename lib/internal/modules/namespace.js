'use strict';
// Module namespaces as programs see them (ECMA-262, 10.4.6): their properties are data that only
// the module changes. Code of modules that names a property reads it from an inner object of
// getters, which is faster.
const namespaces = require('internal/inspect/namespaces');

class Handler {
  constructor(inner) {
    this.inner = inner;
  }

  get(target, key) {
    return typeof key === 'symbol' ? target[key] : this.inner[key];
  }

  getOwnPropertyDescriptor(target, key) {
    const descriptor = Reflect.getOwnPropertyDescriptor(target, key);
    if (descriptor !== undefined && typeof key !== 'symbol') descriptor.value = this.inner[key];
    return descriptor;
  }

  set() {
    return false;
  }

  /** True for what changes nothing. */
  defineProperty(target, key, wanted) {
    if (typeof key === 'symbol') return Reflect.defineProperty(target, key, wanted);
    if (!Object.hasOwn(target, key)) return false;
    if (wanted.configurable || wanted.enumerable === false || wanted.writable === false)
      return false;
    if ('get' in wanted || 'set' in wanted) return false;
    return !('value' in wanted) || Object.is(wanted.value, this.inner[key]);
  }

  deleteProperty(target, key) {
    return !Object.hasOwn(target, key);
  }

  setPrototypeOf(target, prototype) {
    return prototype === null;
  }
}

/**
 * An inner object and the namespace over it; `seal(names)` gives them their properties, once.
 * @returns {{ inner: object, namespace: object,
 *   seal(getters: Map<string, () => unknown>): void }}
 */
function makeNamespace() {
  const inner = { __proto__: null };
  const target = { __proto__: null };
  const namespace = new Proxy(target, new Handler(inner));
  for (const one of [inner, namespace]) namespaces.add(one);
  return {
    inner,
    namespace,
    seal(getters) {
      for (const name of [...getters.keys()].sort()) {
        Object.defineProperty(inner, name, { get: getters.get(name), enumerable: true });
        Object.defineProperty(target, name, { value: undefined, writable: true, enumerable: true });
      }
      for (const one of [inner, target]) {
        Object.defineProperty(one, Symbol.toStringTag, { value: 'Module' });
        Object.preventExtensions(one);
      }
    },
  };
}

module.exports = { makeNamespace };
