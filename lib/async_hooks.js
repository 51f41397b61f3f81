'use strict';
// The module async_hooks (https://nodejs.org/api/async_hooks.html). What carries the stores of an
// AsyncLocalStorage is told to hooks too: AsyncResource, bind() and snapshot(), timers, immediates,
// ticks, queueMicrotask(), what native functions call back, the events of sockets and servers, then()
// and `await` (internal/base/stores, follow and executions).
const { codes } = require('internal/errors/codes');
const executions = require('internal/base/executions');
const stores = require('internal/base/stores');
const {
  validateBoolean,
  validateFunction,
  validateObject,
  validateString,
} = require('internal/errors/validators');

/** What withScope() returns: a store until it is disposed of. */
class RunScope {
  #restore;

  constructor(restore) {
    this.#restore = restore;
  }

  dispose() {
    this.#restore?.();
    this.#restore = undefined;
  }

  [Symbol.dispose ?? Symbol.for('dispose')]() {
    this.dispose();
  }
}

class AsyncLocalStorage {
  #defaultValue;
  #name;

  constructor(options = {}) {
    if (options === null || typeof options !== 'object')
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    stores.use();
    this.#defaultValue = options.defaultValue;
    this.#name = options.name === undefined ? '' : `${options.name}`;
  }

  get name() {
    return this.#name;
  }

  /** A function that calls fn with the stores of now. */
  static bind(fn) {
    return AsyncResource.bind(fn, undefined, undefined);
  }
  /** A function (fn, ...args) that calls fn(...args) with the stores of now. */
  static snapshot() {
    const context = stores.capture('AsyncLocalStorage.snapshot');
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
  /** Sets the store until the scope that it returns is disposed of, as by `using`. */
  withScope(store) {
    const [had, before] = [stores.current.has(this), stores.current.get(this)];
    this.enterWith(store);
    return new RunScope(() => (had ? this.enterWith(before) : this.disable()));
  }
  disable() {
    stores.current = new Map(stores.current);
    stores.current.delete(this);
  }
}

function validateTrigger(id) {
  if (Number.isSafeInteger(id) && id >= -1) return;
  throw new codes.ERR_INVALID_ASYNC_ID('triggerAsyncId', id);
}

class AsyncResource {
  #context;
  #execution;

  constructor(type, options = {}) {
    validateString(type, 'type');
    const given = typeof options === 'number' ? { triggerAsyncId: options } : options;
    const { triggerAsyncId = executions.current().id, requireManualDestroy = false } = given;
    validateTrigger(triggerAsyncId);
    const execution = { type, resource: this, trigger: triggerAsyncId, id: 0 };
    this.#context = executions.begin(execution, Boolean(requireManualDestroy));
    this.#execution = execution;
  }

  /** Calls fn(...args) with the stores there were when the resource was made. */
  runInAsyncScope(fn, thisArg, ...args) {
    return stores.within(this.#context, fn, thisArg, args);
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
    executions.destroy(this.#execution);
    return this;
  }
  asyncId() {
    return this.#execution.id;
  }
  triggerAsyncId() {
    return this.#execution.trigger;
  }
}

const CALLBACKS = ['init', 'before', 'after', 'destroy', 'promiseResolve'];

class AsyncHook {
  #hook;

  constructor(hook) {
    this.#hook = hook;
  }
  enable() {
    executions.enable(this.#hook);
    return this;
  }
  disable() {
    executions.disable(this.#hook);
    return this;
  }
}

/**
 * @param {{ init?: Function, before?: Function, after?: Function, destroy?: Function,
 *   promiseResolve?: Function, trackPromises?: boolean }} callbacks  promiseResolve is never called:
 *   the engine tells nobody when a promise is resolved
 */
function createHook(callbacks) {
  validateObject(callbacks, 'callbacks');
  const hook = {};
  for (const name of CALLBACKS) {
    if (callbacks[name] === undefined) continue;
    if (typeof callbacks[name] !== 'function') throw new codes.ERR_ASYNC_CALLBACK(`hook.${name}`);
    hook[name] = callbacks[name];
  }
  if (callbacks.trackPromises !== undefined)
    validateBoolean(callbacks.trackPromises, 'trackPromises');
  hook.trackPromises = callbacks.trackPromises !== false;
  return new AsyncHook(hook);
}

module.exports = {
  AsyncLocalStorage,
  AsyncResource,
  createHook,
  executionAsyncId: () => executions.current().id,
  triggerAsyncId: () => executions.current().trigger,
  executionAsyncResource: () => executions.current().resource,
  asyncWrapProviders: Object.freeze({ __proto__: null }),
};
