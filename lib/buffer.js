'use strict';
// Buffer: a Uint8Array with text encodings, numbers of any size and byte order, and views that
// share memory.
const { codes } = require('internal/errors/codes');
const { validateArray, validateInteger, validateNumber } = require('internal/errors/validators');
const {
  FastBuffer,
  isArrayBuffer,
  isDataView,
  isUint8Array,
} = require('internal/buffer/fast_buffer');
const encodings = require('internal/buffer/encodings');
const search = require('internal/buffer/search');
const native = binding('buffer');
const { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE } = codes;

const kMaxLength = native.maxBytes;
const kStringMaxLength = native.maxStringLength;
const BYTES = ['Buffer', 'Uint8Array'];
let inspectMaxBytes = 50;

/**
 * `Buffer(…)` and `new Buffer(…)`, deprecated: Buffer.alloc for a number, Buffer.from otherwise.
 * @param {number | string | ArrayBuffer | ArrayLike<number>} value
 */
function Buffer(value, encodingOrOffset, length) {
  require('internal/buffer/constructor').warnOfConstructor();
  if (typeof value === 'number') {
    if (typeof encodingOrOffset === 'string')
      throw new ERR_INVALID_ARG_TYPE('string', 'string', value);
    return Buffer.alloc(value);
  }
  return Buffer.from(value, encodingOrOffset, length);
}

Object.setPrototypeOf(Buffer, Uint8Array);
Object.defineProperty(Buffer, 'prototype', { value: FastBuffer.prototype, writable: false });
Object.defineProperty(Buffer, Symbol.species, { configurable: true, get: () => FastBuffer });
const prototype = Buffer.prototype;
Object.defineProperty(prototype, 'constructor', {
  value: Buffer,
  writable: true,
  configurable: true,
});

// Small buffers are views of one block, so that they cost no allocation of their own. The smallest
// are quicker to allocate.
const TINY = 64;
Buffer.poolSize = 8 * 1024;
let poolMemory = new ArrayBuffer(0);
let poolOffset = 0;

function refill() {
  poolMemory = new ArrayBuffer(Buffer.poolSize);
  poolOffset = 0;
}

/** A view of the next size bytes of the pool. size is at most half the pool's. */
function fromPool(size) {
  if (size > poolMemory.byteLength - poolOffset) {
    refill();
    if (size > poolMemory.byteLength) return new FastBuffer(size);
  }
  const buffer = new FastBuffer(poolMemory, poolOffset, size);
  // Views begin at multiples of eight, for typed arrays on the same memory.
  poolOffset = Math.min((poolOffset + size + 7) & ~7, poolMemory.byteLength);
  return buffer;
}

function isBytes(value) {
  return isUint8Array(value);
}

function checkBytes(value, name) {
  if (!isUint8Array(value)) throw new ERR_INVALID_ARG_TYPE(name, BYTES, value);
}

function checkOffset(value, name, min = 0, max = kMaxLength) {
  validateInteger(value, name, min, max);
}

function fromString(text, encodingName) {
  let encoding = encodings.UTF8;
  if (typeof encodingName === 'string' && encodingName !== '')
    encoding = encodings.encodingOf(encodingName);
  return encodings.bufferOf(text, encoding);
}

function fromArrayBuffer(memory, offset, length) {
  offset = Math.trunc(offset) || 0;
  const room = memory.byteLength - offset;
  if (room < 0 || offset < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length === undefined) return new FastBuffer(memory, offset, room);
  length = Math.trunc(length);
  if (length > room) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new FastBuffer(memory, offset, length > 0 ? length : 0);
}

function fromArrayLike(list) {
  const length = list.length;
  if (!(length > 0)) return new FastBuffer(0);
  const buffer = Buffer.allocUnsafe(Math.trunc(length));
  if (isBytes(list)) search.copyBytes(list, 0, buffer, 0, buffer.length);
  else for (let i = 0; i < buffer.length; i++) buffer[i] = list[i];
  return buffer;
}

