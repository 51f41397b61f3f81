'use strict';
// Buffer's read* and write* methods. They work on the bytes one by one, which compiles to less
// than a call into C++ or a DataView would cost.
const { codes } = require('internal/errors/codes');

/** Throws the error for an offset at which size bytes are not there. */
function failOffset(offset, length, size) {
  if (typeof offset !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  if (Math.floor(offset) !== offset)
    throw new codes.ERR_OUT_OF_RANGE('offset', 'an integer', offset);
  if (length < size) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS();
  throw new codes.ERR_OUT_OF_RANGE('offset', `>= 0 and <= ${length - size}`, offset);
}

function check(buffer, offset, size) {
  if (offset >>> 0 !== offset || offset + size > buffer.length)
    failOffset(offset, buffer.length, size);
}

function failValue(value, min, max, size) {
  const n = typeof min === 'bigint' ? 'n' : '';
  let range = `>= ${min}${n} and <= ${max}${n}`;
  if (size > 4) {
    const bits = size * 8;
    range =
      min < 0
        ? `>= -(2${n} ** ${bits - 1}${n}) and < 2${n} ** ${bits - 1}${n}`
        : `>= 0${n} and < 2${n} ** ${bits}${n}`;
  }
  throw new codes.ERR_OUT_OF_RANGE('value', range, value);
}

function checkBigInt(value) {
  if (typeof value !== 'bigint')
    throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
}

function checkValue(buffer, value, offset, min, max, size) {
  if (value < min || value > max) failValue(value, min, max, size);
  check(buffer, offset, size);
}

function checkByteLength(byteLength) {
  if (byteLength >= 1 && byteLength <= 6 && Math.floor(byteLength) === byteLength) return;
  if (typeof byteLength !== 'number')
    throw new codes.ERR_INVALID_ARG_TYPE('byteLength', 'number', byteLength);
  const range = Math.floor(byteLength) === byteLength ? '>= 1 and <= 6' : 'an integer';
  throw new codes.ERR_OUT_OF_RANGE('byteLength', range, byteLength);
}

const bytes = new Uint8Array(8);
const float = new Float32Array(bytes.buffer);
const double = new Float64Array(bytes.buffer);
const bigInt = new BigInt64Array(bytes.buffer);
const bigUint = new BigUint64Array(bytes.buffer);

function takeLE(buffer, offset, size) {
  check(buffer, offset, size);
  for (let i = 0; i < size; i++) bytes[i] = buffer[offset + i];
}
function takeBE(buffer, offset, size) {
  check(buffer, offset, size);
  for (let i = 0; i < size; i++) bytes[size - 1 - i] = buffer[offset + i];
}
function putLE(buffer, offset, size) {
  for (let i = 0; i < size; i++) buffer[offset + i] = bytes[i];
  return offset + size;
}
function putBE(buffer, offset, size) {
  for (let i = 0; i < size; i++) buffer[offset + i] = bytes[size - 1 - i];
  return offset + size;
}

const methods = {
  readUInt8(offset = 0) {
    check(this, offset, 1);
    return this[offset];
  },
  readInt8(offset = 0) {
    check(this, offset, 1);
    return (this[offset] << 24) >> 24;
  },
  readUInt16LE(offset = 0) {
    check(this, offset, 2);
    return this[offset] | (this[offset + 1] << 8);
  },
  readUInt16BE(offset = 0) {
    check(this, offset, 2);
    return (this[offset] << 8) | this[offset + 1];
  },
  readInt16LE(offset = 0) {
    check(this, offset, 2);
    return ((this[offset] << 16) | (this[offset + 1] << 24)) >> 16;
  },
  readInt16BE(offset = 0) {
    check(this, offset, 2);
    return ((this[offset] << 24) | (this[offset + 1] << 16)) >> 16;
  },
  readUInt32LE(offset = 0) {
    check(this, offset, 4);
    return (
      (this[offset] |
        (this[offset + 1] << 8) |
        (this[offset + 2] << 16) |
        (this[offset + 3] << 24)) >>>
      0
    );
  },
  readUInt32BE(offset = 0) {
    check(this, offset, 4);
    return (
      ((this[offset] << 24) |
        (this[offset + 1] << 16) |
        (this[offset + 2] << 8) |
        this[offset + 3]) >>>
      0
    );
  },
  readInt32LE(offset = 0) {
    check(this, offset, 4);
    return (
      this[offset] | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24)
    );
  },
  readInt32BE(offset = 0) {
    check(this, offset, 4);
    return (
      (this[offset] << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3]
    );
  },
  readBigUInt64LE(offset = 0) {
    takeLE(this, offset, 8);
    return bigUint[0];
  },
  readBigUInt64BE(offset = 0) {
    takeBE(this, offset, 8);
    return bigUint[0];
  },
  readBigInt64LE(offset = 0) {
    takeLE(this, offset, 8);
    return bigInt[0];
  },
  readBigInt64BE(offset = 0) {
    takeBE(this, offset, 8);
    return bigInt[0];
  },
  readFloatLE(offset = 0) {
    takeLE(this, offset, 4);
    return float[0];
  },
  readFloatBE(offset = 0) {
    takeBE(this, offset, 4);
    return float[0];
  },
  readDoubleLE(offset = 0) {
    takeLE(this, offset, 8);
    return double[0];
  },
  readDoubleBE(offset = 0) {
    takeBE(this, offset, 8);
    return double[0];
  },
  readUIntLE(offset, byteLength) {
    if (offset === undefined) failOffset(offset);
    checkByteLength(byteLength);
    check(this, offset, byteLength);
    let value = 0;
    for (let i = byteLength - 1; i >= 0; i--) value = value * 256 + this[offset + i];
    return value;
  },
  readUIntBE(offset, byteLength) {
    if (offset === undefined) failOffset(offset);
    checkByteLength(byteLength);
    check(this, offset, byteLength);
    let value = 0;
    for (let i = 0; i < byteLength; i++) value = value * 256 + this[offset + i];
    return value;
  },
  readIntLE(offset, byteLength) {
    const value = this.readUIntLE(offset, byteLength);
    return this[offset + byteLength - 1] < 0x80 ? value : value - 2 ** (8 * byteLength);
  },
  readIntBE(offset, byteLength) {
    const value = this.readUIntBE(offset, byteLength);
    return this[offset] < 0x80 ? value : value - 2 ** (8 * byteLength);
  },

  writeUInt8(value, offset = 0) {
    return write8(this, value, offset, 0, 0xff);
  },
  writeInt8(value, offset = 0) {
    return write8(this, value, offset, -0x80, 0x7f);
  },
  writeUInt16LE(value, offset = 0) {
    return write16LE(this, value, offset, 0, 0xffff);
  },
  writeUInt16BE(value, offset = 0) {
    return write16BE(this, value, offset, 0, 0xffff);
  },
  writeInt16LE(value, offset = 0) {
    return write16LE(this, value, offset, -0x8000, 0x7fff);
  },
  writeInt16BE(value, offset = 0) {
    return write16BE(this, value, offset, -0x8000, 0x7fff);
  },
  writeUInt32LE(value, offset = 0) {
    return write32LE(this, value, offset, 0, 0xffffffff);
  },
  writeUInt32BE(value, offset = 0) {
    return write32BE(this, value, offset, 0, 0xffffffff);
  },
  writeInt32LE(value, offset = 0) {
    return write32LE(this, value, offset, -0x80000000, 0x7fffffff);
  },
  writeInt32BE(value, offset = 0) {
    return write32BE(this, value, offset, -0x80000000, 0x7fffffff);
  },
  writeBigUInt64LE(value, offset = 0) {
    checkBigInt(value);
    checkValue(this, value, offset, 0n, 0xffffffffffffffffn, 8);
    bigUint[0] = value;
    return putLE(this, offset, 8);
  },
  writeBigUInt64BE(value, offset = 0) {
    checkBigInt(value);
    checkValue(this, value, offset, 0n, 0xffffffffffffffffn, 8);
    bigUint[0] = value;
    return putBE(this, offset, 8);
  },
  writeBigInt64LE(value, offset = 0) {
    checkBigInt(value);
    checkValue(this, value, offset, -0x8000000000000000n, 0x7fffffffffffffffn, 8);
    bigInt[0] = value;
    return putLE(this, offset, 8);
  },
  writeBigInt64BE(value, offset = 0) {
    checkBigInt(value);
    checkValue(this, value, offset, -0x8000000000000000n, 0x7fffffffffffffffn, 8);
    bigInt[0] = value;
    return putBE(this, offset, 8);
  },
  writeFloatLE(value, offset = 0) {
    value = +value;
    check(this, offset, 4);
    float[0] = value;
    return putLE(this, offset, 4);
  },
  writeFloatBE(value, offset = 0) {
    value = +value;
    check(this, offset, 4);
    float[0] = value;
    return putBE(this, offset, 4);
  },
  writeDoubleLE(value, offset = 0) {
    value = +value;
    check(this, offset, 8);
    double[0] = value;
    return putLE(this, offset, 8);
  },
  writeDoubleBE(value, offset = 0) {
    value = +value;
    check(this, offset, 8);
    double[0] = value;
    return putBE(this, offset, 8);
  },
  writeUIntLE(value, offset, byteLength) {
    checkByteLength(byteLength);
    return writeLE(this, +value, offset, byteLength, 0, 2 ** (8 * byteLength) - 1);
  },
  writeUIntBE(value, offset, byteLength) {
    checkByteLength(byteLength);
    return writeBE(this, +value, offset, byteLength, 0, 2 ** (8 * byteLength) - 1);
  },
  writeIntLE(value, offset, byteLength) {
    checkByteLength(byteLength);
    const limit = 2 ** (8 * byteLength - 1);
    return writeLE(this, +value, offset, byteLength, -limit, limit - 1);
  },
  writeIntBE(value, offset, byteLength) {
    checkByteLength(byteLength);
    const limit = 2 ** (8 * byteLength - 1);
    return writeBE(this, +value, offset, byteLength, -limit, limit - 1);
  },
};

