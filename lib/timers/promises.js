'use strict';
// Timers as promises (https://nodejs.org/api/timers.html#timers-promises-api).
const { onAbort } = require('internal/base/abort');
const timers = require('internal/timers/timers');
const { codes, AbortError } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateBoolean,
  validateNumber,
  validateObject,
} = require('internal/errors/validators');

// Returns {signal, ref} of options, checked.
function read(options) {
  if (options === undefined) return { signal: undefined, ref: true };
  validateObject(options, 'options');
  const { signal, ref = true } = options;
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(ref, 'options.ref');
  return { signal, ref };
}

// A promise that start(callback) settles by calling back; an abort of the signal stops it.
function wait(options, value, start, stop) {
  let signal, ref;
  try {
    ({ signal, ref } = read(options));
  } catch (error) {
    return Promise.reject(error);
  }
  if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  return new Promise((resolve, reject) => {
    const timer = start(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    });
    if (!ref) timer.unref();
    function abort() {
      stop(timer);
      reject(new AbortError(undefined, { cause: signal.reason }));
    }
    signal?.addEventListener('abort', abort, onAbort);
  });
}

/**
 * Resolves with value after delay ms.
 * @param {number} [delay] 1
 * @param {any} [value]
 * @param {{signal?: AbortSignal, ref?: boolean}} [options]
 */
function setTimeout(delay, value, options) {
  try {
    if (delay !== undefined) validateNumber(delay, 'delay');
  } catch (error) {
    return Promise.reject(error);
  }
  return wait(
    options,
    value,
    (callback) => timers.setTimeout(callback, delay),
    timers.clearTimeout,
  );
}

/** Resolves with value after the events of this turn of the loop. */
function setImmediate(value, options) {
  return wait(options, value, (callback) => timers.setImmediate(callback), timers.clearImmediate);
}

/** An async iterator that gives value every delay ms; ticks that nobody awaited are not lost. */
async function* setInterval(delay, value, options) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  const { signal, ref } = read(options);
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  let due = 0;
  let wake = null;
  const timer = timers.setInterval(() => {
    due++;
    wake?.();
  }, delay);
  if (!ref) timer.unref();
  const abort = () => wake?.();
  signal?.addEventListener('abort', abort, onAbort);
  try {
    for (;;) {
      if (due === 0 && !signal?.aborted) {
        await new Promise((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      for (; due > 0; due--) yield value;
      if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
    }
  } finally {
    timers.clearInterval(timer);
    signal?.removeEventListener('abort', abort);
  }
}

class Scheduler {
  constructor() {
    throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }
  /** As setTimeout(delay, undefined, options). */
  wait(delay, options) {
    return setTimeout(delay, undefined, options);
  }
  /** As setImmediate(). */
  yield() {
    return setImmediate();
  }
}

module.exports = {
  setTimeout,
  setImmediate,
  setInterval,
  scheduler: Object.create(Scheduler.prototype),
};
