'use strict';
// The mocks of node:test: functions that note how they were called, methods and properties that are
// replaced, and the mocks of timers and modules.
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
} = require('internal/errors/validators');

/** What a mocked function knows of itself, as its `mock`. */
class MockFunctionContext {
  #calls = [];
  #original;
  #implementation;
  #once = new Map(); // number of the call → implementation
  #restore;
  #times;

  constructor(original, implementation, restore, times) {
    this.#original = original;
    this.#implementation = implementation;
    this.#restore = restore;
    this.#times = times;
  }

  /** A copy of what is known of each call. */
  get calls() {
    return this.#calls.slice();
  }
  callCount() {
    return this.#calls.length;
  }
  resetCalls() {
    this.#calls = [];
  }
  mockImplementation(implementation) {
    validateFunction(implementation, 'implementation');
    this.#implementation = implementation;
  }
  mockImplementationOnce(implementation, onCall = this.#calls.length) {
    validateFunction(implementation, 'implementation');
    validateInteger(onCall, 'onCall', this.#calls.length);
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
      stack: new Error(),
      target,
      this: self,
    };
    const number = this.#calls.length;
    const implementation = this.#once.get(number) ?? this.#implementation;
    this.#once.delete(number);
    if (number + 1 === this.#times) this.restore();
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
      this.#calls.push(call);
    }
  }
}

function mocked(original, implementation, restore, times) {
  const context = new MockFunctionContext(original, implementation, restore, times);
  const fn = new Proxy(original, {
    apply: (_, self, args) => context._call(self, args, undefined),
    construct: (_, args, target) =>
      context._call(undefined, args, target === fn ? original : target),
    get: (target, name, receiver) =>
      name === 'mock' ? context : Reflect.get(target, name, receiver),
  });
  return { fn, context };
}

/** What a mocked property knows of itself. */
class MockPropertyContext {
  #object;
  #name;
  #value;
  #before;
  #accesses = [];
  #once = new Map(); // number of the access → value

  constructor(object, name, value, before) {
    this.#object = object;
    this.#name = name;
    this.#before = before;
    this.#value = value;
    Object.defineProperty(object, name, {
      configurable: true,
      enumerable: before.enumerable,
      get: () => this.#access('get', undefined),
      set: (next) => {
        if (before.writable === false)
          throw new codes.ERR_INVALID_ARG_VALUE(
            'propertyName',
            name,
            'cannot be set as it is not writable',
          );
        this.#value = this.#access('set', next);
      },
    });
  }

  #access(type, next) {
    const number = this.#accesses.length;
    let value = type === 'set' ? next : this.#value;
    if (this.#once.has(number)) value = this.#once.get(number);
    this.#once.delete(number);
    this.#accesses.push({ type, value, stack: new Error() });
    return value;
  }

  get accesses() {
    return this.#accesses.slice();
  }
  accessCount() {
    return this.#accesses.length;
  }
  resetAccesses() {
    this.#accesses = [];
  }
  mockImplementation(value) {
    this.#value = value;
  }
  mockImplementationOnce(value, onAccess = this.#accesses.length) {
    validateInteger(onAccess, 'onAccess', this.#accesses.length);
    this.#once.set(onAccess, value);
  }
  restore() {
    Object.defineProperty(this.#object, this.#name, this.#before);
  }
}

const isName = (value) => typeof value === 'string' || typeof value === 'symbol';

/** An object's descriptor of a name, and who has it. */
function findProperty(object, name) {
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return { holder: at, found };
  }
  return {};
}

function readOptions(options) {
  validateObject(options, 'options');
  const { getter = false, setter = false, times = Infinity } = options;
  validateBoolean(getter, 'options.getter');
  validateBoolean(setter, 'options.setter');
  if (times !== Infinity) validateInteger(times, 'options.times', 1);
  if (setter && getter)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.setter',
      setter,
      "cannot be used with 'options.getter'",
    );
  return { kind: getter ? 'get' : setter ? 'set' : 'value', times };
}

