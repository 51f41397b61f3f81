'use strict';
// fs.ReadStream and fs.WriteStream. They work by the functions of `options.fs`, by default those of
// the module fs as they are at the time: programs replace them.
const { Readable, Writable } = require('stream');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
} = require('internal/errors/validators');
const { toFd, toOptions, toPath, toFlags, toMode } = require('internal/fs/utils');

const kFs = Symbol('fs');
const kHandle = Symbol('file handle');
const kBusy = Symbol('an operation goes on');
const kIdle = Symbol('idle');
const kAutoClose = Symbol('autoClose');
const kLeft = Symbol('bytes that are left of the range');

/** The functions of options.fs, checked. */
function ownFunctions(given, needed) {
  if (given == null) return undefined;
  for (const name of needed) validateFunction(given[name], `options.fs.${name}`);
  return given;
}

function takeFd(stream, fd) {
  stream[kHandle] = typeof fd === 'object' && fd?.fd !== undefined ? fd : undefined;
  if (stream[kHandle] !== undefined) return toFd(fd.fd);
  if (fd == null) return null;
  if (typeof fd !== 'number')
    throw new codes.ERR_INVALID_ARG_TYPE('options.fd', ['number', 'FileHandle'], fd);
  return toFd(fd);
}

/** Reads the options that both streams share; the file is opened in _construct(). */
function prepare(stream, path, options, flags) {
  stream.fd = takeFd(stream, options.fd);
  if (stream.fd === null) stream.path = toPath(path);
  stream.flags = options.flags ?? flags;
  stream.mode = options.mode ?? 0o666;
  toFlags(stream.flags, 'options.flags');
  toMode(stream.mode, 'options.mode');
  stream.start = options.start;
  stream.pos = options.start;
  if (options.start !== undefined) validateInteger(options.start, 'start', 0);
  stream[kAutoClose] = options.autoClose ?? true;
}

/** A stream whose class has its own open(), as programs made them for older Nodes. */
function constructByOpen(stream, callback) {
  const { emit } = stream;
  stream.emit = function (name, ...args) {
    if (name === 'open' || name === 'error') stream.emit = emit;
    if (name === 'error') callback(args[0]);
    else if (name === 'open') callback();
    return name === 'error' || emit.call(this, name, ...args);
  };
  stream.open();
}

function construct(callback) {
  if (typeof this.fd === 'number') {
    callback();
    return;
  }
  if (typeof this.open === 'function') {
    constructByOpen(this, callback);
    return;
  }
  this[kFs].open(this.path, this.flags, this.mode, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    this.fd = fd;
    callback();
    this.emit('open', fd);
    this.emit('ready');
  });
}

// A descriptor is closed only once the operation that uses it is over: its number may be given
// to another file at once.
function destroy(error, callback) {
  if (this[kBusy]) {
    this.once(kIdle, () => destroy.call(this, error, callback));
    return;
  }
  const { fd } = this;
  if (fd === null) {
    callback(error);
  } else if (this[kHandle] !== undefined) {
    this[kHandle].close().then(
      () => callback(error),
      (other) => callback(error ?? other),
    );
  } else {
    this[kFs].close(fd, (other) => callback(error ?? other));
  }
  this.fd = null;
}

function settled(stream) {
  stream[kBusy] = false;
  if (stream.destroyed) stream.emit(kIdle);
}

const streamOptions = (options, more) => ({
  autoDestroy: options.autoClose ?? true,
  emitClose: options.emitClose ?? true,
  signal: options.signal,
  ...more,
});

const shared = {
  autoClose: {
    configurable: true,
    get() {
      return this[kAutoClose];
    },
    set(value) {
      this[kAutoClose] = value;
    },
  },
  pending: {
    configurable: true,
    get() {
      return this.fd === null;
    },
  },
};

/**
 * @param {string|Buffer|URL} path
 * @param {string|object} [options]
 */
function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  options = toOptions(options, {});
  const { highWaterMark = 64 * 1024, encoding } = options;
  const needed = ['read', 'close'];
  if (options.fd == null) needed.unshift('open');
  this[kFs] = ownFunctions(options.fs, needed) ?? require('fs');
  prepare(this, path, options, 'r');
  this.end = options.end === undefined ? Infinity : options.end;
  this.bytesRead = 0;
  if (this.end !== Infinity) {
    validateInteger(this.end, 'end', 0);
    if (this.start !== undefined && this.start > this.end)
      throw new codes.ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
    this[kLeft] = this.end - (this.start ?? 0) + 1;
  }
  Readable.call(this, streamOptions(options, { highWaterMark, encoding }));
}
Object.setPrototypeOf(ReadStream, Readable);
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.defineProperties(ReadStream.prototype, shared);

