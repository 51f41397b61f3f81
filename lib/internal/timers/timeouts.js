'use strict';
// Timers of one duration wait in one list, in order of their start, so that setting, clearing and
// refreshing one is O(1) and needs no call into C++; the lists wait in a heap by the time their
// first timer is due.
const { carry } = require('internal/base/stores');
const runtime = binding('runtime');
const { shared } = runtime;

// Indices, of struct Shared in src/engine/engine.h.
const NOW = 3;
const TIMERS_ALIVE = 4; // active timers that keep the process
const TIMEOUT_MAX = 2 ** 31 - 1;

// ---- Lists

const lists = new Map(); // duration → list
const heap = []; // of lists that are not empty, by due
let armed = -1; // when C++ wakes us, or -1
let nextId = 1;
const byId = new Map(); // timers whose primitive value was taken

class List {
  constructor(duration) {
    this.duration = duration;
    this.next = this; // ring with the list itself as its head
    this.previous = this;
    this.due = 0;
    this.index = -1;
  }
}

function place(list, index) {
  heap[index] = list;
  list.index = index;
}

function up(index) {
  const list = heap[index];
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (heap[parent].due <= list.due) break;
    place(heap[parent], index);
    index = parent;
  }
  place(list, index);
}

function down(index) {
  const list = heap[index];
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1].due < heap[child].due) child++;
    if (heap[child].due >= list.due) break;
    place(heap[child], index);
    index = child;
  }
  place(list, index);
}

function removeList(list) {
  const index = list.index;
  list.index = -1;
  const last = heap.pop();
  if (last !== list) {
    place(last, index);
    up(index);
    down(last.index);
  }
  lists.delete(list.duration);
}

let lastWall = 0;

// The loop's clock stands still while a callback runs. The wall clock tells, without a call into
// C++, that at least a millisecond went by since it was read.
function now() {
  const wall = Date.now();
  if (wall === lastWall) return shared[NOW];
  lastWall = wall;
  return runtime.refreshNow();
}

function arm() {
  const due = heap.length > 0 ? heap[0].due : -1;
  if (due === armed) return;
  armed = due;
  runtime.armTimer(due);
}

function unlink(timer) {
  timer.previous.next = timer.next;
  timer.next.previous = timer.previous;
  timer.next = timer.previous = null;
}

function append(list, timer) {
  timer.previous = list.previous;
  timer.next = list;
  list.previous.next = timer;
  list.previous = timer;
}

function start(timer) {
  const duration = timer._idleTimeout;
  timer._idleStart = now();
  let list = lists.get(duration);
  if (list === undefined) {
    list = new List(duration);
    list.due = timer._idleStart + duration;
    lists.set(duration, list);
    heap.push(list);
    list.index = heap.length - 1;
    append(list, timer);
    up(list.index);
    if (heap[0] === list) arm();
    return;
  }
  append(list, timer);
}

// The list keeps its due time even when its first timer goes: it looks again when that comes.
function stop(timer) {
  if (timer.next === null) return;
  unlink(timer);
  timer._active = false;
  if (timer._ref) shared[TIMERS_ALIVE]--;
}

const warned = new Set();

// Durations that are none: those below are told of once.
function warnOf(duration) {
  let [problem, name] = [
    `${duration} does not fit into a 32-bit signed integer.`,
    'TimeoutOverflowWarning',
  ];
  if (Number.isNaN(duration))
    [problem, name] = [`${duration} is not a number.`, 'TimeoutNaNWarning'];
  else if (duration < 0)
    [problem, name] = [`${duration} is a negative number.`, 'TimeoutNegativeWarning'];
  if (warned.has(name)) return;
  if (!(duration > TIMEOUT_MAX)) warned.add(name);
  process.emitWarning(`${problem}\nTimeout duration was set to 1.`, name);
}

class Timeout {
  constructor(callback, duration, args, repeat) {
    duration = duration === undefined ? 1 : +duration;
    if (!(duration >= 1 && duration <= TIMEOUT_MAX)) {
      if (!(duration >= 0 && duration <= TIMEOUT_MAX)) warnOf(duration);
      duration = 1;
    }
    this._idleTimeout = Math.trunc(duration);
    this._idleStart = 0;
    this._onTimeout = carry(callback, 'Timeout', this);
    this._repeat = repeat ? this._idleTimeout : null;
    this._args = args;
    this._ref = true;
    this._active = true;
    this._destroyed = false;
    this._id = 0;
    this.next = null;
    this.previous = null;
    start(this);
    shared[TIMERS_ALIVE]++;
  }

  /** Keeps the process while the timer is active, as it does by default. */
  ref() {
    if (!this._ref) {
      this._ref = true;
      if (this._active) shared[TIMERS_ALIVE]++;
    }
    return this;
  }

  /** Lets the process end although the timer is active. */
  unref() {
    if (this._ref) {
      this._ref = false;
      if (this._active) shared[TIMERS_ALIVE]--;
    }
    return this;
  }

  hasRef() {
    return this._ref;
  }

  /** Starts the time anew, also after it was over. */
  refresh() {
    if (this._onTimeout === null) return this; // it was cleared
    this._destroyed = false;
    if (this.next !== null) unlink(this);
    start(this);
    if (!this._active) {
      this._active = true;
      if (this._ref) shared[TIMERS_ALIVE]++;
    }
    return this;
  }

  close() {
    clear(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    if (this._id === 0) {
      this._id = nextId++;
      byId.set(this._id, this);
    }
    return this._id;
  }

  [Symbol.dispose ?? Symbol.for('dispose')]() {
    clear(this);
  }
}

function forget(timer) {
  timer._destroyed = true;
  timer._onTimeout = null;
  if (timer._id !== 0) byId.delete(timer._id);
}

function runTimers() {
  armed = -1;
  const now = shared[NOW];
  while (heap.length > 0) {
    const list = heap[0];
    if (list.due > now) break;
    const timer = list.next;
    if (timer === list) {
      removeList(list);
      continue;
    }
    const due = timer._idleStart + list.duration;
    if (due > now) {
      list.due = due;
      down(0);
      continue;
    }
    unlink(timer);
    timer._active = false;
    if (timer._ref) shared[TIMERS_ALIVE]--;
    if (!run(timer)) break; // what else is due in the next turn
  }
  arm();
}

// One timer, then the ticks and promise jobs it made, before the next one.
function run(timer) {
  const callback = timer._onTimeout;
  try {
    if (timer._args === null) callback.call(timer);
    else callback.apply(timer, timer._args);
  } catch (error) {
    process._uncaught(error);
  }
  if (timer._active === false && !timer._destroyed) {
    if (timer._repeat) {
      start(timer);
      timer._active = true;
      if (timer._ref) shared[TIMERS_ALIVE]++;
    } else timer._destroyed = true;
  }
  return process._settle();
}

/** Ends a timer or interval; anything that is none is ignored. */
function clear(timer) {
  if (typeof timer === 'number' || typeof timer === 'string') timer = byId.get(+timer);
  if (!(timer instanceof Timeout)) return;
  stop(timer);
  forget(timer);
}

/**
 * Before a turn of the loop that a callback runs: the timers that wait for that callback to return
 * are due in this turn.
 */
function beforePoll() {
  if (armed < 0) arm();
}

module.exports = { Timeout, beforePoll, clear, runTimers };