function fromObject(value) {
  if (value.length !== undefined || isArrayBuffer(value.buffer))
    return typeof value.length === 'number' ? fromArrayLike(value) : new FastBuffer(0);
  if (value.type === 'Buffer' && Array.isArray(value.data)) return fromArrayLike(value.data);
  if (typeof value[Symbol.toPrimitive] !== 'function') return undefined;
  return value[Symbol.toPrimitive]('string');
}

/**
 * A new Buffer with the bytes of a string, a copy of an array's or a view's elements, or a view of
 * an ArrayBuffer.
 * @param {string | ArrayBuffer | ArrayLike<number> | object} value
 * @param {string | number} [encodingOrOffset]
 * @param {number} [length]
 * @returns {Buffer}
 */
Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return fromString(value, encodingOrOffset);
  if (typeof value === 'object' && value !== null) {
    if (isBytes(value)) return fromArrayLike(value);
    if (isArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const inner = value.valueOf?.();
    if (
      inner != null &&
      inner !== value &&
      (typeof inner === 'string' || typeof inner === 'object')
    )
      return from(inner, encodingOrOffset, length);
    const made = fromObject(value);
    if (typeof made === 'string') return fromString(made, encodingOrOffset);
    if (isBytes(made)) return made;
  }
  throw new ERR_INVALID_ARG_TYPE(
    'first argument',
    ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'],
    value,
  );
};

/** A Buffer of a string. */
Buffer.fromString = function (text, encoding) {
  if (typeof text !== 'string') throw new ERR_INVALID_ARG_TYPE('string', 'string', text);
  return fromString(text, encoding);
};

/** A copy of a typed array's memory, from element offset on. */
Buffer.copyBytesFrom = function copyBytesFrom(view, offset, length) {
  if (!ArrayBuffer.isView(view) || isDataView(view))
    throw new ERR_INVALID_ARG_TYPE('view', 'TypedArray', view);
  if (offset !== undefined) validateInteger(offset, 'offset', 0);
  const start = offset ?? 0;
  if (start >= view.length) return new FastBuffer(0);
  if (length !== undefined) validateInteger(length, 'length', 0);
  const end = Math.min(start + (length ?? view.length), view.length);
  const size = view.BYTES_PER_ELEMENT;
  return fromArrayLike(
    new Uint8Array(view.buffer, view.byteOffset + start * size, (end - start) * size),
  );
};

Buffer.of = function of(...items) {
  const buffer = Buffer.allocUnsafe(items.length);
  for (let i = 0; i < items.length; i++) buffer[i] = items[i];
  return buffer;
};

/**
 * A new Buffer of size bytes, filled with zeros or what fill says.
 * @param {number} size
 */
Buffer.alloc = function alloc(size, fill, encoding) {
  validateNumber(size, 'size', 0, kMaxLength);
  const buffer = new FastBuffer(size);
  if (fill === undefined || fill === 0 || size === 0) return buffer;
  return search.fill(buffer, fill, 0, buffer.length, encoding);
};
Buffer.allocSafe = Buffer.alloc;

/** A new Buffer whose contents are arbitrary; small ones share a block of memory. */
Buffer.allocUnsafe = function allocUnsafe(size) {
  if (typeof size !== 'number' || !(size >= 0 && size <= kMaxLength))
    validateNumber(size, 'size', 0, kMaxLength);
  size = Math.trunc(size);
  return size > TINY && size < Buffer.poolSize >>> 1 ? fromPool(size) : new FastBuffer(size);
};

/** A new Buffer with memory of its own. */
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size) {
  validateNumber(size, 'size', 0, kMaxLength);
  return new FastBuffer(size);
};

Buffer.isBuffer = function isBuffer(value) {
  return value instanceof Buffer;
};

Buffer.compare = function compare(a, b) {
  checkBytes(a, 'buf1');
  checkBytes(b, 'buf2');
  return a === b ? 0 : search.compareRanges(a, 0, a.length, b, 0, b.length);
};

Buffer.isEncoding = function isEncoding(name) {
  return typeof name === 'string' && name !== '' && encodings.encodingNumber(name) !== undefined;
};

