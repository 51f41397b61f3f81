'use strict';
// The mocks of node:test: functions that note how they were called, and methods replaced by them.
const { validateFunction } = require('internal/errors/validators');

/** What a mocked function knows of itself, as its `mock`. */
class MockContext {
  calls = [];
  #original;
  #implementation;
  #once = new Map(); // number of the call → implementation
  #restore;

  constructor(original, implementation, restore) {
    this.#original = original;
    this.#implementation = implementation;
    this.#restore = restore;
  }

  callCount() {
    return this.calls.length;
  }
  resetCalls() {
    this.calls = [];
  }
  mockImplementation(implementation) {
    this.#implementation = implementation;
  }
  mockImplementationOnce(implementation, onCall = this.calls.length) {
    this.#once.set(onCall, implementation);
  }
  restore() {
    this.#implementation = this.#original;
    this.#restore?.();
  }

  _call(self, args, target) {
    const call = {
      arguments: args,
      error: undefined,
      result: undefined,
      stack: new Error('call'),
      target,
      this: self,
    };
    const number = this.calls.length;
    const implementation = this.#once.get(number) ?? this.#implementation;
    this.#once.delete(number);
    try {
      call.result = target
        ? Reflect.construct(implementation, args, target)
        : Reflect.apply(implementation, self, args);
      if (target) call.this = call.result;
      return call.result;
    } catch (error) {
      call.error = error;
      throw error;
    } finally {
      this.calls.push(call);
    }
  }
}

function mocked(original, implementation, restore) {
  const context = new MockContext(original, implementation, restore);
  const fn = new Proxy(original, {
    apply: (_, self, args) => context._call(self, args, undefined),
    construct: (_, args, target) =>
      context._call(undefined, args, target === fn ? original : target),
    get: (target, name) => (name === 'mock' ? context : Reflect.get(target, name)),
  });
  return { fn, context };
}

/** `mock`, and `t.mock`, whose mocks end with the test. */
class MockTracker {
  #contexts = [];

  fn(original = function () {}, implementation = original) {
    if (implementation !== null && typeof implementation === 'object') implementation = original;
    validateFunction(original, 'original');
    const { fn, context } = mocked(original, implementation);
    this.#contexts.push(context);
    return fn;
  }

  /** Replaces object[name] until restore(). */
  method(object, name, implementation, options = {}) {
    if (implementation !== null && typeof implementation === 'object')
      [implementation, options] = [undefined, implementation];
    let holder = object;
    while (holder !== null && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
    const before = holder === null ? undefined : Object.getOwnPropertyDescriptor(holder, name);
    const kind = options.getter ? 'get' : options.setter ? 'set' : 'value';
    const original = before?.[kind];
    validateFunction(original, `methodName`);
    const { fn, context } = mocked(original, implementation ?? original, () => {
      if (holder === object) Object.defineProperty(object, name, before);
      else delete object[name];
    });
    Object.defineProperty(object, name, { ...before, configurable: true, [kind]: fn });
    this.#contexts.push(context);
    return fn;
  }
  getter(object, name, implementation) {
    return this.method(object, name, implementation, { getter: true });
  }
  setter(object, name, implementation) {
    return this.method(object, name, implementation, { setter: true });
  }

  /** Undoes all mocks, and forgets them. */
  reset() {
    this.restoreAll();
    this.#contexts = [];
  }
  restoreAll() {
    for (const context of this.#contexts.toReversed()) context.restore();
  }
}

module.exports = { MockTracker };
