'use strict';
// StringDecoder: text from bytes that arrive in pieces; a character that is cut waits for its rest.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { codes } = require('internal/errors/codes');
const encodings = require('internal/buffer/encodings');
const { Buffer } = require('buffer');
const { UTF8, UTF16LE, BASE64, BASE64URL } = encodings;

/** How many of the last bytes wait for more. */
function incomplete(bytes, encoding) {
  const length = bytes.length;
  switch (encoding) {
    case UTF8:
      return encodings.utf8Incomplete(bytes);
    case UTF16LE: {
      const odd = length % 2;
      const lead = length - odd >= 2 && (bytes[length - odd - 1] & 0xfc) === 0xd8;
      return lead ? odd + 2 : odd;
    }
    case BASE64:
    case BASE64URL:
      return length % 3;
    default:
      return 0;
  }
}

/** How many bytes the character takes that begins with these, which are not all of it. */
function characterLength(bytes, encoding) {
  if (encoding === UTF8) return bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
  if (encoding === UTF16LE) return bytes.length > 1 ? 4 : 2;
  return 3;
}

/** The number of an encoding; undefined if there is none of that name. */
function numberOf(encoding) {
  if (encoding === undefined || encoding === null || encoding === '') return UTF8;
  return typeof encoding === 'string' ? encodings.encodingNumber(encoding) : undefined;
}

function StringDecoder(encoding) {
  const number = numberOf(encoding);
  if (number === undefined) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
  this.encoding = encodings.names[number];
  Object.defineProperty(this, '_number', { value: number });
  Object.defineProperty(this, '_waiting', { value: Buffer.alloc(0), writable: true });
}

/**
 * The text of the bytes so far, without what was returned before.
 * @param {Buffer | ArrayBufferView | string} chunk
 * @returns {string}
 */
StringDecoder.prototype.write = function write(chunk) {
  if (typeof chunk === 'string') return chunk;
  if (!ArrayBuffer.isView(chunk))
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], chunk);
  let bytes = isUint8Array(chunk)
    ? chunk
    : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (this._waiting.length > 0) bytes = Buffer.concat([this._waiting, bytes]);
  const keep = incomplete(bytes, this._number);
  const end = bytes.length - keep;
  if (keep > 0) this._waiting = Buffer.from(bytes.subarray(end));
  else if (this._waiting.length > 0) this._waiting = Buffer.alloc(0);
  return encodings.decode(bytes, this._number, 0, end);
};

/** The rest, after a last chunk; what is not complete is shown as well as it can be. */
StringDecoder.prototype.end = function end(chunk) {
  const text = chunk === undefined ? '' : this.write(chunk);
  const rest = this._waiting;
  if (rest.length === 0) return text;
  this._waiting = Buffer.alloc(0);
  return text + encodings.decode(rest, this._number, 0, rest.length);
};

/** The text of the bytes from offset on. */
StringDecoder.prototype.text = function text(chunk, offset) {
  this._waiting = Buffer.alloc(0);
  return this.write(chunk.slice(offset));
};

for (const [name, get] of [
  [
    'lastChar',
    (decoder) => {
      const bytes = Buffer.alloc(4);
      bytes.set(decoder._waiting);
      return bytes;
    },
  ],
  [
    'lastTotal',
    ({ _waiting, _number }) => (_waiting.length === 0 ? 0 : characterLength(_waiting, _number)),
  ],
  [
    'lastNeed',
    (decoder) => (decoder.lastTotal === 0 ? 0 : decoder.lastTotal - decoder._waiting.length),
  ],
])
  Object.defineProperty(StringDecoder.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return get(this);
    },
  });

module.exports = { StringDecoder };