function write8(buffer, value, offset, min, max) {
  value = +value;
  if (typeof offset !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  checkValue(buffer, value, offset, min, max, 1);
  buffer[offset] = value;
  return offset + 1;
}

function write16LE(buffer, value, offset, min, max) {
  value = +value;
  checkValue(buffer, value, offset, min, max, 2);
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  return offset + 2;
}

function write16BE(buffer, value, offset, min, max) {
  value = +value;
  checkValue(buffer, value, offset, min, max, 2);
  buffer[offset] = value >>> 8;
  buffer[offset + 1] = value;
  return offset + 2;
}

function write32LE(buffer, value, offset, min, max) {
  value = +value;
  checkValue(buffer, value, offset, min, max, 4);
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  buffer[offset + 2] = value >>> 16;
  buffer[offset + 3] = value >>> 24;
  return offset + 4;
}

function write32BE(buffer, value, offset, min, max) {
  value = +value;
  checkValue(buffer, value, offset, min, max, 4);
  buffer[offset] = value >>> 24;
  buffer[offset + 1] = value >>> 16;
  buffer[offset + 2] = value >>> 8;
  buffer[offset + 3] = value;
  return offset + 4;
}

function writeLE(buffer, value, offset, size, min, max) {
  checkValue(buffer, value, offset, min, max, size);
  value = Math.trunc(value);
  for (let i = 0; i < size; i++) {
    buffer[offset + i] = value;
    value = Math.floor(value / 256);
  }
  return offset + size;
}

function writeBE(buffer, value, offset, size, min, max) {
  checkValue(buffer, value, offset, min, max, size);
  value = Math.trunc(value);
  for (let i = size - 1; i >= 0; i--) {
    buffer[offset + i] = value;
    value = Math.floor(value / 256);
  }
  return offset + size;
}

/** Defines the methods on a prototype, with the spelling `Uint` beside `UInt`. */
exports.define = function define(prototype) {
  for (const name of Object.keys(methods)) {
    prototype[name] = methods[name];
    if (name.includes('UInt')) prototype[name.replace('UInt', 'Uint')] = methods[name];
  }
};
