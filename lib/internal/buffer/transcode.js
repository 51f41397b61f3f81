'use strict';
// What bytes are as text: whether they are UTF-8 or ASCII, and the same text in another encoding.
const { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_ENCODING } = require('internal/errors/codes').codes;
const { validateString } = require('internal/errors/validators');
const encodings = require('internal/buffer/encodings');
const {
  FastBuffer,
  isArrayBuffer,
  isDataView,
  isUint8Array,
} = require('internal/buffer/fast_buffer');
const native = binding('buffer');

/** The bytes of an ArrayBuffer or a view. */
function bytesOf(value, name) {
  if (ArrayBuffer.isView(value) && !isDataView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (isArrayBuffer(value)) return new Uint8Array(value);
  throw new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'Buffer', 'TypedArray'], value);
}

/** Whether bytes are valid UTF-8. */
function isUtf8(input) {
  return native.isUtf8(bytesOf(input, 'input'));
}

/** Whether all bytes are below 128. */
function isAscii(input) {
  return native.isAscii(bytesOf(input, 'input'));
}

/** Whether all characters are below 256. */
function isLatin1(input) {
  validateString(input, 'input');
  return !/[^\u0000-\u00ff]/.test(input);
}

/** How many characters bytes are as text, without making it. */
function stringLength(input, encoding = 'utf8') {
  const bytes = bytesOf(input, 'input');
  validateString(encoding, 'encoding');
  const number = encodings.encodingNumber(encoding);
  const size = bytes.length;
  switch (number) {
    case encodings.HEX:
      return size * 2;
    case encodings.BASE64:
      return Math.ceil(size / 3) * 4;
    case encodings.BASE64URL:
      return Math.ceil((size * 4) / 3);
    case encodings.UTF16LE:
      return size >>> 1;
    case encodings.LATIN1:
    case encodings.ASCII:
      return size;
    case encodings.UTF8:
      return lengthOfUtf8(bytes);
    default:
      throw new ERR_UNKNOWN_ENCODING(encoding);
  }
}

const PIECE = 64 * 1024; // bytes

function lengthOfUtf8(bytes) {
  const { StringDecoder } = require('string_decoder');
  const decoder = new StringDecoder('utf8');
  let length = 0;
  for (let start = 0; start < bytes.length; start += PIECE)
    length += decoder.write(bytes.subarray(start, start + PIECE)).length;
  return length + decoder.end().length;
}

/** Bytes of text in one encoding as those of another; characters that it lacks become '?'. */
function transcode(source, fromEncoding = 'utf8', toEncoding = 'utf8') {
  if (!isUint8Array(source))
    throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  if (source.length === 0) return new FastBuffer(0);
  const [from, to] = [fromEncoding, toEncoding].map(encodings.encodingNumber);
  if (!(from < encodings.HEX && to < encodings.HEX)) {
    const code = 'U_ILLEGAL_ARGUMENT_ERROR';
    throw Object.assign(new Error(`Unable to transcode Buffer [${code}]`), { code, errno: 1 });
  }
  let text = encodings.decode(source, from, 0, source.length);
  if (to === encodings.LATIN1) text = text.replace(/[^\u0000-\u00ff]/gu, '?');
  if (to === encodings.ASCII) text = text.replace(/[^\u0000-\u007f]/gu, '?');
  return encodings.bufferOf(text, to);
}

module.exports = { isAscii, isLatin1, isUtf8, stringLength, transcode };