ReadStream.prototype._construct = construct;
ReadStream.prototype._destroy = destroy;

ReadStream.prototype._read = function (size) {
  if (this[kLeft] !== undefined) size = Math.min(size, this[kLeft]);
  if (size <= 0) {
    this.push(null);
    return;
  }
  const buffer = Buffer.allocUnsafeSlow(size);
  this[kBusy] = true;
  this[kFs].read(this.fd, buffer, 0, size, this.pos, (error, count) => {
    settled(this);
    if (this.destroyed) return;
    if (error) {
      if (this[kAutoClose]) this.destroy(error);
      else {
        this._readableState.errored = error;
        this.emit('error', error);
      }
      return;
    }
    this.bytesRead += count;
    if (this.pos !== undefined) this.pos += count;
    if (this[kLeft] !== undefined) this[kLeft] -= count;
    this.push(
      count === 0 ? null : count === size ? buffer : Buffer.from(buffer.subarray(0, count)),
    );
  });
};

/** callback(error) when the stream has closed: what ended it before its data did, if anything. */
ReadStream.prototype.close = function (callback) {
  if (callback !== undefined) {
    validateFunction(callback, 'cb');
    require('stream').finished(this, callback);
  }
  this.destroy();
};

/**
 * @param {string|Buffer|URL} path
 * @param {string|object} [options]
 */
function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  options = toOptions(options, {});
  const { encoding = 'utf8', highWaterMark, flush } = options;
  if (flush != null) validateBoolean(flush, 'options.flush');
  const given = ownFunctions(options.fs, options.fd == null ? ['open', 'close'] : ['close']);
  if (given !== undefined) {
    if (given.write || !given.writev) validateFunction(given.write, 'options.fs.write');
    if (given.writev) validateFunction(given.writev, 'options.fs.writev');
    if (!given.writev) this._writev = null;
    if (!given.write) this._write = null;
    if (given.writev) this._writev = writeVector;
    if (flush) validateFunction(given.fsync, 'options.fs.fsync');
  }
  this[kFs] = given ?? require('fs');
  prepare(this, path, options, 'w');
  if (flush) this._final = (callback) => this[kFs].fsync(this.fd, callback);
  this.bytesWritten = 0;
  Writable.call(
    this,
    streamOptions(options, { highWaterMark, decodeStrings: true, defaultEncoding: encoding }),
  );
}
Object.setPrototypeOf(WriteStream, Writable);
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.defineProperties(WriteStream.prototype, shared);

WriteStream.prototype._construct = construct;
WriteStream.prototype._destroy = destroy;

/** Writes all of chunk: the kernel may take less at a time. */
WriteStream.prototype._write = function (chunk, encoding, callback) {
  this[kBusy] = true;
  const next = (error, count = 0) => {
    this.bytesWritten += count;
    if (this.pos !== undefined) this.pos += count;
    chunk = chunk.subarray(count);
    if (error || chunk.length === 0 || this.destroyed) {
      settled(this);
      callback(error);
      return;
    }
    this[kFs].write(this.fd, chunk, 0, chunk.length, this.pos, next);
  };
  next(null);
};

/** _writev() by the writev() of options.fs. */
function writeVector(chunks, callback) {
  let buffers = chunks.map(({ chunk }) => chunk);
  this[kBusy] = true;
  const next = (error, count = 0) => {
    this.bytesWritten += count;
    if (this.pos !== undefined) this.pos += count;
    while (buffers.length > 0 && count >= buffers[0].byteLength)
      count -= buffers.shift().byteLength;
    if (error || buffers.length === 0 || this.destroyed) {
      settled(this);
      callback(error);
      return;
    }
    buffers = [buffers[0].subarray(count), ...buffers.slice(1)];
    this[kFs].writev(this.fd, buffers, this.pos, next);
  };
  next(null);
}

WriteStream.prototype._writev = function (chunks, callback) {
  const buffers = chunks.map(({ chunk }) => chunk);
  const whole = buffers.length === 1 ? buffers[0] : Buffer.concat(buffers);
  this._write(whole, 'buffer', callback);
};

WriteStream.prototype.close = function (callback) {
  if (callback !== undefined) {
    validateFunction(callback, 'cb');
    if (this.closed) {
      process.nextTick(callback);
      return;
    }
    this.once('close', callback);
  }
  if (!this[kAutoClose]) this.once('finish', () => this.destroy());
  this.end();
};
WriteStream.prototype.destroySoon = WriteStream.prototype.end;

module.exports = { ReadStream, WriteStream };
