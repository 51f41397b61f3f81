'use strict';
// mock.timers of node:test: timers and dates of a clock that only the program moves.
const { codes, AbortError } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateArray,
  validateNumber,
  validateString,
} = require('internal/errors/validators');

const APIS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Date',
  'scheduler.wait',
  'AbortSignal.timeout',
];
const CLEARS = {
  setTimeout: 'clearTimeout',
  setInterval: 'clearInterval',
  setImmediate: 'clearImmediate',
};
const MOST_MS = 2 ** 31 - 1;
const RealDate = Date;

/** What a mocked timer function returns. */
class MockTimer {
  constructor(clock, callback, args, delay, interval) {
    Object.assign(this, { clock, callback, args, delay, interval });
    this.id = clock.nextId++;
    this.kept = true;
    this.place();
  }
  place() {
    this.due = this.clock.now + this.delay;
    this.order = this.clock.nextOrder++;
    this.clock.timers.add(this);
  }
  hasRef() {
    return this.kept;
  }
  ref() {
    this.kept = true;
    return this;
  }
  unref() {
    this.kept = false;
    return this;
  }
  refresh() {
    this.place();
    return this;
  }
  close() {
    this.clock.timers.delete(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
  [Symbol.dispose]() {
    this.close();
  }
}
for (const name of ['clock', 'callback', 'args', 'due', 'order', 'interval', 'delay'])
  Object.defineProperty(MockTimer.prototype, name, { writable: true, value: undefined });

/** Timers, and the time that they go by. */
class Clock {
  timers = new Set();
  nextId = 1;
  nextOrder = 1;

  constructor(now) {
    this.now = now;
  }

  add(callback, delay, args, interval) {
    const ms = delay >= 1 && delay <= MOST_MS ? Math.trunc(delay) : 1;
    return new MockTimer(this, callback, args, ms, interval);
  }

  /** What is due next, immediates before all. */
  next() {
    let first;
    for (const one of this.timers)
      if (
        first === undefined ||
        one.due < first.due ||
        (one.due === first.due && one.order < first.order)
      )
        first = one;
    return first;
  }

  clear(timer) {
    const found =
      timer instanceof MockTimer ? timer : [...this.timers].find((one) => one.id === Number(timer));
    this.timers.delete(found);
  }

  /** Sets the time, and runs all that is due until then, in order. */
  moveTo(until) {
    this.now = until;
    for (let one = this.next(); one !== undefined && one.due <= this.now; one = this.next()) {
      if (one.interval) one.due += one.delay;
      else this.timers.delete(one);
      Reflect.apply(one.callback, undefined, one.args);
    }
  }

  last() {
    return Math.max(this.now, ...Array.from(this.timers, (one) => one.due));
  }
}

// ---- What stands in place of the functions

function checkedCallback(callback) {
  if (typeof callback !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  return callback;
}

/** The functions that take callbacks, on a clock. */
const withCallbacks = (clock) => ({
  setTimeout: (callback, delay, ...args) =>
    clock.add(checkedCallback(callback), delay, args, false),
  setInterval: (callback, delay, ...args) =>
    clock.add(checkedCallback(callback), delay, args, true),
  setImmediate(callback, ...args) {
    const timer = clock.add(checkedCallback(callback), 1, args, false);
    timer.due = clock.now;
    return timer;
  },
  clear: (timer) => clock.clear(timer),
});

function waiting(clock, delay, value, options = {}) {
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new AbortError(undefined, { cause: signal.reason }));
    if (signal?.aborted) return refuse();
    const timer = clock.add(done, delay, [], false);
    if (delay === null) timer.due = clock.now;
    function abort() {
      clock.clear(timer);
      refuse();
    }
    function done() {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Those of timers/promises, on a clock. */
const withPromises = (clock) => ({
  setTimeout: (delay, value, options) => waiting(clock, delay, value, options),
  setImmediate: (value, options) => waiting(clock, null, value, options),
  async *setInterval(delay, value, options = {}) {
    const { signal } = options;
    validateAbortSignal(signal, 'options.signal');
    if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
    const due = [];
    let wake;
    const timer = clock.add(
      () => {
        due.push(value === undefined ? clock.now : value);
        wake?.();
      },
      delay,
      [],
      true,
    );
    const abort = () => wake?.();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      for (;;) {
        if (due.length === 0 && !signal?.aborted)
          await new Promise((resolve) => {
            wake = resolve;
          });
        if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
        yield due.shift();
      }
    } finally {
      clock.clear(timer);
      signal?.removeEventListener('abort', abort);
    }
  },
});

/** A Date whose present is a clock's. */
function dateOf(clock) {
  function MockDate(...args) {
    if (new.target === undefined) return new RealDate(clock.now).toString();
    return Reflect.construct(
      RealDate,
      args.length === 0 ? [clock.now] : args,
      new.target === MockDate ? RealDate : new.target,
    );
  }
  const descriptors = Object.getOwnPropertyDescriptors(RealDate);
  Object.defineProperties(MockDate, descriptors);
  Object.defineProperty(MockDate, 'now', { ...descriptors.now, value: () => clock.now });
  Object.defineProperty(MockDate, 'isMock', { value: true, configurable: true });
  return MockDate;
}

/** @type {typeof AbortSignal.timeout} on a clock */
const timeoutSignal = (clock) =>
  function timeout(delay) {
    validateNumber(delay, 'delay', 0, Number.MAX_SAFE_INTEGER);
    const controller = new AbortController();
    const timer = clock.add(
      () =>
        controller.abort(
          new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
        ),
      delay,
      [],
      false,
    );
    timer.unref();
    return controller.signal;
  };

// ---- The object

/** `mock.timers`. */
class MockTimers {
  #clock; // undefined while nothing is mocked
  #undo = [];

  /**
   * Has timers wait for tick().
   * @param {{ apis?: string[], now?: number | Date }} [options]  now: 0
   */
  enable(options = {}) {
    const { apis = APIS, now = 0 } = options;
    if (this.#clock !== undefined)
      throw new codes.ERR_INVALID_STATE('MockTimers is already enabled!');
    const start = now instanceof RealDate ? now.getTime() : now;
    validateNumber(start, 'initialTime');
    if (start < 0) throw new codes.ERR_INVALID_ARG_VALUE('now', now, 'must be 0 or more');
    validateArray(apis, 'options.apis');
    for (const [index, one] of apis.entries()) validateString(one, `options.apis[${index}]`);
    for (const api of apis)
      if (!APIS.includes(api))
        throw new codes.ERR_INVALID_ARG_VALUE(
          'options.apis',
          api,
          `option ${api} is not supported`,
        );
    this.#clock = new Clock(start);
    for (const api of apis) this.#mock(api);
  }

  #set(object, name, value) {
    const before = Object.getOwnPropertyDescriptor(object, name);
    this.#undo.push(() =>
      before === undefined ? delete object[name] : Object.defineProperty(object, name, before),
    );
    Object.defineProperty(object, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: before?.enumerable ?? true,
    });
  }

  #mock(api) {
    const clock = this.#clock;
    if (api === 'Date') return this.#set(globalThis, 'Date', dateOf(clock));
    if (api === 'AbortSignal.timeout')
      return this.#set(AbortSignal, 'timeout', timeoutSignal(clock));
    const promises = require('timers/promises');
    if (api === 'scheduler.wait')
      return this.#set(promises.scheduler, 'wait', (delay, options) =>
        waiting(clock, delay, undefined, options),
      );
    const functions = withCallbacks(clock);
    for (const holder of [globalThis, require('timers')]) {
      this.#set(holder, api, functions[api]);
      this.#set(holder, CLEARS[api], functions.clear);
    }
    this.#set(promises, api, withPromises(clock)[api]);
    const custom = require('util').promisify.custom;
    if (api !== 'setInterval')
      Object.defineProperty(functions[api], custom, {
        enumerable: true,
        get: () => withPromises(clock)[api],
      });
    return undefined;
  }

  #enabled() {
    if (this.#clock === undefined)
      throw new codes.ERR_INVALID_STATE(
        'You should enable MockTimers first by calling the .enable function',
      );
    return this.#clock;
  }

  /** Moves the time by so many ms, and runs what is due. */
  tick(time = 1) {
    const clock = this.#enabled();
    validateNumber(time, 'time');
    if (time < 0) throw new codes.ERR_INVALID_ARG_VALUE('time', time, 'must be 0 or more');
    clock.moveTo(clock.now + time);
  }

  /** Moves the time to that of the last timer that there is. */
  runAll() {
    const clock = this.#enabled();
    clock.moveTo(clock.last());
  }

  /** Sets the time, and runs what was due before it. */
  setTime(time = 0) {
    const clock = this.#enabled();
    validateNumber(time, 'time');
    if (time < 0) throw new codes.ERR_INVALID_ARG_VALUE('time', time, 'must be 0 or more');
    if (time > clock.now) clock.moveTo(time);
    else clock.now = time;
  }

  /** Gives back what was mocked. */
  reset() {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    this.#clock = undefined;
  }

  [Symbol.dispose]() {
    this.reset();
  }
}

module.exports = { MockTimers };
