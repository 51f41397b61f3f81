'use strict';
// events.on(): the events of an emitter as an asynchronous iterator.
const { onAbort } = require('internal/base/abort');
const { AbortError, codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateInteger,
  validateObject,
} = require('internal/errors/validators');

const AsyncIteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf(async function* () {}).prototype,
);

const kMarks = Symbol.for('nodejs.watermarkData');

/** What adds and removes listeners of an emitter or an EventTarget. */
function listening(emitter) {
  if (typeof emitter.on === 'function')
    return {
      add: (type, listener) => emitter.on(type, listener),
      remove: (type, listener) => emitter.removeListener(type, listener),
    };
  if (typeof emitter.addEventListener === 'function')
    return {
      add: (type, listener) => emitter.addEventListener(type, listener),
      remove: (type, listener) => emitter.removeEventListener(type, listener),
    };
  throw new codes.ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
}

/** A list of which the first is taken in constant time. */
class Queue {
  #all = [];
  #first = 0;

  get length() {
    return this.#all.length - this.#first;
  }

  push(value) {
    this.#all.push(value);
  }

  shift() {
    const value = this.#all[this.#first];
    this.#all[this.#first++] = undefined;
    if (this.#first * 2 > this.#all.length) {
      this.#all = this.#all.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }
}

class EventIterator {
  #emitter;
  #listeners = []; // [type, listener]
  #through;
  #signal;
  #values = new Queue();
  #waiting = new Queue(); // of next()
  #error = null;
  #finished = false;
  #paused = false;
  #high;
  #low;

  constructor(emitter, type, options) {
    this.#emitter = emitter;
    this.#signal = options.signal;
    this.#high = options.highWaterMark ?? Number.MAX_SAFE_INTEGER;
    this.#low = options.lowWaterMark ?? 1;
    this.#through = listening(emitter);
    this.#listen(type, (...args) => this.#push(args));
    if (type !== 'error' && typeof emitter.on === 'function')
      this.#listen('error', (error) => this.#fail(error));
    for (const name of options.close) this.#listen(name, () => this.#finish());
    this.#signal?.addEventListener('abort', this.#abort, onAbort);
  }

  #abort = () => this.#fail(new AbortError(undefined, { cause: this.#signal.reason }));

  #listen(type, listener) {
    this.#listeners.push([type, listener]);
    this.#through.add(type, listener);
  }

  #push(value) {
    if (this.#waiting.length > 0) {
      this.#waiting.shift().resolve({ value, done: false });
      return;
    }
    this.#values.push(value);
    if (!this.#paused && this.#values.length > this.#high) {
      this.#paused = true;
      this.#emitter.pause();
    }
  }

  #fail(error) {
    if (this.#waiting.length > 0) this.#waiting.shift().reject(error);
    else this.#error = error;
    this.#finish();
  }

  #finish() {
    this.#finished = true;
    for (const [type, listener] of this.#listeners.splice(0)) this.#through.remove(type, listener);
    this.#signal?.removeEventListener('abort', this.#abort);
    while (this.#waiting.length > 0)
      this.#waiting.shift().resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  }

  next() {
    if (this.#values.length > 0) {
      const value = this.#values.shift();
      if (this.#paused && !this.#finished && this.#values.length < this.#low) {
        this.#paused = false;
        this.#emitter.resume();
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.#error !== null) {
      const error = this.#error;
      this.#error = null;
      return Promise.reject(error);
    }
    if (this.#finished) return this.#finish();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return() {
    return this.#finish();
  }

  /** What packages look at to see how full the queue is. */
  get marks() {
    const iterator = this;
    return {
      low: this.#low,
      high: this.#high,
      get size() {
        return iterator.#values.length;
      },
      get isPaused() {
        return iterator.#paused;
      },
    };
  }

  throw(error) {
    if (!(error instanceof Error))
      throw new codes.ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', error);
    this.#fail(error);
    return undefined;
  }
}

/** The options of events.on(), checked; those of before stand for these. */
function check(options) {
  validateObject(options, 'options');
  validateAbortSignal(options.signal, 'options.signal');
  for (const [name, older] of [
    ['highWaterMark', 'highWatermark'],
    ['lowWaterMark', 'lowWatermark'],
  ]) {
    const value = options[name] ?? options[older];
    if (value !== undefined) validateInteger(value, `options.${name}`, 1);
  }
  return {
    signal: options.signal,
    close: Array.isArray(options.close) ? options.close : [],
    highWaterMark: options.highWaterMark ?? options.highWatermark,
    lowWaterMark: options.lowWaterMark ?? options.lowWatermark,
  };
}

/**
 * @param {object} [options] highWaterMark and lowWaterMark count the events that nobody took: the
 *   emitter's pause() and resume() are called there
 */
function on(emitter, type, options = {}) {
  const checked = check(options);
  if (checked.signal?.aborted) throw new AbortError(undefined, { cause: checked.signal.reason });
  const events = new EventIterator(emitter, type, checked);
  return {
    __proto__: AsyncIteratorPrototype,
    next: () => events.next(),
    return: () => events.return(),
    throw: (error) => events.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
    [kMarks]: events.marks,
  };
}

module.exports = { kMarks, on };
