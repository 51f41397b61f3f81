'use strict';
// Blob and File: immutable bytes with a type, in memory or in files.
const { kState, markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');
const { Buffer } = require('buffer');
const { isArrayBuffer } = require('internal/buffer/fast_buffer');

/**
 * Bytes that are elsewhere.
 * @typedef {object} Elsewhere
 * @property {number} length
 * @property {(start: number, end: number) => Elsewhere} subarray
 * @property {() => Promise<Uint8Array>} read
 */

const CHUNK = 64 * 1024; // of a stream of what is elsewhere

// Set inside the class, which alone can read and set them.
let partsOfBlob;
let setParts;

const typeError = (message) =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });

/** The parts of one source of a Blob; views and buffers are copied, Blobs are shared. */
function partsOf(source, endings, index) {
  return source instanceof Blob ? partsOfBlob(source) : [bytesOf(source, endings, index)];
}

function bytesOf(part, endings, index) {
  if (typeof part === 'symbol')
    throw typeError(`Value[${index}] is a Symbol and cannot be converted to a string.`);
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

const isHere = (part) => part instanceof Uint8Array;

/** As few parts as there can be: bytes that are here are joined. */
const joined = (parts) => (parts.every(isHere) ? [join(parts)] : parts);

/** A pull of a stream: the next part, or a piece of it. */
function puller(parts) {
  let [index, done] = [0, 0];
  return async (controller) => {
    const part = parts[index];
    const end =
      part === undefined || isHere(part) ? part?.length : Math.min(done + CHUNK, part.length);
    if (part !== undefined && done < end) {
      const piece = part.subarray(done, end);
      controller.enqueue(isHere(piece) ? new Uint8Array(piece) : await piece.read());
    }
    [index, done] = end === part?.length ? [index + 1, 0] : [index, end];
    if (index < parts.length) return;
    controller.close();
    controller.byobRequest?.respond(0);
  };
}

function typeText(type) {
  const text = `${type}`;
  return /[^\u0020-\u007e]/.test(text) ? '' : text.toLowerCase();
}

class Blob {
  static {
    markOpaque(this);
  }
  #parts;
  #size;
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
    this.#set(
      Array.from(sources, (source, i) => partsOf(source, endings, i)).flat(),
      typeText(type),
    );
  }

  #set(parts, type) {
    this.#parts = joined(parts);
    this.#size = this.#parts.reduce((sum, part) => sum + part.length, 0);
    this.#type = type;
  }

  static {
    partsOfBlob = (blob) => {
      if (!(#parts in blob)) throw new codes.ERR_INVALID_THIS('Blob');
      return blob.#parts;
    };
    setParts = (blob, parts, type) => blob.#set(parts, type);
  }

  get size() {
    if (!(#parts in this)) throw new codes.ERR_INVALID_THIS('Blob');
    return this.#size;
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
    const to = Math.max(from, at(end));
    const parts = [];
    let before = 0;
    for (const part of this.#parts) {
      const [first, last] = [from - before, to - before];
      if (first < part.length && last > 0)
        parts.push(part.subarray(Math.max(first, 0), Math.min(last, part.length)));
      before += part.length;
    }
    const blob = new Blob([], { type });
    blob.#set(parts, blob.#type);
    return blob;
  }

  async arrayBuffer() {
    return new Uint8Array(await readAll(this)).buffer;
  }

  async bytes() {
    return new Uint8Array(await readAll(this));
  }

  async text() {
    const { TextDecoder } = require('internal/buffer/text');
    return new TextDecoder().decode(await readAll(this));
  }

  /** The bytes as a ReadableStream, where the program has that class. */
  stream() {
    if (typeof globalThis.ReadableStream !== 'function')
      throw new codes.ERR_FEATURE_UNAVAILABLE('Blob.prototype.stream()');
    return new globalThis.ReadableStream({ type: 'bytes', pull: puller(partsOfBlob(this)) });
  }

  /** The text as a ReadableStream of strings. */
  textStream() {
    return this.stream().pipeThrough(new globalThis.TextDecoderStream());
  }

  [kState]() {
    return ['Blob', [bytesToClone(this), this.#type]];
  }

  get [Symbol.toStringTag]() {
    return 'Blob';
  }
}

async function readAll(blob) {
  const list = [];
  for (const part of partsOfBlob(blob)) list.push(isHere(part) ? part : await part.read());
  return join(list);
}

function bytesToClone(blob) {
  const parts = partsOfBlob(blob);
  if (!parts.every(isHere))
    throw Object.assign(new TypeError('Invalid state: File-backed Blobs are not cloneable'), {
      code: 'ERR_INVALID_STATE',
    });
  return join(parts);
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
    return ['File', [bytesToClone(this), this.type, this.#name, this.#lastModified]];
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

/**
 * A Blob of bytes that are elsewhere.
 * @param {Elsewhere} part
 * @param {string} type
 */
function blobOf(part, type) {
  const blob = new Blob();
  setParts(blob, [part], type);
  return blob;
}

const { showMembers } = require('internal/base/shown');
showMembers(Blob, ['size', 'type']);
showMembers(File, ['size', 'type', 'name', 'lastModified']);

module.exports = { Blob, File, blobOf, revive };
