'use strict';
// The stores of AsyncLocalStorage over promises. The engine has no hooks for it: the transforms of
// programs (internal/modules/transform) pass what is awaited through functions of this module, and
// then() is replaced when there is a storage. Without one each of them is one look at a flag.
//
// The reactions of a promise run in the order in which they were added, one right after the other.
// So one that is added just before that of an `await` sets the stores for what follows the `await`,
// whether it returns or throws.
const { define } = require('internal/base/lazy');
const stores = require('internal/base/stores');

const nativePromise = Promise;
const nativeThen = Promise.prototype.then;
const nativeReject = Promise.reject;

/** An object that calls then() of a thenable with the stores of now. */
function carryThen(value, then) {
  const context = stores.current;
  return { then: (...args) => stores.within(context, then, value, args) };
}

const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const isPromise = (value) => value instanceof nativePromise && value.constructor === nativePromise;

/** What stands for a value whose then() the engine calls later. */
function carried(value) {
  if (!isObject(value) || isPromise(value)) return value;
  const { then } = value;
  return typeof then === 'function' ? carryThen(value, then) : value;
}

/** A promise of the engine's own for a value that is awaited. */
function promiseOf(value) {
  try {
    return isPromise(value) ? value : nativePromise.resolve(carried(value));
  } catch (error) {
    return nativePromise.reject(error); // by a getter
  }
}

function follow(value) {
  const promise = promiseOf(value);
  const context = stores.capture('PROMISE', promise);
  const restore = () => stores.enter(context);
  const restoreFailed = (reason) => {
    stores.enter(context);
    stores.failed(reason); // unless it is caught, the function's own promise is rejected with it
  };
  Reflect.apply(nativeThen, promise, [restore, restoreFailed]);
  return promise;
}

/** The value of an `await`. */
const $sluice_await = (value) => (stores.used ? follow(value) : value);

/** What an async function returns. */
const $sluice_return = (value) => (stores.used ? carried(value) : value);

/** An iterator whose results are followed; sync: that of an iterable which gives values. */
class Followed {
  constructor(iterator, sync) {
    this.iterator = iterator;
    this.call = sync ? this.callSync : this.callAsync;
    this.advance = iterator.next;
    for (const name of ['return', 'throw'])
      if (iterator[name] === undefined || iterator[name] === null) this[name] = undefined;
  }

  callAsync(method, args) {
    return follow(Reflect.apply(method, this.iterator, args));
  }

  // As the language wraps an iterator of values: it waits for each of them.
  callSync(method, args) {
    const { done, value } = Reflect.apply(method, this.iterator, args);
    return follow(nativePromise.resolve(value).then((result) => ({ done, value: result })));
  }

  next(...args) {
    return this.call(this.advance, args);
  }
  return(...args) {
    return this.call(this.iterator.return, args);
  }
  throw(...args) {
    return this.call(this.iterator.throw, args);
  }
}

const nameOf = (value) =>
  isObject(value) ? `#<${value.constructor?.name ?? 'Object'}>` : String(value);

/** What `for await` goes over. The engine's own error would show the text of the transform. */
function $sluice_each(iterable) {
  const method = iterable?.[Symbol.asyncIterator];
  const sync = method === undefined || method === null;
  if (typeof (sync ? iterable?.[Symbol.iterator] : method) !== 'function')
    throw new TypeError(`${nameOf(iterable)} is not async iterable`);
  if (!stores.used) return iterable;
  return {
    [Symbol.asyncIterator]: () =>
      new Followed(sync ? iterable[Symbol.iterator]() : Reflect.apply(method, iterable, []), sync),
  };
}

/** A reaction that runs with other stores. */
function reaction(fn, context) {
  if (typeof fn !== 'function') return fn;
  return (value) => stores.within(context, stores.noting, undefined, [fn, undefined, [value]]);
}

/** From now on the reactions of promises carry their stores, and rejections are noted. */
function followThen() {
  const { then } = {
    then(onFulfilled, onRejected) {
      '$native';
      const context = stores.capture('PROMISE', this);
      const reactions = [reaction(onFulfilled, context), reaction(onRejected, context)];
      return Reflect.apply(nativeThen, this, reactions);
    },
  };
  const { reject } = {
    reject(reason) {
      '$native';
      stores.failed(reason);
      return Reflect.apply(nativeReject, this, [reason]);
    },
  };
  define(Promise.prototype, 'then', then, false);
  define(Promise, 'reject', reject, false);
}

module.exports = { $sluice_await, $sluice_each, $sluice_return, followThen };
