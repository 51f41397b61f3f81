'use strict';
// TextEncoder and TextDecoder, as the WHATWG's Encoding Standard has them: UTF-8, UTF-16 and
// windows-1252 here, the others by the package @exodus/bytes.
const { codes } = require('internal/errors/codes');
const { FastBuffer, isArrayBuffer, isUint8Array } = require('internal/buffer/fast_buffer');
const {
  UTF8,
  UTF16LE,
  LATIN1,
  decodeNative,
  encode,
  utf8Incomplete,
} = require('internal/buffer/encodings');
const native = binding('buffer');

const labels = {
  'utf-8': 'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8',
  'utf-16le': 'csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le',
  'utf-16be': 'unicodefffe utf-16be',
  'windows-1252':
    'ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 ' +
    'iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252',
};
const encodingOfLabel = new Map();
for (const [encoding, names] of Object.entries(labels))
  for (const name of names.split(' ')) encodingOfLabel.set(name, encoding);

// What windows-1252 has at 0x80 to 0x9f.
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

class TextEncoder {
  get encoding() {
    return 'utf-8';
  }

  /**
   * The UTF-8 bytes of a string.
   * @returns {Uint8Array}
   */
  encode(input = '') {
    const text = `${input}`;
    const bytes = new Uint8Array(native.utf8Length(text));
    encode(bytes, text, UTF8, 0, bytes.length);
    return bytes;
  }

  /**
   * Writes as much of source as fits.
   * @param {string} source
   * @param {Uint8Array} destination
   * @returns {{ read: number, written: number }} code units read, bytes written
   */
  encodeInto(source, destination) {
    if (typeof source !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('src', 'string', source);
    if (!isUint8Array(destination))
      throw new codes.ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', destination);
    const written = native.write(source, destination, 0, destination.length, UTF8);
    return { read: native.unitsWritten[0], written };
  }

  get [Symbol.toStringTag]() {
    return 'TextEncoder';
  }
}

const BLANKS = '\t\n\f\r ';

/** A label in small letters, without the blanks around it. */
function plainLabel(label) {
  let from = 0;
  let to = label.length;
  while (from < to && BLANKS.includes(label[from])) from++;
  while (to > from && BLANKS.includes(label[to - 1])) to--;
  return label.slice(from, to).toLowerCase();
}

function bytesOf(input) {
  if (input === undefined) return new Uint8Array(0);
  try {
    if (ArrayBuffer.isView(input))
      return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (isArrayBuffer(input)) return new Uint8Array(input);
  } catch {
    return new Uint8Array(0); // the memory went elsewhere
  }
  throw new codes.ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'ArrayBufferView'], input);
}

function join(first, second) {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** How many last bytes of UTF-16 wait for more: half a unit, half a pair. */
function utf16Incomplete(bytes, bigEnd) {
  const odd = bytes.length % 2;
  const end = bytes.length - odd;
  if (end < 2) return odd;
  const high = bytes[end - (bigEnd ? 2 : 1)];
  return (high & 0xfc) === 0xd8 ? odd + 2 : odd;
}

const MULTIBYTE = /^(?:big5|euc-|iso-2022|shift_jis|gb)/;

/** The name of an encoding from before Unicode. */
function olderEncoding(label) {
  const name = require('vendor/encodings').normalizeEncoding(plainLabel(label));
  if (name === null || name === 'replacement') throw new codes.ERR_ENCODING_NOT_SUPPORTED(label);
  return name;
}

/** A function (bytes, stream) that keeps what a character begins with between calls of a stream. */
function olderDecoder(encoding, fatal) {
  const { createMultibyteDecoder, createSinglebyteDecoder } = require('vendor/encodings');
  return MULTIBYTE.test(encoding)
    ? createMultibyteDecoder(encoding, !fatal)
    : createSinglebyteDecoder(encoding, !fatal);
}

class TextDecoder {
  #encoding;
  #older = null; // decodes, where the encoding is none of those above
  #fatal;
  #ignoreBOM;
  #streaming = false;
  #bomSeen = false;
  #waiting = new Uint8Array(0);

  /**
   * @param {string} [label]
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options]
   */
  constructor(label = 'utf-8', options = {}) {
    const known = encodingOfLabel.get(plainLabel(`${label}`));
    const encoding = known ?? olderEncoding(`${label}`);
    if (options !== null && typeof options !== 'object' && typeof options !== 'function')
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    this.#encoding = encoding;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
    if (known === undefined) this.#older = olderDecoder(encoding, this.#fatal);
  }

  get encoding() {
    return this.#encoding;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  /**
   * The text of bytes. With `stream`, a character that the bytes end in waits for the next call.
   * @param {ArrayBuffer | ArrayBufferView} [input]
   * @param {{ stream?: boolean }} [options]
   */
  decode(input, options = {}) {
    if (!(#encoding in this)) throw new codes.ERR_INVALID_THIS('TextDecoder');
    let bytes = bytesOf(input);
    const stream = Boolean(options?.stream);
    if (this.#older !== null) return this.#decodeOlder(bytes, stream);
    if (!this.#streaming) {
      this.#bomSeen = false;
      this.#waiting = bytes.subarray(0, 0);
    }
    this.#streaming = stream;
    if (this.#waiting.length > 0) bytes = join(this.#waiting, bytes);
    const keep = stream ? this.#incomplete(bytes) : 0;
    this.#waiting = bytes.slice(bytes.length - keep);
    let text;
    try {
      text = this.#convert(bytes.subarray(0, bytes.length - keep));
    } catch (error) {
      this.#streaming = false;
      throw error;
    }
    if (this.#ignoreBOM || this.#bomSeen || text === '') return text;
    this.#bomSeen = true;
    return this.#encoding !== 'windows-1252' && text.charCodeAt(0) === 0xfeff
      ? text.slice(1)
      : text;
  }

  #decodeOlder(bytes, stream) {
    try {
      return this.#older(bytes, stream);
    } catch {
      this.#older = olderDecoder(this.#encoding, this.#fatal);
      throw this.#invalid();
    }
  }

  #incomplete(bytes) {
    if (this.#encoding === 'utf-8') return utf8Incomplete(bytes);
    return this.#encoding === 'windows-1252'
      ? 0
      : utf16Incomplete(bytes, this.#encoding === 'utf-16be');
  }

  #convert(bytes) {
    if (bytes.length === 0) return '';
    if (this.#encoding === 'utf-8') return this.#native(bytes, UTF8);
    if (this.#encoding === 'windows-1252')
      return this.#native(bytes, LATIN1).replace(
        /[\u0080-\u009f]/g,
        (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80],
      );
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
    const ordered = this.#encoding === 'utf-16be' ? new FastBuffer(whole).swap16() : whole;
    const text = ordered.length === 0 ? '' : this.#native(ordered, UTF16LE);
    const odd = whole.length < bytes.length;
    if (!odd && text.isWellFormed()) return text;
    if (this.#fatal) throw this.#invalid();
    // Half a unit after a lead surrogate makes one replacement with it.
    const cut = odd && (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
    return text.toWellFormed() + (odd && !cut ? '\ufffd' : '');
  }

  #native(bytes, encoding) {
    const text = decodeNative(bytes, encoding, 0, bytes.length, this.#fatal);
    if (text === undefined) throw this.#invalid();
    return text;
  }

  #invalid() {
    return new codes.ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding);
  }

  get [Symbol.toStringTag]() {
    return 'TextDecoder';
  }
}

module.exports = { TextEncoder, TextDecoder };
