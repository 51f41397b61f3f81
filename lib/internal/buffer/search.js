'use strict';
// Buffer's searching, comparing, copying and filling. The functions are given Uint8Arrays; other
// arguments are the program's and are checked here.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { codes } = require('internal/errors/codes');
const { validateInteger, validateString } = require('internal/errors/validators');
const encodings = require('internal/buffer/encodings');
const native = binding('buffer');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } = codes;

// Up to this many bytes, the compiled loop is quicker than a call.
const SHORT = 48;

/** -1, 0 or 1 for the order of two ranges of bytes. */
function compareRanges(a, aStart, aEnd, b, bStart, bEnd) {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const common = aLength < bLength ? aLength : bLength;
  if (common > SHORT) return native.compare(a, aStart, aLength, b, bStart, bLength);
  for (let i = 0; i < common; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return aLength === bLength ? 0 : aLength < bLength ? -1 : 1;
}

function equals(a, b) {
  return a === b || (a.length === b.length && compareRanges(a, 0, a.length, b, 0, b.length) === 0);
}

// A property of that name may stand before the length itself.
const lengthGetter = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  'length',
).get;
const lengthOf = (bytes) =>
  Object.hasOwn(bytes, 'length') ? Reflect.apply(lengthGetter, bytes, []) : bytes.length;

/** Copies count bytes that are known to be there and to fit; ranges may overlap. */
function copyBytes(source, sourceStart, target, targetStart, count) {
  if (count <= SHORT && source.buffer !== target.buffer) {
    for (let i = 0; i < count; i++) target[targetStart + i] = source[sourceStart + i];
  } else if (count === source.length) {
    target.set(source, targetStart);
  } else if (count > 0) {
    target.set(new Uint8Array(source.buffer, source.byteOffset + sourceStart, count), targetStart);
  }
}

function toInteger(value) {
  const number = +value;
  return number >= Number.MIN_SAFE_INTEGER && number <= Number.MAX_SAFE_INTEGER
    ? Math.floor(number)
    : 0;
}

