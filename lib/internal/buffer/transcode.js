'use strict';
// What bytes are as text: whether they are UTF-8 or ASCII, and the same text in another encoding.
const { ERR_INVALID_ARG_TYPE } = require('internal/errors/codes').codes;
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

module.exports = { isUtf8, isAscii, transcode };
