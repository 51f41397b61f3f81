'use strict';
// fs.Utf8Stream: text (or Buffers) for a file, put together in memory and written in large pieces, in
// place or one after another. It is no stream of the module stream.
const EventEmitter = require('events');
const { dirname } = require('path');
const { codes } = require('internal/errors/codes');
const validators = require('internal/errors/validators');
const { validateFunction } = validators;

const HIGH_WATER_MARK = 16 * 1024; // bytes that wait, from which on write() returns false
const RETRY_MS = 100;
const OUT_OF_WAY = new Set(['EAGAIN', 'EBUSY']);

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const CHECKS = {
  append: 'validateBoolean',
  fs: 'validateObject',
  fsync: 'validateBoolean',
  maxLength: 'validateUint32',
  maxWrite: 'validateUint32',
  minLength: 'validateUint32',
  mkdir: 'validateBoolean',
  periodicFlush: 'validateUint32',
  retryEAGAIN: 'validateFunction',
  sync: 'validateBoolean',
};

/** The options with their defaults, checked. */
function takeOptions(given) {
  const options = {
    append: true,
    contentMode: 'utf8',
    fsync: false,
    maxLength: 0,
    maxWrite: HIGH_WATER_MARK,
    minLength: 0,
    mkdir: false,
    mode: undefined,
    periodicFlush: 0,
    retryEAGAIN: () => true,
    sync: false,
  };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) options[name] = value;
  for (const [name, check] of Object.entries(CHECKS))
    if (options[name] !== undefined) validators[check](options[name], `options.${name}`);
  validators.validateOneOf(options.contentMode, 'options.contentMode', ['buffer', 'utf8']);
  if (options.minLength >= options.maxWrite)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'minLength',
      options.minLength,
      `should be smaller than maxWrite (${options.maxWrite})`,
    );
  return options;
}

class Utf8Stream extends EventEmitter {
  #options;
  #fs;
  #file = null;
  #fd = -1;
  #waiting = []; // texts or Buffers, each of at most maxWrite
  #length = 0; // of all that is not written
  #current = null; // what is being written, as a Buffer
  #writing = false;
  #opening = false;
  #reopening = false;
  #flushing = false; // what waits is written although it is less than minLength
  #ending = false;
  #destroyed = false;
  #drainWaits = false;
  #timer;

  /** @param {object} [options]  as Node documents them; `dest` or `fd` says what is written to */
  constructor(options = {}) {
    validators.validateObject(options, 'options');
    super();
    this.#options = takeOptions(options);
    this.#fs = options.fs ?? require('fs');
    const target = options.fd ?? options.dest;
    if (typeof target === 'number') {
      this.#fd = target;
      process.nextTick(() => this.emit('ready'));
    } else if (typeof target === 'string') this.#open(target);
    else throw new codes.ERR_INVALID_ARG_TYPE('fd', ['number', 'string'], target);
    const { periodicFlush } = this.#options;
    if (periodicFlush > 0) this.#timer = setInterval(() => this.flush(), periodicFlush).unref();
  }

  get append() {
    return this.#options.append;
  }
  get contentMode() {
    return this.#options.contentMode;
  }
  get fd() {
    return this.#fd;
  }
  get file() {
    return this.#file;
  }
  get fsync() {
    return this.#options.fsync;
  }
  get maxLength() {
    return this.#options.maxLength;
  }
  get minLength() {
    return this.#options.minLength;
  }
  get mkdir() {
    return this.#options.mkdir;
  }
  get mode() {
    return this.#options.mode;
  }
  get periodicFlush() {
    return this.#options.periodicFlush;
  }
  get sync() {
    return this.#options.sync;
  }
  get writing() {
    return this.#writing;
  }

  // ---- The file

