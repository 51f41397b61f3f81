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

/** Whether value is an ArrayBuffer, shared or not. */
exports.isArrayBuffer = (value) =>
  value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
