'use strict';
// The class that every Buffer is made with. lib/buffer.js gives it its methods; modules that make
// views take it from internal/buffer/view, which sees to that.

/** What `Buffer.prototype` is the prototype of. Takes what Uint8Array takes. */
class FastBuffer extends Uint8Array {
  constructor(bufferOrLength, byteOffset, length) {
    super(bufferOrLength, byteOffset, length);
  }
}

exports.FastBuffer = FastBuffer;

// Values of other contexts (module vm) have classes of their own; those of this one are told fastest
// by their class.
const { get: tagOf } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
);
const { get: lengthOf } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength');
const { get: sharedLengthOf } = Object.getOwnPropertyDescriptor(
  SharedArrayBuffer.prototype,
  'byteLength',
);

function has(get, value) {
  try {
    Reflect.apply(get, value, []);
    return true;
  } catch {
    return false;
  }
}

/** Whether value is a Uint8Array, of whatever context. */
exports.isUint8Array = (value) =>
  value instanceof Uint8Array ||
  (ArrayBuffer.isView(value) && Reflect.apply(tagOf, value, []) === 'Uint8Array');

/** Whether value is a DataView, of whatever context. */
exports.isDataView = (value) =>
  value instanceof DataView ||
  (ArrayBuffer.isView(value) && Reflect.apply(tagOf, value, []) === undefined);

/** Whether value is an ArrayBuffer, shared or not, of whatever context. */
exports.isArrayBuffer = (value) =>
  value instanceof ArrayBuffer ||
  value instanceof SharedArrayBuffer ||
  (typeof value === 'object' &&
    value !== null &&
    (has(lengthOf, value) || has(sharedLengthOf, value)));
