'use strict';
// The stores of AsyncLocalStorage, and how they follow the program: whatever calls back later
// carries those of the time when it was asked to. Without a storage it is one look at a flag.

const stores = {
  used: false, // whether there is a storage
  current: new Map(), // AsyncLocalStorage → store; replaced, not changed
  hooks: undefined, // of async_hooks (internal/base/executions), while one is on
  // What built-in modules publish on (internal/base/channels); here as the start has this module.
  channels: { publish: null, trace: null },
  outside: undefined, // what current becomes after the promise jobs that run now, if one changed it

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

  /** Ends what enter() began, when all jobs ran. */
  leave() {
    if (stores.hooks !== undefined) stores.hooks.enter(undefined);
    stores.current = stores.outside;
    stores.outside = undefined;
  },

  /** Calls fn with other stores; what it enters ends with it. */
  within(context, fn, thisArg, args) {
    const before = stores.current;
    stores.current = context;
    try {
      if (stores.hooks !== undefined) return stores.hooks.run(before, fn, thisArg, args);
      return Reflect.apply(fn, thisArg, args);
    } finally {
      stores.current = before;
    }
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
      return stores.within(context, fn, this, args);
    };
  },
};

module.exports = stores;
