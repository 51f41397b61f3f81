'use strict';
// Random bytes, integers and UUIDs; comparison in constant time.
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateNumber,
  validateObject,
} = require('internal/errors/validators');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { isArrayBuffer } = require('internal/buffer/view');
const { binaryBytes, runJob, toBuffer } = require('internal/crypto/util');
const native = binding('crypto_random');

const MOST_BYTES = 2 ** 31 - 1;
// From this size on bytes with a callback are made on a worker; fewer take less than the way there.
const WORKER_BYTES = 16 * 1024;
const MOST_VALUES = 2 ** 48 - 1; // of randomInt()

function validateSize(size) {
  validateNumber(size, 'size');
  if (!(size >= 0 && size <= MOST_BYTES))
    throw new codes.ERR_OUT_OF_RANGE('size', `>= 0 && <= ${MOST_BYTES}`, size);
  return Math.trunc(size);
}

/** Random bytes; with a callback it gets them later. */
function randomBytes(size, callback) {
  size = validateSize(size);
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (callback !== undefined && size >= WORKER_BYTES) {
    runJob(native.random, [size], toBuffer, callback);
    return undefined;
  }
  const bytes = new FastBuffer(size);
  native.fill(bytes);
  if (callback === undefined) return bytes;
  process.nextTick(callback, null, bytes);
  return undefined;
}

// offset and size count the elements of a typed array.
function range(buffer, offset = 0, size) {
  if (!ArrayBuffer.isView(buffer) && !isArrayBuffer(buffer))
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buffer);
  const unit = buffer.BYTES_PER_ELEMENT ?? 1;
  validateNumber(offset, 'offset');
  const from = offset * unit;
  if (!(from >= 0 && from <= Math.min(buffer.byteLength, MOST_BYTES)))
    throw new codes.ERR_OUT_OF_RANGE(
      'offset',
      `>= 0 && <= ${Math.min(buffer.byteLength, MOST_BYTES)}`,
      from,
    );
  let length = buffer.byteLength - from;
  if (size !== undefined) {
    validateNumber(size, 'size');
    length = size * unit;
    if (!(length >= 0 && length <= MOST_BYTES))
      throw new codes.ERR_OUT_OF_RANGE('size', `>= 0 && <= ${MOST_BYTES}`, length);
    if (from + length > buffer.byteLength)
      throw new codes.ERR_OUT_OF_RANGE('size + offset', `<= ${buffer.byteLength}`, from + length);
  }
  return new Uint8Array(buffer.buffer ?? buffer, (buffer.byteOffset ?? 0) + from, length);
}

function randomFillSync(buffer, offset, size) {
  const bytes = range(buffer, offset, size);
  if (bytes.length > 0) native.fill(bytes);
  return buffer;
}

function randomFill(buffer, offset, size, callback) {
  if (typeof offset === 'function') {
    callback = offset;
    offset = undefined;
  } else if (typeof size === 'function') {
    callback = size;
    size = undefined;
  }
  validateFunction(callback, 'callback');
  const bytes = range(buffer, offset, size);
  randomBytes(bytes.length, (error, random) => {
    if (error) return callback(error);
    // Its memory may have gone elsewhere meanwhile.
    if (bytes.length > 0) bytes.set(random.subarray(0, bytes.length));
    callback(null, buffer);
  });
}

// Bytes made ahead for randomInt() and randomUUID(); those used are set to 0.
const cache = new Uint8Array(3072);
let cached = cache.length;

function take(count) {
  if (cached + count > cache.length) {
    native.fill(cache);
    cached = 0;
  }
  cached += count;
  return cached - count;
}

function random48() {
  const at = take(6);
  let value = 0;
  for (let i = at; i < at + 6; i++) {
    value = value * 256 + cache[i];
    cache[i] = 0;
  }
  return value;
}

/** An integer from min to max - 1, each as likely. */
function randomInt(min, max, callback) {
  if (max === undefined || typeof max === 'function') {
    callback = max;
    max = min;
    min = 0;
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min))
    throw new codes.ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max))
    throw new codes.ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  if (max <= min)
    throw new codes.ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  const values = max - min;
  if (!(values <= MOST_VALUES))
    throw new codes.ERR_OUT_OF_RANGE('max - min', `<= ${MOST_VALUES}`, values);
  // Numbers beyond the last multiple of values would make the first results more likely.
  const limit = 2 ** 48 - (2 ** 48 % values);
  let number = random48();
  while (number >= limit) number = random48();
  const result = (number % values) + min;
  if (callback === undefined) return result;
  process.nextTick(callback, undefined, result);
  return undefined;
}

const hexBytes = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Where 16 fresh bytes of the cache are; options: of randomUUID() and randomUUIDv7(). */
function takeUUID(options) {
  if (options !== undefined) validateObject(options, 'options');
  if (options?.disableEntropyCache !== undefined)
    validateBoolean(options.disableEntropyCache, 'options.disableEntropyCache');
  if (options?.disableEntropyCache) cached = cache.length;
  return take(16);
}

/** A UUID of version 4 (RFC 9562). */
function randomUUID(options) {
  return textOfUUID(takeUUID(options), 0x40);
}

/** A UUID of version 7 (RFC 9562): it begins with the time in ms, so that later ones sort later. */
function randomUUIDv7(options) {
  const at = takeUUID(options);
  let time = Date.now();
  for (let i = 5; i >= 0; i--) {
    cache[at + i] = time % 256;
    time = Math.floor(time / 256);
  }
  return textOfUUID(at, 0x70);
}

function textOfUUID(at, version) {
  cache[at + 6] = (cache[at + 6] & 0x0f) | version;
  cache[at + 8] = (cache[at + 8] & 0x3f) | 0x80;
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hexBytes[cache[at + i]];
    cache[at + i] = 0;
  }
  return text;
}

/** Whether two buffers of one length hold the same, in a time that does not tell where they differ. */
function timingSafeEqual(a, b) {
  a = binaryBytes(a, 'buf1');
  b = binaryBytes(b, 'buf2');
  if (a.byteLength !== b.byteLength) throw new codes.ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
  return native.equal(a, b);
}

module.exports = {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  timingSafeEqual,
};
