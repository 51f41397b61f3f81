'use strict';
// Immediates run after the events of a turn of the loop.
const { carry } = require('internal/base/stores');
const { shared } = binding('runtime');

// Indices, of struct Shared in src/engine/engine.h.
const IMMEDIATES = 1;
const IMMEDIATES_ALIVE = 2;

let immediates = [];

class Immediate {
  constructor(callback, args) {
    this._onImmediate = carry(callback, 'Immediate', this);
    this._args = args;
    this._ref = true;
    this._destroyed = false;
    immediates.push(this);
    shared[IMMEDIATES] = 1;
    shared[IMMEDIATES_ALIVE]++;
  }

  ref() {
    if (!this._ref && this._onImmediate !== null) shared[IMMEDIATES_ALIVE]++;
    this._ref = true;
    return this;
  }

  unref() {
    if (this._ref && this._onImmediate !== null) shared[IMMEDIATES_ALIVE]--;
    this._ref = false;
    return this;
  }

  hasRef() {
    return this._ref;
  }

  [Symbol.dispose ?? Symbol.for('dispose')]() {
    clear(this);
  }
}

function clear(immediate) {
  if (!(immediate instanceof Immediate) || immediate._onImmediate === null) return;
  if (immediate._ref) shared[IMMEDIATES_ALIVE]--;
  immediate._onImmediate = null;
  immediate._ref = false;
  immediate._destroyed = true;
}

let batch = []; // the immediates that run now
let next = 0; // index of the one after the current

function runImmediates() {
  batch = immediates;
  next = 0;
  immediates = [];
  shared[IMMEDIATES] = 0;
  while (next < batch.length) {
    const immediate = batch[next++];
    const callback = immediate._onImmediate;
    if (callback === null) continue;
    clear(immediate);
    try {
      if (immediate._args === null) callback.call(immediate);
      else callback.apply(immediate, immediate._args);
    } catch (error) {
      process._uncaught(error);
    }
    if (!process._settle()) beforePoll(); // the rest in the next turn
  }
}

/**
 * Before a turn of the loop that a callback runs: the immediates that wait for that callback to
 * return are due in this turn.
 */
function beforePoll() {
  if (next < batch.length) {
    immediates = [...batch.slice(next), ...immediates];
    next = batch.length;
    shared[IMMEDIATES] = 1;
  }
}

module.exports = { Immediate, beforePoll, clear, runImmediates };
