'use strict';
// Atomics.waitAsync() (https://tc39.es/ecma262/#sec-atomics.waitasync) where the engine has none, and
// the part of Atomics.notify() that wakes who waits so.
const native = binding('waiters');
const { isSharedArrayBuffer } = require('util/types');

const LONGEST_MS = 2 ** 31 - 1;
const waiting = new Map(); // number → what resolves the promise

native.setDispatch((id) => {
  const resolve = waiting.get(id);
  waiting.delete(id);
  resolve?.('ok');
});

const offsetOf = (array, index) => Math.trunc(index) * array.BYTES_PER_ELEMENT;

/**
 * Waits, without blocking, until somebody notifies who waits for an element of shared memory.
 * @param {Int32Array | BigInt64Array} array
 * @param {number} index
 * @param {number | bigint} value the element must have it
 * @param {number} [timeout] ms
 * @returns {{async: boolean, value: string | Promise<string>}}
 */
function waitAsync(array, index, value, timeout = Infinity) {
  '$native';
  const known = array instanceof Int32Array || array instanceof BigInt64Array;
  if (!known || !isSharedArrayBuffer(array.buffer))
    throw new TypeError(
      'Atomics.waitAsync() needs an Int32Array or BigInt64Array of a SharedArrayBuffer',
    );
  Atomics.load(array, index); // throws where there is no such element
  const expected = array instanceof Int32Array ? Number(value) | 0 : BigInt.asIntN(64, value);
  const limit = Number.isNaN(Number(timeout)) ? Infinity : Math.max(Number(timeout), 0);
  // Whoever changes the value from here on finds this one waiting.
  const id = native.add(array, offsetOf(array, index));
  if (Atomics.load(array, index) !== expected) {
    native.remove(id);
    return { async: false, value: 'not-equal' };
  }
  if (limit === 0) {
    native.remove(id);
    return { async: false, value: 'timed-out' };
  }
  const promise = new Promise((resolve) => {
    const timer =
      limit < LONGEST_MS
        ? setTimeout(() => {
            // What has been notified is told as that.
            if (native.remove(id) && waiting.delete(id)) resolve('timed-out');
          }, limit)
        : undefined;
    waiting.set(id, (result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
  return { async: true, value: promise };
}

/** The functions of Atomics, given the engine's own notify(). */
function make(notifySync) {
  /** Wakes at most count who wait for an element, those of waitAsync() first; returns how many. */
  function notify(array, index, count = Infinity) {
    '$native';
    const shared = ArrayBuffer.isView(array) && isSharedArrayBuffer(array.buffer);
    if (!shared) return notifySync(array, index, count);
    notifySync(array, index, 0); // throws where there is no such element
    const most = Math.max(Math.trunc(Number(count)) || 0, 0);
    const woken = native.wake(array, offsetOf(array, index), most);
    return woken + notifySync(array, index, most - woken);
  }
  return { notify, waitAsync };
}

module.exports = { make };