  #open(file) {
    const { append, mkdir, mode, sync } = this.#options;
    this.#opening = this.#writing = true;
    const flags = append ? 'a' : 'w';
    if (sync) {
      try {
        if (mkdir) this.#fs.mkdirSync(dirname(file), { recursive: true });
        this.#opened(null, this.#fs.openSync(file, flags, mode), file);
      } catch (error) {
        this.#opening = this.#writing = this.#reopening = false;
        throw error;
      }
      return;
    }
    const open = () =>
      this.#fs.open(file, flags, mode, (error, fd) => this.#opened(error, fd, file));
    if (!mkdir) open();
    else
      this.#fs.mkdir(dirname(file), { recursive: true }, (error) =>
        error ? this.#opened(error) : open(),
      );
  }

  #opened(error, fd, file) {
    const reopening = this.#reopening;
    this.#opening = this.#writing = this.#reopening = false;
    if (error) {
      this.emit('error', error);
      return;
    }
    const before = this.#fd;
    if (reopening && before >= 0 && before !== fd)
      this.#fs.close(before, (e) => e && this.emit('error', e));
    this.#fd = fd;
    this.#file = file;
    if (this.#options.sync) process.nextTick(() => this.emit('ready'));
    else this.emit('ready');
    if (this.#destroyed) return;
    if (!this.#writing && (this.#ending || this.#flushing || this.#goesOn())) this.#next();
    else if (reopening) process.nextTick(() => this.emit('drain'));
  }

  #close() {
    if (this.#fd < 0) {
      this.once('ready', () => this.#close());
      return;
    }
    clearInterval(this.#timer);
    this.#destroyed = true;
    this.#waiting = [];
    const closed = (error) => {
      if (error) {
        this.emit('error', error);
        return;
      }
      if (this.#ending && !this.#writing) this.emit('finish');
      this.emit('close');
    };
    const close = () => {
      if (this.#fd === 1 || this.#fd === 2) process.nextTick(closed);
      else this.#fs.close(this.#fd, closed);
    };
    if (this.#fd === 1 || this.#fd === 2 || typeof this.#fs.fsync !== 'function') close();
    // What cannot be synchronised, as a pipe, is closed all the same.
    else this.#fs.fsync(this.#fd, close);
  }

  // ---- Writing

  /**
   * @param {string | Buffer} data  a Buffer where contentMode is 'buffer'
   * @returns {boolean} whether less waits than the high-water mark
   */
  write(data) {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    const { contentMode, maxLength, maxWrite, minLength } = this.#options;
    const wanted = contentMode === 'utf8' ? typeof data === 'string' : Buffer.isBuffer(data);
    if (!wanted)
      throw new codes.ERR_INVALID_ARG_TYPE(
        'data',
        contentMode === 'utf8' ? 'string' : ['Buffer', 'TypedArray', 'DataView'],
        data,
      );
    const size = Buffer.byteLength(data);
    if (maxLength > 0 && this.#length + size > maxLength) {
      this.emit('drop', data);
      return this.#length < HIGH_WATER_MARK;
    }
    const last = this.#waiting.at(-1);
    if (last === undefined || last.size + size > maxWrite)
      this.#waiting.push({ size, parts: [data] });
    else {
      last.parts.push(data);
      last.size += size;
    }
    this.#length += size;
    if (!this.#writing && this.#length >= minLength) this.#next();
    return this.#length < HIGH_WATER_MARK;
  }

  #take() {
    const { parts, size } = this.#waiting.shift();
    return typeof parts[0] === 'string' ? Buffer.from(parts.join('')) : Buffer.concat(parts, size);
  }

  /** Writes what waits next; without any, says that all is written. */
  #next() {
    if (this.#current === null && this.#waiting.length === 0) {
      this.#allWritten();
      return;
    }
    this.#writing = true;
    this.#current ??= this.#take();
    if (!this.#options.sync) {
      this.#fs.write(this.#fd, this.#current, (error, count) => this.#written(error, count));
      return;
    }
    let count;
    try {
      count = this.#fs.writeSync(this.#fd, this.#current);
    } catch (error) {
      this.#written(error);
      return;
    }
    this.#written(null, count);
  }

  /** Whether a write of these bytes that failed is tried again. */
  #retries(error, bytes) {
    return (
      OUT_OF_WAY.has(error.code) &&
      this.#options.retryEAGAIN(error, bytes.length, this.#length - bytes.length)
    );
  }

  #written(error, count) {
    if (error) {
      if (!this.#retries(error, this.#current)) {
        this.#writing = false;
        this.emit('error', error);
      } else if (this.#options.sync) {
        sleep(RETRY_MS);
        this.#next();
      } else setTimeout(() => this.#next(), RETRY_MS);
      return;
    }
    this.emit('write', count);
    this.#took(count);
    if (this.#destroyed) return;
    if (this.#current !== null) {
      this.#next();
      return;
    }
    if (this.#options.fsync) this.#fs.fsyncSync(this.#fd);
    if (this.#reopening) {
      this.#writing = false;
      this.#reopening = false;
      this.reopen();
    } else if (this.#goesOn()) this.#next();
    else this.#allWritten();
  }

  /** Whether what waits is written now. */
  #goesOn() {
    const { minLength } = this.#options;
    return this.#length > (this.#ending || this.#flushing ? 0 : minLength);
  }

  #took(count) {
    this.#length = Math.max(0, this.#length - count);
    this.#current = count < this.#current.length ? this.#current.subarray(count) : null;
  }

  #allWritten() {
    this.#writing = this.#flushing = false;
    if (this.#ending) {
      this.#close();
      return;
    }
    if (!this.#options.sync) {
      this.emit('drain');
      return;
    }
    if (this.#drainWaits) return;
    this.#drainWaits = true;
    process.nextTick(() => {
      this.#drainWaits = false;
      if (!this.#ending) this.emit('drain');
    });
  }

  // ---- Flushing and the end

  /** Writes what waits although it is less than minLength. @param {(error: Error | null) => void} [callback] */
  flush(callback) {
    if (callback !== undefined) validateFunction(callback, 'cb');
    if (this.#options.minLength <= 0 && !(this.#destroyed && callback)) {
      callback?.(null);
      return;
    }
    if (this.#destroyed) {
      const error = new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
      if (!callback) throw error;
      callback(error);
      return;
    }
    if (callback) this.#callOnDrain(callback);
    this.#flushing = true;
    if (!this.#writing) this.#next();
  }

  #callOnDrain(callback) {
    const onDrain = () => {
      this.off('error', onError);
      if (this.#options.fsync || this.#destroyed) callback(null);
      else this.#fs.fsync(this.#fd, (error) => callback(error?.code === 'EBADF' ? null : error));
    };
    const onError = (error) => {
      this.off('drain', onDrain);
      callback(error);
    };
    this.once('drain', onDrain);
    this.once('error', onError);
  }

  flushSync() {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#fd < 0) throw new codes.ERR_INVALID_STATE('Invalid file descriptor');
    // A part that is being written comes to the file by itself.
    if (!this.#writing && this.#current !== null) {
      this.#waiting.unshift({ size: this.#current.length, parts: [this.#current] });
      this.#current = null;
    }
    while (this.#waiting.length > 0) this.#writeInPlace(this.#take());
    try {
      this.#fs.fsyncSync(this.#fd);
    } catch {
      // Pipes and terminals cannot be synchronised.
    }
  }

  #writeInPlace(bytes) {
    while (bytes.length > 0) {
      try {
        const count = this.#fs.writeSync(this.#fd, bytes);
        this.#length -= count;
        bytes = bytes.subarray(count);
      } catch (error) {
        if (!this.#retries(error, bytes)) {
          this.#waiting.unshift({ size: bytes.length, parts: [bytes] });
          throw error;
        }
        sleep(RETRY_MS);
      }
    }
  }

  /** Opens the file again, or another one; what was written before goes to the old one. */
  reopen(file) {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#opening) {
      this.once('ready', () => this.reopen(file));
      return;
    }
    if (this.#ending) return;
    if (this.#file === null)
      throw new codes.ERR_INVALID_STATE('Unable to reopen a file descriptor');
    if (file) this.#file = file;
    this.#reopening = true;
    if (!this.#writing) this.#open(this.#file);
  }

  end() {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#opening) {
      this.once('ready', () => this.end());
      return;
    }
    if (this.#ending) return;
    this.#ending = true;
    if (this.#writing) return;
    if (this.#length > 0 && this.#fd >= 0) this.#next();
    else this.#close();
  }

  destroy() {
    if (!this.#destroyed) this.#close();
  }

  [Symbol.dispose]() {
    this.destroy();
  }
}

module.exports = { Utf8Stream };
