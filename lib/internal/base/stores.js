'use strict';
// The stores of AsyncLocalStorage, and how they follow the program: whatever calls back later
// carries those of the time when it was asked to. Without a storage it is one look at a flag.

// What was thrown in this turn → the stores with which it was; and in the one before, as the engine may tell
// of rejections once the jobs of their turn ran.
let failures;
let failuresBefore;

function ending(fn, thisArg, args) {
  try {
    return stores.noting(fn, thisArg, args);
  } finally {
    stores.ended = stores.current;
    process._ticksWanted();
  }
}

const stores = {
  used: false, // whether there is a storage
  current: new Map(), // AsyncLocalStorage → store; replaced, not changed
  hooks: undefined, // of async_hooks (internal/base/executions), while one is on
  // What built-in modules publish on (internal/base/channels); here as the start has this module.
  channels: { publish: null, trace: null },
  outside: undefined, // what current becomes after the promise jobs that run now, if one changed it
  ended: undefined, // those at the end of the callback whose promise jobs run now

  /** There is a storage now. */
  use() {
    if (stores.used) return;
    stores.used = true;
    require('internal/base/follow').followThen();
  },

  /**
   * The stores of what is asked for now, and runs later.
   * @param {string} type  of async_hooks
   * @param {object} [resource]  of async_hooks
   */
  capture(type, resource) {
    return stores.hooks === undefined ? stores.current : stores.hooks.capture(type, resource);
  },

  /** Sets the stores for the rest of a promise job. */
  enter(context) {
    if (stores.hooks !== undefined) stores.hooks.enter(context);
    if (stores.outside === undefined) {
      stores.outside = stores.current;
      process._ticksWanted();
    }
    stores.current = context;
  },

  /** Ends what enter() and callback() began, when all jobs ran. */
  leave() {
    stores.ended = undefined;
    failuresBefore = failures;
    failures = undefined;
    if (stores.outside === undefined) return;
    if (stores.hooks !== undefined) stores.hooks.enter(undefined);
    stores.current = stores.outside;
    stores.outside = undefined;
  },

  /** Calls fn with other stores; what it enters ends with it. */
  within(context, fn, thisArg, args) {
    const { hooks } = stores;
    if (hooks === undefined) return stores.as(context, fn, thisArg, args);
    return stores.as(context, hooks.run, hooks, [stores.current, fn, thisArg, args]);
  },

  /** within() for what belongs to the execution that runs, of which async_hooks are told nothing. */
  as(context, fn, thisArg, args) {
    const before = stores.current;
    stores.current = context;
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      stores.current = before;
    }
  },

  /** Notes that reason was thrown, or a promise was rejected with it, with the stores of now. */
  failed(reason) {
    if (failures === undefined) {
      failures = new Map();
      process._ticksWanted();
    }
    failures.set(reason, stores.current);
  },

  /** The stores with which reason was thrown lately, as far as that was noted. */
  ofFailure(reason) {
    return failures?.get(reason) ?? failuresBefore?.get(reason);
  },

  /** Calls fn and notes what it throws. */
  noting(fn, thisArg, args) {
    try {
      return Reflect.apply(fn, thisArg, args);
    } catch (error) {
      stores.failed(error);
      throw error;
    }
  },

  /** within() for what the runtime calls: promise jobs follow, and nothing else catches its errors. */
  callback(context, fn, thisArg, args) {
    return stores.within(context, ending, undefined, [fn, thisArg, args]);
  },

  /**
   * A function that calls fn with the stores of now; fn itself if there is no storage.
   * @param {Function} fn
   * @param {string} type  of async_hooks
   * @param {object} [resource]  of async_hooks
   */
  carry(fn, type, resource) {
    if (!stores.used) return fn;
    const context = stores.capture(type, resource);
    return function (...args) {
      return stores.callback(context, fn, this, args);
    };
  },
};

module.exports = stores;
