'use strict';
// The streams of zlib: a Transform over a native codec. Big chunks are worked on by another thread.
const { Buffer } = require('buffer');
const { Transform } = require('stream');
const { carry } = require('internal/base/stores');
const { codes } = require('internal/errors/codes');
const { validateBoolean, validateFunction, validateNumber } = require('internal/errors/validators');
const { FastBuffer, isUint8Array } = require('internal/buffer/fast_buffer');
const native = binding('zlib');

const SLICE = 64 * 1024; // bytes that one step may read
const INLINE = 16 * 1024; // from that many on a step runs on a worker
const MIN_CHUNK = 64;
const TRAILING_JUNK = 'ERR_TRAILING_JUNK_AFTER_STREAM_END';
const kFlush = Symbol('flush');
const kState = Symbol('state');
const kWork = Symbol('work');
const kFail = Symbol('fail');

/** An integer option in its range, or the default if there is none. */
function rangeOption(options, name, fallback, min, max) {
  return inRange(options?.[name], `options.${name}`, fallback, min, max);
}

function inRange(value, name, fallback, min, max) {
  if (value === undefined || Number.isNaN(value)) return fallback;
  validateNumber(value, name);
  if (!Number.isFinite(value)) throw new codes.ERR_OUT_OF_RANGE(name, 'a finite number', value);
  if (value < min || value > max) {
    const range = max === Infinity ? `>= ${min}` : `>= ${min} and <= ${max}`;
    throw new codes.ERR_OUT_OF_RANGE(name, range, value);
  }
  return value;
}

/** A code of brotli by its number, whatever the library in use calls it. */
function codeOf(errno, code) {
  if (!code.startsWith('ERR_')) return code;
  const constants = require('internal/zlib/constants');
  const all = Object.entries(constants.constants ?? constants);
  const [name] =
    all.find(([one, number]) => number === errno && one.startsWith('BROTLI_DECODER_ERROR')) ?? [];
  return name === undefined ? code : `ERR_${name.slice('BROTLI_DECODER'.length)}`;
}

/** Whether bytes after the end of the data are an error. */
function rejectsGarbage(options) {
  const { rejectGarbageAfterEnd = false } = options ?? {};
  validateBoolean(rejectGarbageAfterEnd, 'options.rejectGarbageAfterEnd');
  return rejectGarbageAfterEnd;
}

function failure([message, errno, code]) {
  if (code === TRAILING_JUNK) return new codes[TRAILING_JUNK]();
  code = codeOf(errno, code);
  return Object.assign(new Error(message), { errno, code });
}

/**
 * @param {object} handle the native codec
 * @param {{ flush: number, finishFlush: number, fullFlush: number, most: number }} flags of flushing
 * @param {object} [options] of zlib and of a Transform
 */
function ZlibBase(handle, flags, options) {
  const chunkSize = rangeOption(options, 'chunkSize', 16 * 1024, MIN_CHUNK, Infinity);
  const flush = rangeOption(options, 'flush', flags.flush, 0, flags.most);
  const finishFlush = rangeOption(options, 'finishFlush', flags.finishFlush, 0, flags.most);
  rangeOption(options, 'maxOutputLength', undefined, 1, Number.MAX_SAFE_INTEGER);
  // Codecs work on bytes.
  const streamOptions =
    options?.encoding || options?.objectMode || options?.writableObjectMode
      ? { ...options, encoding: null, objectMode: false, writableObjectMode: false }
      : options;
  Transform.call(this, { autoDestroy: true, ...streamOptions });
  this[kState] = {
    handle,
    chunkSize,
    flushFlag: flush,
    finishFlag: finishFlush,
    fullFlushFlag: flags.fullFlush,
    mostFlag: flags.most,
    rejects: rejectsGarbage(options),
    resume: undefined, // what goes on when there is room for more
  };
  /** Bytes that the codec took. */
  this.bytesWritten = 0;
  this.once('end', this.close);
}

/** The native codec of a stream; undefined once it is closed. */
const handleOf = (stream) => stream[kState].handle;

class Members extends Transform {
  // Packages look whether it is null.
  get _handle() {
    return this[kState].handle ?? null;
  }
  set _handle(handle) {
    this[kState].handle = handle ?? undefined;
  }
  get _closed() {
    return this[kState].handle === undefined;
  }

  /** Makes the codec as new. */
  reset() {
    if (this[kState].handle === undefined)
      throw new codes.ERR_INVALID_STATE('the stream is closed');
    if (!native.reset(this[kState].handle)) throw new codes.ERR_ZLIB_INITIALIZATION_FAILED();
  }

