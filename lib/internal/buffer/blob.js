'use strict';
// Blob and File: immutable bytes with a type, kept in memory.
const { kState, markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');
const { Buffer } = require('buffer');
const { isArrayBuffer } = require('internal/buffer/fast_buffer');

// Set inside the class, which alone can read them.
let bytesOfBlob;

const typeError = (message) =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });

/** The bytes of one part of a Blob; views and buffers are copied, Blobs are shared. */
function bytesOfPart(part, endings, index) {
  if (typeof part === 'symbol')
    throw typeError(`Value[${index}] is a Symbol and cannot be converted to a string.`);
  if (part instanceof Blob) return bytesOfBlob(part);
  if (ArrayBuffer.isView(part))
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
  if (isArrayBuffer(part)) return new Uint8Array(part).slice();
  const text = `${part}`;
  return Buffer.from(endings === 'native' ? text.replace(/\r\n?|\n/g, '\n') : text);
}

function join(parts) {
  if (parts.length === 1) return parts[0];
  let size = 0;
  for (const part of parts) size += part.length;
  const bytes = new Uint8Array(size);
  let done = 0;
  for (const part of parts) {
    bytes.set(part, done);
    done += part.length;
  }
  return bytes;
}

function typeText(type) {
  const text = `${type}`;
  return /[^\u0020-\u007e]/.test(text) ? '' : text.toLowerCase();
}

class Blob {
  static {
    markOpaque(this);
  }
  #bytes;
  #type;

  /**
   * @param {Iterable<string | ArrayBuffer | ArrayBufferView | Blob>} [sources]
   * @param {{ type?: string, endings?: 'transparent' | 'native' }} [options]
   */
  constructor(sources = [], options = {}) {
    if (
      sources === null ||
      typeof sources !== 'object' ||
      typeof sources[Symbol.iterator] !== 'function'
    )
      throw typeError('Value cannot be converted to sequence.');
    if (options !== null && typeof options !== 'object' && typeof options !== 'function')
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'a dictionary', options);
    const { type = '', endings = 'transparent' } = options ?? {};
    if (endings !== 'transparent' && endings !== 'native')
      throw new codes.ERR_INVALID_ARG_VALUE('options.endings', endings);
    this.#bytes = join(Array.from(sources, (part, i) => bytesOfPart(part, endings, i)));
    this.#type = typeText(type);
  }

  static {
    bytesOfBlob = (blob) => blob.#bytes;
  }

  get size() {
    if (!(#bytes in this)) throw new codes.ERR_INVALID_THIS('Blob');
    return this.#bytes.length;
  }

  get type() {
    return this.#type;
  }

  /** The bytes start to end, negative from the end, as a Blob that shares them. */
  slice(start = 0, end = this.size, type = '') {
    const at = (index) => {
      const whole = Math.trunc(index) || 0;
      return whole < 0 ? Math.max(this.size + whole, 0) : Math.min(whole, this.size);
    };
    const from = at(start);
    const blob = new Blob([], { type });
    blob.#bytes = this.#bytes.subarray(from, Math.max(from, at(end)));
    return blob;
  }

  async arrayBuffer() {
    return new Uint8Array(this.#bytes).buffer;
  }

  async bytes() {
    return new Uint8Array(this.#bytes);
  }

  async text() {
    if (!(#bytes in this)) throw new codes.ERR_INVALID_THIS('Blob');
    const { TextDecoder } = require('internal/buffer/text');
    return new TextDecoder().decode(this.#bytes);
  }

  /** The bytes as a ReadableStream, where the program has that class. */
  stream() {
    if (typeof globalThis.ReadableStream !== 'function')
      throw new codes.ERR_FEATURE_UNAVAILABLE('Blob.prototype.stream()');
    const bytes = new Uint8Array(this.#bytes);
    return new globalThis.ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
  }

  [kState]() {
    return ['Blob', [this.#bytes, this.#type]];
  }

  get [Symbol.toStringTag]() {
    return 'Blob';
  }
}

class File extends Blob {
  #name;
  #lastModified;

  constructor(sources, name, options = {}) {
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('fileBits', 'fileName');
    super(sources, options);
    this.#name = `${name}`;
    this.#lastModified = Math.trunc(Number(options?.lastModified ?? Date.now())) || 0;
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  get webkitRelativePath() {
    return '';
  }

  [kState]() {
    return ['File', [bytesOfBlob(this), this.type, this.#name, this.#lastModified]];
  }

  get [Symbol.toStringTag]() {
    return 'File';
  }
}

/** A Blob or File of what kState gave. */
function revive(kind, [bytes, type, name, lastModified]) {
  return kind === 'File'
    ? new File([bytes], name, { type, lastModified })
    : new Blob([bytes], { type });
}

const { showMembers } = require('internal/base/shown');
showMembers(Blob, ['size', 'type']);
showMembers(File, ['size', 'type', 'name', 'lastModified']);

module.exports = { Blob, File, revive };
