'use strict';
// v8.promiseHooks. The engine has no hooks of promises: while there is a hook, the functions that make
// promises are replaced by some that tell of them. Promises of async functions are not told of.
const { codes } = require('internal/errors/codes');
const { validateObject } = require('internal/errors/validators');

const NAMES = ['init', 'before', 'after', 'settled'];
const hooks = Object.fromEntries(NAMES.map((name) => [name, new Set()]));
const NativePromise = Promise;
const ASYNC = [async () => {}, async function* () {}].map(Object.getPrototypeOf);

function tell(event, ...args) {
  for (const hook of [...hooks[event]]) {
    try {
      hook(...args);
    } catch (error) {
      process._uncaught(error);
    }
  }
}

const isThenable = (value) =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof value.then === 'function';

/** Tells that a promise is settled which was resolved with a value: once the value is, if it waits. */
function resolved(promise, value, nativeThen) {
  if (!isThenable(value)) tell('settled', promise);
  else if (value instanceof NativePromise) {
    const settled = () => tell('settled', promise);
    Reflect.apply(nativeThen, value, [settled, settled]);
  }
}

/** A reaction that tells of the promise which it resolves. */
function reaction(fn, promiseOf, nativeThen) {
  if (typeof fn !== 'function') return fn;
  return (value) => {
    const promise = promiseOf();
    tell('before', promise);
    let failed = true;
    let result;
    try {
      result = fn(value);
      failed = false;
      return result;
    } finally {
      resolved(promise, failed ? undefined : result, nativeThen);
      tell('after', promise);
    }
  };
}

function observedThen(nativeThen) {
  return {
    then(onFulfilled, onRejected) {
      const promiseOf = () => child;
      const reactions = [onFulfilled, onRejected].map((fn) => reaction(fn, promiseOf, nativeThen));
      const child = Reflect.apply(nativeThen, this, reactions);
      tell('init', child, this);
      return child;
    },
  }.then;
}

/** Promise whose construction, resolve() and reject() are told of. */
function observedPromise(nativeThen) {
  const made = (promise, given) => {
    if (promise === given) return promise;
    tell('init', promise, undefined);
    resolved(promise, given, nativeThen);
    return promise;
  };
  const statics = {
    resolve: (value) => made(NativePromise.resolve(value), value),
    reject: (reason) => made(NativePromise.reject(reason), undefined),
  };
  return require('internal/base/transparent').hiddenProxy(NativePromise, {
    construct(target, [executor], newTarget) {
      if (typeof executor !== 'function') return Reflect.construct(target, [executor], newTarget);
      let functions;
      const keep = (...given) => (functions = given);
      const promise = Reflect.construct(target, [keep], newTarget);
      tell('init', promise, undefined);
      let done = false;
      const once = (settle, given) => (value) => {
        settle(value);
        if (!done) resolved(promise, given ? value : undefined, nativeThen);
        done = true;
      };
      const [resolve, reject] = functions;
      try {
        executor(once(resolve, true), once(reject, false));
      } catch (error) {
        once(reject, false)(error);
      }
      return promise;
    },
    get: (target, key) => (Object.hasOwn(statics, key) ? statics[key] : target[key]),
  });
}

let replaced; // { then, observed } of Promise.prototype, while there is a hook

function install() {
  if (replaced !== undefined) return;
  const { then } = NativePromise.prototype;
  replaced = { then, observed: observedThen(then) };
  NativePromise.prototype.then = replaced.observed;
  globalThis.Promise = observedPromise(then);
}

function uninstall() {
  if (NAMES.some((name) => hooks[name].size > 0)) return;
  const { then, observed } = replaced;
  // A storage of async_hooks may have replaced it since; it then calls ours, which tells nobody.
  if (NativePromise.prototype.then === observed) NativePromise.prototype.then = then;
  globalThis.Promise = NativePromise;
  replaced = undefined;
}

function add(name, hook) {
  if (typeof hook !== 'function' || ASYNC.includes(Object.getPrototypeOf(hook)))
    throw new codes.ERR_INVALID_ARG_TYPE(`${name}Hook`, 'Function', hook);
  hooks[name].add(hook);
  install();
  return () => {
    if (hooks[name].delete(hook)) uninstall();
  };
}

/**
 * @param {{ init?: Function, before?: Function, after?: Function, settled?: Function }} [callbacks]
 * @returns {() => void} ends them
 */
function createHook(callbacks = {}) {
  validateObject(callbacks, 'callbacks');
  const given = NAMES.filter((name) => callbacks[name] !== undefined);
  const stops = given.map((name) => add(name, callbacks[name]));
  return () => {
    for (const stop of stops) stop();
  };
}

module.exports = {
  createHook,
  onInit: (hook) => add('init', hook),
  onBefore: (hook) => add('before', hook),
  onAfter: (hook) => add('after', hook),
  onSettled: (hook) => add('settled', hook),
};
