'use strict';
// The part of async_hooks (https://nodejs.org/api/async_hooks.html) that needs no hooks of the
// engine. The store of an AsyncLocalStorage is there during run() and in what AsyncResource,
// bind() and snapshot() carry; timers, immediates, ticks, queueMicrotask(), the events of sockets
// and servers, the answers of dns, then() and `await` carry it too (internal/base/follow). createHook()
// gives a hook that is never called.
const { codes } = require('internal/errors/codes');
const stores = require('internal/base/stores');
const { validateFunction, validateString } = require('internal/errors/validators');

let nextId = 2;
let executionId = 1;
let triggerId = 0;

class AsyncLocalStorage {
  #defaultValue;

  constructor(options) {
    stores.use();
    this.#defaultValue = options?.defaultValue;
    this.name = options?.name ?? '';
  }

  /** A function that calls fn with the stores of now. */
  static bind(fn) {
    return AsyncResource.bind(fn, undefined, undefined);
  }
  /** A function (fn, ...args) that calls fn(...args) with the stores of now. */
  static snapshot() {
    const context = stores.current;
    return (fn, ...args) => stores.within(context, fn, undefined, args);
  }

  getStore() {
    return stores.current.has(this) ? stores.current.get(this) : this.#defaultValue;
  }
  /** Calls fn(...args) with store. */
  run(store, fn, ...args) {
    return stores.within(new Map(stores.current).set(this, store), fn, undefined, args);
  }
  /** Calls fn(...args) without a store. */
  exit(fn, ...args) {
    return this.run(undefined, fn, ...args);
  }
  /** Sets the store for the rest of the callback or run() around it, or of the program. */
  enterWith(store) {
    stores.current = new Map(stores.current).set(this, store);
  }
  disable() {
    stores.current = new Map(stores.current);
    stores.current.delete(this);
  }
}

class AsyncResource {
  #context = stores.current;
  #id = nextId++;
  #trigger;

  constructor(type, options = {}) {
    validateString(type, 'type');
    this.#trigger = (typeof options === 'number' ? options : options.triggerAsyncId) ?? executionId;
    if (!Number.isSafeInteger(this.#trigger) || this.#trigger < -1) {
      const error = new codes.ERR_OUT_OF_RANGE(
        'triggerAsyncId',
        'a safe integer >= -1',
        this.#trigger,
      );
      error.code = 'ERR_INVALID_ASYNC_ID';
      throw error;
    }
  }

  /** Calls fn(...args) with the stores there were when the resource was made. */
  runInAsyncScope(fn, thisArg, ...args) {
    const before = [executionId, triggerId];
    executionId = this.#id;
    triggerId = this.#trigger;
    try {
      return stores.within(this.#context, fn, thisArg, args);
    } finally {
      [executionId, triggerId] = before;
    }
  }

  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound = function (...args) {
      return resource.runInAsyncScope(fn, thisArg === undefined ? this : thisArg, ...args);
    };
    Object.defineProperty(bound, 'length', { value: fn.length, configurable: true });
    return bound;
  }

  static bind(fn, type, thisArg) {
    validateFunction(fn, 'fn');
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
  }

  emitDestroy() {
    return this;
  }
  asyncId() {
    return this.#id;
  }
  triggerAsyncId() {
    return this.#trigger;
  }
}

module.exports = {
  AsyncLocalStorage,
  AsyncResource,
  createHook: () => ({
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  }),
  executionAsyncId: () => executionId,
  triggerAsyncId: () => triggerId,
  executionAsyncResource: () => ({}),
  asyncWrapProviders: Object.freeze({ __proto__: null }),
};
