'use strict';
// Encodings by name and number, and text in and out of bytes. The functions here expect checked
// arguments: a Uint8Array, integers 0 <= start <= end <= length, a primitive string.
const { codes } = require('internal/errors/codes');
const native = binding('buffer');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { unitsWritten } = native;
const { toHex, toBase64, setFromHex, setFromBase64 } = Uint8Array.prototype;

// The order of enum Encoding in src/bind/buffer/buffer.cc.
const names = ['utf8', 'utf16le', 'latin1', 'ascii', 'hex', 'base64', 'base64url'];
const [UTF8, UTF16LE, LATIN1, ASCII, HEX, BASE64, BASE64URL] = names.keys();

const numbers = new Map([
  ['utf8', UTF8],
  ['utf-8', UTF8],
  ['ucs2', UTF16LE],
  ['ucs-2', UTF16LE],
  ['utf16le', UTF16LE],
  ['utf-16le', UTF16LE],
  ['latin1', LATIN1],
  ['binary', LATIN1],
  ['ascii', ASCII],
  ['hex', HEX],
  ['base64', BASE64],
  ['base64url', BASE64URL],
]);

/**
 * The number of an encoding, undefined for a name that is none.
 * @param {unknown} name
 */
function encodingNumber(name) {
  if (name === 'utf8') return UTF8;
  if (name === 'latin1') return LATIN1;
  return numbers.get(name) ?? numbers.get(`${name}`.toLowerCase());
}

/** The number of an encoding that an argument names; UTF-8 if there is none. */
function encodingOf(name) {
  if (name === undefined) return UTF8;
  const number = encodingNumber(name);
  if (number === undefined) throw new codes.ERR_UNKNOWN_ENCODING(name);
  return number;
}

function tooLong() {
  return new codes.ERR_STRING_TOO_LONG(native.maxStringLength);
}

// Up to this many characters, the compiled loop is quicker than the call into C++.
const SHORT_STRING = 64;
// From this many digits on, the engine's decoder is quicker than the call into C++.
const LONG_DIGITS = 256;
const { fromCharCode } = String;

/** Bytes start to end as a string; undefined if fatal and they are not valid UTF-8. */
function decodeNative(bytes, encoding, start, end, fatal) {
  const text = native.decode(bytes, start, end - start, encoding, fatal);
  if (text === null) throw tooLong();
  return text;
}

/** Bytes start to end as a string. */
function decode(bytes, encoding, start, end) {
  const length = end - start;
  if (length <= 0) return '';
  if (encoding >= HEX) return decodeDigits(bytes, encoding, start, end);
  if (length === 1 && bytes[start] < 0x80 && encoding !== UTF16LE)
    return fromCharCode(bytes[start]);
  return decodeNative(bytes, encoding, start, end, false);
}

const URL_ALPHABET = { alphabet: 'base64url', omitPadding: true };

function decodeDigits(bytes, encoding, start, end) {
  const length = end - start;
  const characters = encoding === HEX ? length * 2 : Math.ceil(length / 3) * 4;
  if (characters > native.maxStringLength) throw tooLong();
  const part =
    length === bytes.length
      ? bytes
      : new FastBuffer(bytes.buffer, bytes.byteOffset + start, length);
  if (encoding === HEX) return toHex.call(part);
  return encoding === BASE64 ? toBase64.call(part) : toBase64.call(part, URL_ALPHABET);
}

/** Writes a short text of one-byte characters, which fits; false if it is not such a text. */
function encodeShort(bytes, text, encoding, start) {
  const count = text.length;
  if (count > SHORT_STRING || encoding > ASCII || encoding === UTF16LE) return false;
  const limit = encoding === UTF8 ? 0x80 : 0x10000;
  for (let i = 0; i < count; i++) {
    const code = text.charCodeAt(i);
    if (code >= limit) return false;
    bytes[start + i] = code;
  }
  return true;
}

/**
 * Writes long hex or base64 by the engine's own decoder, which is quicker than any loop but takes
 * strictly correct text only; -1 if text is not that or does not fit.
 */