/** One Buffer with the bytes of all; cut or filled with zeros to length if that is given. */
Buffer.concat = function concat(list, length) {
  validateArray(list, 'list');
  if (list.length === 0) return new FastBuffer(0);
  if (length === undefined) {
    length = 0;
    for (let i = 0; i < list.length; i++) {
      checkBytes(list[i], `list[${i}]`);
      length += search.lengthOf(list[i]);
    }
  } else {
    checkOffset(length, 'length');
  }
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  for (let i = 0; i < list.length; i++) {
    const part = list[i];
    checkBytes(part, `list[${i}]`);
    const count = Math.min(search.lengthOf(part), length - done);
    search.copyBytes(part, 0, buffer, done, count);
    done += count;
  }
  if (done < length) Uint8Array.prototype.fill.call(buffer, 0, done);
  return buffer;
};

/** How many bytes a string takes in an encoding. */
Buffer.byteLength = function byteLength(value, encoding) {
  if (typeof value === 'string')
    return encodings.lengthOf(value, encodings.encodingNumber(encoding) ?? encodings.UTF8);
  if (ArrayBuffer.isView(value) || isArrayBuffer(value)) return value.byteLength;
  throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], value);
};

/** How many characters bytes are as text in an encoding. */
Buffer.stringLength = function stringLength(input, encoding) {
  return require('internal/buffer/transcode').stringLength(input, encoding);
};

require('internal/buffer/numbers').define(prototype);

function clampIndex(value, length) {
  value = Math.trunc(value);
  if (value < 0) return Math.max(value + length, 0);
  return value < length ? value : value >= length ? length : 0;
}

const methods = {
  /** A view of the same memory. */
  subarray(start, end) {
    const length = this.length;
    const from = start === undefined ? 0 : clampIndex(start, length);
    const to = end === undefined ? length : clampIndex(end, length);
    return new FastBuffer(this.buffer, this.byteOffset + from, to > from ? to - from : 0);
  },
  slice(start, end) {
    return this.subarray(start, end);
  },
  /** The bytes start to end as text. */
  toString(encoding, start, end) {
    const length = this.length;
    if (start === undefined && end === undefined) {
      if (encoding === undefined) return encodings.decode(this, encodings.UTF8, 0, length);
      start = 0;
      end = length;
    } else {
      start = start <= 0 ? 0 : Math.trunc(start) || 0;
      end = end === undefined || end > length ? length : Math.trunc(end) || 0;
    }
    if (end <= start) return '';
    return encodings.decode(this, encodings.encodingOf(encoding), start, end);
  },
  /** Writes as much of the text as fits, whole characters; returns how many bytes. */
  write(text, offset, length, encoding) {
    const size = this.length;
    if (length === undefined && typeof offset === 'string') {
      encoding = offset;
      offset = 0;
      length = size;
    } else if (offset === undefined) {
      offset = 0;
      length = size;
      encoding = undefined;
    } else {
      checkOffset(offset, 'offset', 0, size);
      if (typeof length === 'string') {
        encoding = length;
        length = undefined;
      }
      if (length !== undefined) checkOffset(length, 'length', 0, size);
      length = length === undefined || length > size - offset ? size - offset : length;
    }
    if (typeof text !== 'string') throw new ERR_INVALID_ARG_TYPE('argument', 'string', text);
    return encodings.encode(
      this,
      text,
      encodings.encodingOf(encoding || undefined),
      offset,
      length,
    );
  },
  equals(other) {
    checkBytes(other, 'otherBuffer');
    return search.equals(this, other);
  },
  compare(target, targetStart, targetEnd, start, end) {
    checkBytes(target, 'target');
    if (targetStart !== undefined) checkOffset(targetStart, 'targetStart');
    if (targetEnd !== undefined) checkOffset(targetEnd, 'targetEnd', 0, target.length);
    if (start !== undefined) checkOffset(start, 'sourceStart');
    if (end !== undefined) checkOffset(end, 'sourceEnd', 0, this.length);
    const [from, to] = [start ?? 0, end ?? this.length];
    const [targetFrom, targetTo] = [targetStart ?? 0, targetEnd ?? target.length];
    if (from >= to) return targetFrom >= targetTo ? 0 : -1;
    if (targetFrom >= targetTo) return 1;
    return search.compareRanges(this, from, to, target, targetFrom, targetTo);
  },
  copy(target, targetStart, sourceStart, sourceEnd) {
    return search.copy(this, target, targetStart, sourceStart, sourceEnd);
  },
  /** Where a value is first, from offset on and before end; (value, offset, end) too. */
  indexOf(value, offset, encoding, end) {
    return search.indexOf(this, value, offset, encoding, end, true);
  },
  lastIndexOf(value, offset, encoding, end) {
    return search.indexOf(this, value, offset, encoding, end, false);
  },
  includes(value, offset, encoding, end) {
    return search.indexOf(this, value, offset, encoding, end, true) !== -1;
  },
  fill(value, offset, end, encoding) {
    return search.fill(this, value, offset, end, encoding);
  },
  swap16() {
    return swap(this, 2, '16-bits');
  },
  swap32() {
    return swap(this, 4, '32-bits');
  },
  swap64() {
    return swap(this, 8, '64-bits');
  },
  toJSON() {
    return { type: 'Buffer', data: this.toArray() };
  },
  /** The bytes as an array of numbers. */
  toArray() {
    return Array.prototype.slice.call(this);
  },
  inspect(depth, context) {
    const shown = Math.min(inspectMaxBytes, this.length);
    const bytes = encodings.decode(this, encodings.HEX, 0, shown).replace(/(..)(?!$)/g, '$1 ');
    const left = this.length - shown;
    const more = left > 0 ? ` ... ${left} more byte${left > 1 ? 's' : ''}` : '';
    return `<${this.constructor.name} ${bytes}${more}${context === undefined ? '' : require('internal/buffer/own_fields')(this, context)}>`;
  },
};

