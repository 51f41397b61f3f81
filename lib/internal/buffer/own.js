'use strict';
// What sockets read lies in memory that many reads share, and that a small part of it would keep.
const { Buffer } = require('buffer');

/**
 * Bytes for who holds them for as long as a peer likes: in memory of their own, unless they are most
 * of what they keep.
 * @param {Buffer} bytes @returns {Buffer}
 */
module.exports = function own(bytes) {
  if (bytes.length * 2 >= bytes.buffer.byteLength) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
};