function encodeDigits(bytes, text, encoding, start, length) {
  const part = new FastBuffer(bytes.buffer, bytes.byteOffset + start, length);
  try {
    const { read, written } =
      encoding === HEX
        ? setFromHex.call(part, text)
        : setFromBase64.call(part, text, encoding === BASE64 ? undefined : URL_ALPHABET);
    return read === text.length ? written : -1;
  } catch {
    return -1;
  }
}

/** Writes text to bytes, at most length of them from start on; returns how many. */
function encode(bytes, text, encoding, start, length) {
  if (text.length <= length && encodeShort(bytes, text, encoding, start)) return text.length;
  return length <= 0 ? 0 : encodeLong(bytes, text, encoding, start, length);
}

function encodeLong(bytes, text, encoding, start, length) {
  if (encoding >= HEX && text.length >= LONG_DIGITS) {
    const written = encodeDigits(bytes, text, encoding, start, length);
    if (written >= 0) return written;
  }
  return native.write(text, bytes, start, length, encoding);
}

/** A new Buffer with the bytes of a text. */
function bufferOf(text, encoding) {
  const bytes = new FastBuffer(encoding === UTF8 ? text.length : lengthOf(text, encoding));
  if (encodeShort(bytes, text, encoding, 0)) return bytes;
  const written = encodeLong(bytes, text, encoding, 0, bytes.length);
  if (encoding === UTF8 && unitsWritten[0] < text.length) {
    // It is not ASCII and needs more room.
    const longer = new FastBuffer(native.utf8Length(text));
    native.write(text, longer, 0, longer.length, encoding);
    return longer;
  }
  return written === bytes.length ? bytes : new FastBuffer(bytes.buffer, 0, written);
}

/** How many of the last bytes of UTF-8 begin a character that more bytes could complete. */
function utf8Incomplete(bytes) {
  const length = bytes.length;
  if (length === 0 || bytes[length - 1] < 0x80) return 0;
  return native.utf8Incomplete(bytes);
}

function base64Length(text) {
  let length = text.length;
  if (length > 0 && text.charCodeAt(length - 1) === 0x3d) length--;
  if (length > 1 && text.charCodeAt(length - 1) === 0x3d) length--;
  return Math.floor((length * 3) / 4);
}

/** How many bytes text takes; for base64 the most that it can take. */
function lengthOf(text, encoding) {
  switch (encoding) {
    case UTF8:
      return utf8Length(text);
    case UTF16LE:
      return text.length * 2;
    case HEX:
      return text.length >>> 1;
    case BASE64:
    case BASE64URL:
      return base64Length(text);
    default:
      return text.length;
  }
}

function utf8Length(text) {
  const count = text.length;
  if (count > SHORT_STRING) return native.utf8Length(text);
  for (let i = 0; i < count; i++) if (text.charCodeAt(i) >= 0x80) return native.utf8Length(text);
  return count;
}

/** An index as the methods of defineSlices() take it. */
function wholeIndex(value, otherwise) {
  if (value === undefined) return otherwise;
  const index = Math.trunc(value) || 0;
  if (index < 0)
    throw Object.assign(new RangeError('Index out of range'), { code: 'ERR_OUT_OF_RANGE' });
  return index;
}

/** utf8Slice(start, end), utf8Write(text, offset, length) and their like. */
function defineSlices(methods) {
  for (const [number, name] of names.entries()) {
    const short = name === 'utf16le' ? 'ucs2' : name;
    methods[`${short}Slice`] = function (start, end) {
      start = wholeIndex(start, 0);
      end = Math.max(wholeIndex(end, this.length), start);
      if (end > this.length) wholeIndex(-1);
      return decode(this, number, start, end);
    };
    methods[`${short}Write`] = function (text, offset, length) {
      if (typeof text !== 'string')
        throw new codes.ERR_INVALID_ARG_TYPE('argument', 'string', text);
      offset = wholeIndex(offset, 0);
      if (offset > this.length) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('offset');
      length = Math.min(wholeIndex(length, this.length), this.length - offset);
      return encode(this, text, number, offset, length);
    };
  }
}

module.exports = {
  UTF8,
  UTF16LE,
  LATIN1,
  ASCII,
  HEX,
  BASE64,
  BASE64URL,
  names,
  encodingNumber,
  encodingOf,
  decode,
  decodeNative,
  encode,
  encodeShort,
  bufferOf,
  utf8Incomplete,
  lengthOf,
  tooLong,
  defineSlices,
};