  /** Makes the codec hand out what it holds; kind is a number of constants. */
  flush(kind, callback) {
    if (typeof kind === 'function' || (kind === undefined && callback === undefined)) {
      callback = kind;
      kind = this[kState].fullFlushFlag;
    }
    if (callback !== undefined) validateFunction(callback, 'callback');
    inRange(kind, 'kind', undefined, 0, this[kState].mostFlag);
    if (this.writableFinished) {
      if (callback) process.nextTick(callback);
    } else if (this.writableEnded) {
      if (callback) this.once('end', callback);
    } else {
      const marker = new FastBuffer(0);
      marker[kFlush] = kind;
      this.write(marker, '', callback);
    }
  }

  close(callback) {
    if (callback) require('stream').finished(this, callback);
    this.destroy();
  }

  _destroy(error, callback) {
    this[kState].resume = undefined;
    // A worker that has the codec keeps it until it is done.
    this[kState].handle = undefined;
    callback(error);
  }

  _final(callback) {
    callback();
  }

  _flush(callback) {
    // `finish` comes before `end`, as from a codec on a worker.
    process.nextTick(() => {
      if (!this.destroyed) this._transform(new FastBuffer(0), '', callback);
    });
  }

  _read(size) {
    const resume = this[kState].resume;
    if (resume === undefined) return super._read(size);
    this[kState].resume = undefined;
    resume();
  }

  _transform(chunk, encoding, callback) {
    let flag = chunk[kFlush];
    if (flag === undefined) {
      const last = this.writableEnded && this.writableLength === chunk.byteLength;
      flag = last ? this[kState].finishFlag : this[kState].flushFlag;
    }
    this[kWork](chunk, flag, callback);
  }

  /**
   * What becomes of a chunk, at once, without the stream: packages call it (minizlib, of tar).
   * With a callback it goes the way of the stream's.
   * @param {Uint8Array | string} chunk
   * @param {number} flag
   * @param {Function} [callback]
   * @returns {Buffer | undefined}
   */
  _processChunk(chunk, flag, callback) {
    if (typeof callback === 'function') return void this[kWork](chunk, flag, callback);
    if (this[kState].handle === undefined)
      throw new codes.ERR_INVALID_STATE('the stream is closed');
    if (typeof chunk === 'string') chunk = Buffer.from(chunk);
    const parts = [];
    for (let offset = 0; ;) {
      const out = new FastBuffer(this[kState].chunkSize);
      const result = native.run(this[kState].handle, flag, chunk.subarray(offset), out);
      if (result.length === 3) throw failure(result);
      const [read, written] = result;
      offset += read;
      this.bytesWritten += read;
      parts.push(out.subarray(0, written));
      if (written < out.length) return Buffer.concat(parts);
    }
  }

  /** Takes a chunk step by step; calls callback when the codec has all of it. */
  [kWork](chunk, flag, callback) {
    const view = isUint8Array(chunk)
      ? chunk
      : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let offset = 0;
    // One step; true if the next one may follow at once.
    const step = () => {
      if (this[kState].handle === undefined) return false; // destroyed: nobody waits
      const slice = view.subarray(offset, offset + SLICE);
      const whole = offset + slice.length === view.length;
      const out = new FastBuffer(this[kState].chunkSize);
      const after = (result) => {
        if (result.length === 3) return this[kFail](failure(result));
        const [read, written] = result;
        offset += read;
        this.bytesWritten += read;
        const room = written === 0 || this.push(out.subarray(0, written));
        if (this.destroyed) return false;
        const full = written === out.length;
        const more = full || (!whole && read > 0);
        if (!more) {
          // What follows the end of the data is not the codec's.
          if (offset < view.length && this[kState].rejects)
            return this[kFail](new codes[TRAILING_JUNK]());
          if (offset < view.length) this.push(null);
          callback();
          return false;
        }
        if (!room) this[kState].resume = run;
        return room;
      };
      const args = [this[kState].handle, whole ? flag : this[kState].flushFlag, slice, out];
      if (slice.length < INLINE) return after(native.run(...args));
      const told = (result) => {
        if (this.destroyed) return;
        if (after(result)) run();
      };
      native.runLater(carry(told, 'ZLIB', this), ...args);
      return false;
    };
    const run = () => {
      while (step());
    };
    run();
  }

  [kFail](error) {
    this.destroy(error);
    return false;
  }
}

/** Makes Class, a function, a subclass of Base, with the members of a class. */
function inherit(Class, Base, members = class {}) {
  Object.setPrototypeOf(Class.prototype, Base.prototype);
  Object.setPrototypeOf(Class, Base);
  const { constructor: _, ...all } = Object.getOwnPropertyDescriptors(members.prototype);
  Object.defineProperties(Class.prototype, all);
}
inherit(ZlibBase, Transform, Members);

module.exports = {
  ZlibBase,
  failure,
  handleOf,
  inRange,
  inherit,
  rangeOption,
  rejectsGarbage,
};