/** `mock`, and `t.mock`, whose mocks end with the test. */
class MockTracker {
  #contexts = [];
  #timers;

  /** Timers and dates that go by tick(). */
  get timers() {
    const { MockTimers } = require('internal/test/mock_timers');
    return (this.#timers ??= new MockTimers());
  }

  /** A function that notes its calls. */
  fn(original = function () {}, implementation = original, options = {}) {
    if (original !== null && typeof original === 'object')
      [original, implementation, options] = [function () {}, undefined, original];
    else if (implementation !== null && typeof implementation === 'object')
      [implementation, options] = [original, implementation];
    implementation ??= original;
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    const { times } = readOptions(options);
    const { fn, context } = mocked(original, implementation, undefined, times);
    this.#contexts.push(context);
    return fn;
  }

  /** Replaces object[name] until restore(). */
  method(object, name, implementation, options = {}) {
    if (!isName(name))
      throw new codes.ERR_INVALID_ARG_TYPE('methodName', ['string', 'symbol'], name);
    if (typeof object !== 'function') validateObject(object, 'object');
    if (implementation !== null && typeof implementation === 'object')
      [implementation, options] = [undefined, implementation];
    const { kind, times } = readOptions(options);
    const { holder, found } = findProperty(object, name);
    const original = found?.[kind];
    if (typeof original !== 'function')
      throw new codes.ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
    implementation ??= original;
    validateFunction(implementation, 'implementation');
    const restore = () => {
      if (holder === object) Object.defineProperty(object, name, found);
      else delete object[name];
    };
    const { fn, context } = mocked(original, implementation, restore, times);
    Object.defineProperty(object, name, { ...found, configurable: true, [kind]: fn });
    this.#contexts.push(context);
    return fn;
  }

  getter(object, name, implementation, options = {}) {
    return this.#accessor('getter', object, name, implementation, options);
  }
  setter(object, name, implementation, options = {}) {
    return this.#accessor('setter', object, name, implementation, options);
  }
  #accessor(which, object, name, implementation, options) {
    if (implementation !== null && typeof implementation === 'object')
      [implementation, options] = [undefined, implementation];
    const { [which]: wanted = true } = options;
    if (wanted === false)
      throw new codes.ERR_INVALID_ARG_VALUE(`options.${which}`, wanted, 'cannot be false');
    return this.method(object, name, implementation, { ...options, [which]: true });
  }

  /** Replaces the value of object[name], and notes who reads and sets it. */
  property(object, name, ...rest) {
    validateObject(object, 'object');
    if (!isName(name))
      throw new codes.ERR_INVALID_ARG_TYPE('propertyName', ['string', 'symbol'], name);
    const found = Object.getOwnPropertyDescriptor(object, name);
    if (found === undefined)
      throw new codes.ERR_INVALID_ARG_VALUE(
        'propertyName',
        name,
        'is not a property of the object',
      );
    if (!found.configurable)
      throw new codes.ERR_INVALID_ARG_VALUE('propertyName', name, 'must be configurable');
    const value = rest.length === 0 ? object[name] : rest[0];
    const context = new MockPropertyContext(object, name, value, found);
    this.#contexts.push(context);
    return new Proxy(object, {
      get: (target, key, receiver) =>
        key === 'mock' ? context : Reflect.get(target, key, receiver),
    });
  }

  /** Has a module's name give other exports. */
  module(specifier, options = {}) {
    const context = require('internal/test/mock_module').mockModule(specifier, options);
    this.#contexts.push(context);
    return context;
  }

  /** Undoes all mocks, and forgets them. */
  reset() {
    this.restoreAll();
    this.#timers?.reset();
    this.#contexts = [];
  }
  restoreAll() {
    for (const context of this.#contexts.toReversed()) context.restore();
  }
}

for (const [Class, name] of [[MockFunctionContext, '_call']])
  Object.defineProperty(Class.prototype, name, { enumerable: false });

module.exports = { MockFunctionContext, MockPropertyContext, MockTracker };