function swap(buffer, size, name) {
  if (buffer.length % size !== 0) throw new codes.ERR_INVALID_BUFFER_SIZE(name);
  for (let start = 0; start < buffer.length; start += size) {
    for (let i = 0; i < size >> 1; i++) {
      const last = start + size - 1 - i;
      const byte = buffer[start + i];
      buffer[start + i] = buffer[last];
      buffer[last] = byte;
    }
  }
  return buffer;
}

methods.toLocaleString = methods.toString;
encodings.defineSlices(methods);

for (const name of Object.keys(methods))
  Object.defineProperty(prototype, name, {
    value: methods[name],
    writable: true,
    enumerable: true,
    configurable: true,
  });
prototype[Symbol.for('nodejs.util.inspect.custom')] = prototype.inspect;

Object.defineProperty(prototype, 'parent', {
  enumerable: true,
  get() {
    return this instanceof Buffer ? this.buffer : undefined;
  },
});
Object.defineProperty(prototype, 'offset', {
  enumerable: true,
  get() {
    return this instanceof Buffer ? this.byteOffset : undefined;
  },
});

/** Buffer.allocUnsafeSlow, deprecated. */
function SlowBuffer(size) {
  return Buffer.allocUnsafeSlow(size);
}
Object.setPrototypeOf(SlowBuffer, Uint8Array);
SlowBuffer.prototype = Object.create(prototype);

module.exports = {
  Buffer,
  SlowBuffer,
  kMaxLength,
  kStringMaxLength,
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
  get INSPECT_MAX_BYTES() {
    return inspectMaxBytes;
  },
  set INSPECT_MAX_BYTES(value) {
    validateNumber(value, 'INSPECT_MAX_BYTES', 0);
    inspectMaxBytes = value;
  },
};

// What few programs use loads when it is first asked for.
function lazy(source, name) {
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get: () => require(source)[name],
  });
}
for (const name of ['isAscii', 'isLatin1', 'isUtf8', 'transcode'])
  lazy('internal/buffer/transcode', name);
for (const name of ['Blob', 'File']) lazy('internal/buffer/blob', name);
for (const name of ['atob', 'btoa']) lazy('internal/buffer/base64', name);
Object.defineProperty(module.exports, 'resolveObjectURL', {
  configurable: true,
  enumerable: true,
  get: () => require('internal/url/object_urls').resolve,
});
