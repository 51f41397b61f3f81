'use strict';
// The Web Streams that transform: text to bytes, bytes to text, compression.
const { TextDecoder, TextEncoder } = require('internal/buffer/text');
const { showAs } = require('internal/base/shown');
const { notDeclared } = require('internal/errors/receiver');
const { TransformStream } = require('stream/web');

/** A class with the two ends of a pair as `readable` and `writable`. */
class Pair {
  #pair;
  constructor(pair) {
    this.#pair = pair;
  }
  get readable() {
    if (!(#pair in this)) throw notDeclared('handle');
    return this.#pair.readable;
  }
  get writable() {
    if (!(#pair in this)) throw notDeclared('handle');
    return this.#pair.writable;
  }
}

const isHigh = (unit) => unit >= 0xd800 && unit < 0xdc00;

class TextEncoderStream extends Pair {
  constructor() {
    const encoder = new TextEncoder();
    let high = ''; // half of a pair that the last chunk ended in
    super(
      new TransformStream({
        transform(chunk, controller) {
          const text = `${high}${chunk}`;
          const end = text.length - (isHigh(text.charCodeAt(text.length - 1)) ? 1 : 0);
          high = text.slice(end);
          if (end > 0) controller.enqueue(encoder.encode(text.slice(0, end)));
        },
        flush(controller) {
          if (high !== '') controller.enqueue(encoder.encode(high));
        },
      }),
    );
  }
  get encoding() {
    return 'utf-8';
  }
}

class TextDecoderStream extends Pair {
  #decoder;
  constructor(label = 'utf-8', options = {}) {
    const decoder = new TextDecoder(label, options);
    const tell = (controller, text) => {
      if (text !== '') controller.enqueue(text);
    };
    super(
      new TransformStream({
        transform: (chunk, controller) => tell(controller, decoder.decode(chunk, { stream: true })),
        flush: (controller) => tell(controller, decoder.decode()),
      }),
    );
    this.#decoder = decoder;
  }
  get encoding() {
    return this.#decoder.encoding;
  }
  get fatal() {
    return this.#decoder.fatal;
  }
  get ignoreBOM() {
    return this.#decoder.ignoreBOM;
  }
}

/** The functions of zlib for a format, by what they do. */
const formats = {
  deflate: { compress: 'createDeflate', decompress: 'createInflate' },
  'deflate-raw': { compress: 'createDeflateRaw', decompress: 'createInflateRaw' },
  gzip: { compress: 'createGzip', decompress: 'createGunzip' },
  brotli: { compress: 'createBrotliCompress', decompress: 'createBrotliDecompress' },
};

function zlibPair(format, what) {
  if (!Object.hasOwn(formats, format)) {
    const name = what === 'compress' ? 'CompressionStream' : 'DecompressionStream';
    throw Object.assign(
      new TypeError(
        `Failed to construct '${name}': 1st argument '${format}' is not a valid enum value of type CompressionFormat.`,
      ),
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
  }
  return require('internal/streams/web').duplexToWeb(require('zlib')[formats[format][what]]());
}

class CompressionStream extends Pair {
  /** @param {'deflate' | 'deflate-raw' | 'gzip' | 'brotli'} format */
  constructor(format) {
    super(zlibPair(format, 'compress'));
  }
}

class DecompressionStream extends Pair {
  /** @param {'deflate' | 'deflate-raw' | 'gzip' | 'brotli'} format */
  constructor(format) {
    super(zlibPair(format, 'decompress'));
  }
}

const all = { TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream };
const texts = {
  TextEncoderStream: ['encoding'],
  TextDecoderStream: ['encoding', 'fatal', 'ignoreBOM'],
};
for (const [name, Class] of Object.entries(all)) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: name, configurable: true });
  const shown = [...(texts[name] ?? []), 'readable', 'writable'];
  showAs(Class, (pair) => Object.fromEntries(shown.map((one) => [one, pair[one]])));
}
module.exports = all;
