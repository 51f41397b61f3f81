'use strict';
// The class that every Buffer is made with. lib/buffer.js gives it its methods; modules that make
// views take it from internal/buffer/view, which sees to that.

/** What `Buffer.prototype` is the prototype of. Takes what Uint8Array takes. */
class FastBuffer extends Uint8Array {
  constructor(bufferOrLength, byteOffset, length) {
    super(bufferOrLength, byteOffset, length);
  }
}

const sizeOf = (memory) => Object.getOwnPropertyDescriptor(memory.prototype, 'byteLength').get;
const unsharedSize = sizeOf(ArrayBuffer);
// The engine may be told to have none.
const sharedSize =
  typeof SharedArrayBuffer === 'function' ? sizeOf(SharedArrayBuffer) : unsharedSize;

function answers(get, value) {
  try {
    Reflect.apply(get, value, []);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a value is an ArrayBuffer or a SharedArrayBuffer, of whatever context.
 * @param {unknown} value
 */
function isMemory(value) {
  if (value instanceof ArrayBuffer) return true;
  if (typeof value !== 'object' || typeof value?.byteLength !== 'number') return false;
  return answers(sharedSize, value) || answers(unsharedSize, value);
}

module.exports = { FastBuffer, isMemory };
