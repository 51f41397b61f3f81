'use strict';
// The stores of AsyncLocalStorage, and how they follow the program: whatever calls back later
// carries those of the time when it was asked to. Without a storage it is one look at a flag.

const stores = {
  used: false, // whether there is a storage
  current: new Map(), // AsyncLocalStorage → store; replaced, not changed
  outside: undefined, // what current becomes after the promise jobs that run now, if one changed it

  /** There is a storage now. */
  use() {
    if (stores.used) return;
    stores.used = true;
    require('internal/base/follow').followThen();
  },

  /** Sets the stores for the rest of a promise job. */
  enter(context) {
    if (stores.outside === undefined) {
      stores.outside = stores.current;
      process._ticksWanted();
    }
    stores.current = context;
  },

  /** Ends what enter() began, when all jobs ran. */
  leave() {
    stores.current = stores.outside;
    stores.outside = undefined;
  },

  /** Calls fn with other stores; what it enters ends with it. */
  within(context, fn, thisArg, args) {
    const before = stores.current;
    stores.current = context;
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      stores.current = before;
    }
  },

  /** A function that calls fn with the stores of now; fn itself if there is no storage. */
  carry(fn) {
    if (!stores.used) return fn;
    const context = stores.current;
    return function (...args) {
      return stores.within(context, fn, this, args);
    };
  },
};

module.exports = stores;
