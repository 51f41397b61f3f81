'use strict';
// fs.Dir: the entries of a directory, one after the other. They are read when it is opened.
const { codes } = require('internal/errors/codes');
const { validateFunction, validateInteger } = require('internal/errors/validators');
const { plain } = require('internal/fs/operations');
const { runSync, runPromise } = require('internal/fs/requests');
const { pathText, toOptions, toPath } = require('internal/fs/utils');

class Dir {
  #path;
  #entries;
  #next = 0;
  #closed = false;

  constructor(path, entries) {
    this.#path = path;
    this.#entries = entries;
  }

  get path() {
    return this.#path;
  }

  #check() {
    if (this.#closed) throw new codes.ERR_DIR_CLOSED();
  }

  readSync() {
    this.#check();
    return this.#entries[this.#next++] ?? null;
  }

  /** @returns {Promise<Dirent|null>|undefined} nothing if there is a callback */
  read(callback) {
    if (callback === undefined) return new Promise((resolve) => resolve(this.readSync()));
    validateFunction(callback, 'callback');
    process.nextTick(callback, null, this.readSync());
    return undefined;
  }

  closeSync() {
    this.#check();
    this.#closed = true;
  }

  close(callback) {
    if (callback === undefined) return new Promise((resolve) => resolve(this.closeSync()));
    validateFunction(callback, 'callback');
    this.closeSync();
    process.nextTick(callback, null);
    return undefined;
  }

  /** Closes it, unless that was done. */
  [Symbol.dispose]() {
    if (!this.#closed) this.closeSync();
  }

  async [Symbol.asyncDispose]() {
    if (!this.#closed) await this.close();
  }

  async *entries() {
    try {
      for (let entry; (entry = this.readSync()) !== null;) yield entry;
    } finally {
      if (!this.#closed) this.closeSync();
    }
  }

  [Symbol.asyncIterator]() {
    return this.entries();
  }
}

/** Throws what is wrong with the arguments of opendir(). */
function check(path, options) {
  toPath(path);
  const { bufferSize = 32 } = toOptions(options, {});
  validateInteger(bufferSize, 'options.bufferSize', 1, 4294967295);
}

function request(path, options) {
  check(path, options);
  const one = plain.readdir(path, Object.assign(toOptions(options, {}), { withFileTypes: true }));
  one.call = 'opendir';
  const { take } = one;
  one.take = (result) => new Dir(pathText(one.path), take(result));
  return one;
}

module.exports = {
  Dir,
  check,
  openSync: (path, options) => runSync(request(path, options)),
  open: async (path, options) => runPromise(request(path, options)),
};
