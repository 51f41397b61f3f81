'use strict';
// Encodings by name and number, and text in and out of bytes. The functions here expect checked
// arguments: a Uint8Array, integers 0 <= start <= end <= length, a primitive string.
const { codes } = require('internal/errors');
const native = binding('buffer');
const { FastBuffer } = require('internal/fast_buffer');
const { toHex, toBase64 } = Uint8Array.prototype;

// The order is that of the enumeration in src/js/bind_buffer.cc.
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
  return numbers.get(name) ?? numbers.get(`${name}`.toLowerCase());
}

/** The number of an encoding that an argument names; UTF-8 if there is none. */
function encodingOf(name) {
  if (name === undefined || name === 'utf8') return UTF8;
  const number = encodingNumber(name);
  if (number === undefined) throw new codes.ERR_UNKNOWN_ENCODING(name);
  return number;
}

function tooLong() {
  return new codes.ERR_STRING_TOO_LONG(native.maxStringLength);
}

// Up to this many characters or bytes, the compiled loop is quicker than the call into C++.
const SHORT_STRING = 48;
const SHORT_BYTES = 12;
const { fromCharCode } = String;

/** Bytes start to end as a string. */
function decode(bytes, encoding, start, end) {
  const length = end - start;
  if (length <= 0) return '';
  if (encoding >= HEX) return decodeDigits(bytes, encoding, start, end);
  if (length <= SHORT_BYTES && encoding !== UTF16LE) {
    const text = decodeShort(bytes, start, end);
    if (text !== undefined) return text;
  }
  const text = native.decode(bytes, bytes.byteOffset + start, length, encoding);
  if (text === null) throw tooLong();
  return text;
}

function decodeShort(bytes, start, end) {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte >= 0x80) return undefined;
    text += fromCharCode(byte);
  }
  return text;
}

const URL_ALPHABET = { alphabet: 'base64url', omitPadding: true };

function decodeDigits(bytes, encoding, start, end) {
  const length = end - start;
  const characters = encoding === HEX ? length * 2 : Math.ceil(length / 3) * 4;
  if (characters > native.maxStringLength) throw tooLong();
  const part =
    length === bytes.length ? bytes : new FastBuffer(bytes.buffer, bytes.byteOffset + start, length);
  if (encoding === HEX) return toHex.call(part);
  return encoding === BASE64 ? toBase64.call(part) : toBase64.call(part, URL_ALPHABET);
}

/** Writes text to bytes, at most length of them from start on; returns how many. */
function encode(bytes, text, encoding, start, length) {
  const count = text.length;
  if (count <= SHORT_STRING && count <= length && encoding <= ASCII && encoding !== UTF16LE) {
    const limit = encoding === UTF8 ? 0x80 : 0x10000;
    let i = 0;
    for (; i < count; i++) {
      const code = text.charCodeAt(i);
      if (code >= limit) break;
      bytes[start + i] = code;
    }
    if (i === count) return count;
  }
  if (length <= 0) return 0;
  return native.write(text, encoding, bytes, bytes.byteOffset + start, length);
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
  encode,
  lengthOf,
  tooLong,
};