function copy(source, target, targetStart, sourceStart, sourceEnd) {
  if (!isUint8Array(target)) {
    if (!ArrayBuffer.isView(target))
      throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
    target = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  }
  targetStart = targetStart === undefined ? 0 : toInteger(targetStart);
  if (targetStart < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
  sourceStart = sourceStart === undefined ? 0 : toInteger(sourceStart);
  if (sourceStart < 0 || sourceStart > source.length)
    throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${source.length}`, sourceStart);
  sourceEnd = sourceEnd === undefined ? source.length : toInteger(sourceEnd);
  if (sourceEnd < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
  const count = Math.min(sourceEnd, source.length) - sourceStart;
  const fitting = Math.min(count, target.length - targetStart);
  if (fitting <= 0) return 0;
  copyBytes(source, sourceStart, target, targetStart, fitting);
  return fitting;
}

/**
 * Where a search begins, for an offset that counts from the end if negative: -1 if nothing can be
 * found from there.
 */
function searchStart(length, offset, wantedLength, forward) {
  if (offset < 0) {
    if (offset + length >= 0) return length + offset;
    return forward || wantedLength === 0 ? 0 : -1;
  }
  if (offset + wantedLength <= length) return offset;
  if (wantedLength === 0) return length;
  return forward ? -1 : length - 1;
}

function indexOfBytes(buffer, wanted, wantedLength, offset, encoding, forward) {
  const unitSize = encoding === encodings.UTF16LE ? 2 : 1;
  const length = buffer.length - (buffer.length % unitSize);
  let start = searchStart(length, offset, wantedLength, forward);
  if (wantedLength === 0) return start;
  if (start < 0 || wantedLength > length || (forward && start + wantedLength > length)) return -1;
  if (unitSize === 2) {
    if (wantedLength < 2) return -1;
    start -= start % 2;
  }
  const units = wantedLength - (wantedLength % unitSize);
  return native.indexOf(buffer, 0, length, wanted, 0, units, start, forward, unitSize);
}

function indexOfNumber(buffer, value, offset, forward) {
  const start = searchStart(buffer.length, offset, 1, forward);
  if (start < 0 || buffer.length === 0) return -1;
  return forward
    ? Uint8Array.prototype.indexOf.call(buffer, value & 255, start)
    : Uint8Array.prototype.lastIndexOf.call(buffer, value & 255, start);
}

// Where short strings are encoded to be searched for.
const scratch = new Uint8Array(new ArrayBuffer(64));

function indexOfString(buffer, text, offset, encoding, forward) {
  const count = text.length;
  if (count <= scratch.length && encodings.encodeShort(scratch, text, encoding, 0)) {
    if (count === 1) return indexOfNumber(buffer, scratch[0], offset, forward);
    return indexOfBytes(buffer, scratch, count, offset, encoding, forward);
  }
  const room = new Uint8Array(encodings.lengthOf(text, encoding));
  const length = encodings.encode(room, text, encoding, 0, room.length);
  return indexOfBytes(buffer, room, length, offset, encoding, forward);
}

/** indexOf() among the bytes before end; negative offsets count from the end of all. */
function indexBefore(buffer, value, offset, encoding, end, forward) {
  const length = buffer.length;
  const most = Math.min(Math.max(Math.trunc(end) || 0, 0), length);
  if (typeof offset !== 'string' && +offset < 0) offset = +offset + length;
  if (+offset < 0 && !forward) return -1;
  const part = new Uint8Array(buffer.buffer, buffer.byteOffset, most);
  return indexOf(part, value, +offset < 0 ? 0 : offset, encoding, undefined, forward);
}

/** indexOf (forward) and lastIndexOf of a string, a number or bytes; end may be the encoding. */
function indexOf(buffer, value, offset, encoding, end, forward) {
  if (typeof encoding === 'number')
    return indexBefore(buffer, value, offset, undefined, encoding, forward);
  if (end !== undefined) return indexBefore(buffer, value, offset, encoding, end, forward);
  if (typeof offset === 'string') {
    encoding = offset;
    offset = undefined;
  }
  offset = +offset;
  if (Number.isNaN(offset)) offset = forward ? 0 : buffer.length;
  offset = Math.trunc(Math.max(-0x80000000, Math.min(offset, forward ? 2 ** 33 : buffer.length)));
  if (typeof value === 'number') return indexOfNumber(buffer, value, offset, forward);
  if (typeof value === 'string') {
    return indexOfString(buffer, value, offset, encodings.encodingOf(encoding), forward);
  }
  if (isUint8Array(value)) {
    const number = encodings.encodingNumber(encoding);
    return indexOfBytes(buffer, value, value.length, offset, number, forward);
  }
  throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
}

/** Repeats the pattern, which is not empty, over start to end. */
function repeat(buffer, pattern, start, end) {
  const length = end - start;
  let done = Math.min(pattern.length, length);
  copyBytes(pattern, 0, buffer, start, done);
  while (done < length) {
    const more = Math.min(done, length - done);
    buffer.copyWithin(start + done, start, start + more);
    done += more;
  }
}

function fillPattern(value, encoding) {
  if (typeof value === 'string') {
    const number = encodings.encodingOf(encoding);
    if (value.length === 0) return 0;
    const room = new Uint8Array(encodings.lengthOf(value, number));
    return room.subarray(0, encodings.encode(room, value, number, 0, room.length));
  }
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value & 255;
}

function fill(buffer, value, start, end, encoding) {
  if (typeof value === 'string') {
    if (start === undefined || typeof start === 'string') {
      encoding = start;
      start = undefined;
    } else if (typeof end === 'string') {
      encoding = end;
      end = undefined;
    }
    encoding ??= undefined;
    if (encoding !== undefined) validateString(encoding, 'encoding');
    encodings.encodingOf(encoding);
  }
  if (start === undefined) {
    start = 0;
    end = buffer.length;
  } else {
    validateInteger(start, 'offset', 0, native.maxBytes);
    if (end === undefined) end = buffer.length;
    else validateInteger(end, 'end', 0, buffer.length);
    if (start >= end) return buffer;
  }
  const pattern = typeof value === 'number' ? value & 255 : fillPattern(value, encoding);
  if (typeof pattern === 'number') {
    Uint8Array.prototype.fill.call(buffer, pattern, start, end);
  } else {
    if (pattern.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
    repeat(buffer, pattern, start, end);
  }
  return buffer;
}

module.exports = {
  lengthOf,
  compareRanges,
  equals,
  copyBytes,
  copy,
  indexOf,
  fill,
};
