'use strict';
// openAsBlob(): a Blob whose bytes stay in a file, and are read when they are asked for.
const { validateObject, validateString } = require('internal/errors/validators');
const { runPromise, runSync } = require('internal/fs/requests');
const { plain } = require('internal/fs/operations');
const transfers = require('internal/fs/transfers');
const { toPath } = require('internal/fs/utils');

// What changes with the file.
const MARKS = ['dev', 'ino', 'size', 'mtimeNs'];

/** A range of a file's bytes, as internal/buffer/blob takes it. */
class FilePart {
  #path;
  #stats;
  #start;

  constructor(path, stats, start, end) {
    this.#path = path;
    this.#stats = stats;
    this.#start = start;
    this.length = end - start;
  }

  subarray(start, end) {
    return new FilePart(this.#path, this.#stats, this.#start + start, this.#start + end);
  }

  /** The bytes; an error if the file is not what it was any more. */
  async read() {
    try {
      const fd = await runPromise(plain.open(this.#path, 'r'));
      try {
        return await this.#readFrom(fd);
      } finally {
        await runPromise(plain.close(fd));
      }
    } catch (cause) {
      const { DOMException } = require('internal/errors/domexception');
      throw new DOMException('The blob could not be read', { name: 'NotReadableError', cause });
    }
  }

  async #readFrom(fd) {
    const now = await runPromise(plain.fstat(fd, { bigint: true }));
    if (MARKS.some((name) => now[name] !== this.#stats[name]))
      throw new Error('the file has changed');
    const bytes = new Uint8Array(this.length);
    let done = 0;
    while (done < bytes.length) {
      const form = [bytes, done, bytes.length - done, this.#start + done];
      const count = await runPromise(transfers.read(fd, form));
      if (count === 0) throw new Error('the file has become shorter');
      done += count;
    }
    return bytes;
  }
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ type?: string }} [options]
 */
function openAsBlobSync(path, options = {}) {
  validateObject(options, 'options');
  const { type = '' } = options;
  validateString(type, 'options.type');
  path = toPath(path);
  const stats = runSync(plain.stat(path, { bigint: true }));
  const { blobOf } = require('internal/buffer/blob');
  return blobOf(new FilePart(path, stats, 0, Number(stats.size)), type);
}

module.exports = { openAsBlobSync };
