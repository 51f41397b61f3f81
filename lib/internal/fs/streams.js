'use strict';
// fs.ReadStream and fs.WriteStream.
const { Readable, Writable } = require('stream');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const { validateInteger, validateFunction } = require('internal/errors/validators');
const { read, write, plain } = require('internal/fs/operations');
const { runAsync } = require('internal/fs/requests');
const { toFd, toOptions, toPath, toFlags, toMode } = require('internal/fs/utils');

/** Reads the options that both streams share; opens are asked for in _construct. */
function prepare(stream, path, options, flags) {
  stream.fd = options.fd == null ? null : toFd(options.fd?.fd ?? options.fd);
  stream._handle = options.fd?.fd !== undefined ? options.fd : undefined;
  if (stream.fd === null) {
    stream.path = path;
    toPath(path);
  }
  stream.flags = options.flags ?? flags;
  stream.mode = options.mode ?? 0o666;
  toFlags(stream.flags, 'options.flags');
  toMode(stream.mode, 'options.mode');
  stream.start = options.start;
  stream.pos = options.start;
  if (options.start !== undefined) validateInteger(options.start, 'start', 0);
  stream._autoClose = options.autoClose ?? true;
}

function construct(callback) {
  if (this.fd !== null) {
    callback();
    return;
  }
  runAsync(plain.open(this.path, this.flags, this.mode), (error, fd) => {
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
  if (this._busy) {
    this.once('_idle', () => destroy.call(this, error, callback));
    return;
  }
  const { fd } = this;
  this.fd = null;
  if (fd === null) {
    callback(error);
  } else if (this._handle !== undefined) {
    this._handle.close().then(
      () => callback(error),
      (other) => callback(error ?? other),
    );
  } else {
    runAsync(plain.close(fd), (other) => callback(error ?? other));
  }
}

function settled(stream) {
  stream._busy = false;
  stream.emit('_idle');
}

class ReadStream extends Readable {
  constructor(path, options) {
    options = toOptions(options, {});
    super({
      highWaterMark: options.highWaterMark ?? 64 * 1024,
      encoding: options.encoding,
      autoDestroy: options.autoClose ?? true,
      emitClose: options.emitClose ?? true,
      signal: options.signal,
    });
    prepare(this, path, options, 'r');
    this.end = options.end ?? Infinity;
    this.bytesRead = 0;
    if (this.end !== Infinity) {
      validateInteger(this.end, 'end', 0);
      if (this.start !== undefined && this.start > this.end)
        throw new codes.ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
      this._left = this.end - (this.start ?? 0) + 1;
    }
  }

  get pending() {
    return this.fd === null;
  }

  get autoClose() {
    return this._autoClose;
  }

  _construct(callback) {
    construct.call(this, callback);
  }

  _read(size) {
    if (this._left !== undefined) size = Math.min(size, this._left);
    if (size <= 0) {
      this.push(null);
      return;
    }
    const buffer = Buffer.allocUnsafeSlow(size);
    this._busy = true;
    runAsync(read(this.fd, buffer, 0, size, this.pos), (error, count) => {
      settled(this);
      if (this.destroyed) return;
      if (error) {
        this.destroy(error);
        return;
      }
      this.bytesRead += count;
      if (this.pos !== undefined) this.pos += count;
      if (this._left !== undefined) this._left -= count;
      this.push(
        count === 0 ? null : count === size ? buffer : Buffer.from(buffer.subarray(0, count)),
      );
    });
  }

  _destroy(error, callback) {
    destroy.call(this, error, callback);
  }

  close(callback) {
    if (callback !== undefined) {
      validateFunction(callback, 'cb');
      if (this.closed) process.nextTick(callback);
      else this.once('close', callback);
    }
    this.destroy();
  }
}

class WriteStream extends Writable {
  constructor(path, options) {
    options = toOptions(options, {});
    super({
      highWaterMark: options.highWaterMark,
      decodeStrings: true,
      defaultEncoding: options.encoding ?? 'utf8',
      autoDestroy: options.autoClose ?? true,
      emitClose: options.emitClose ?? true,
      signal: options.signal,
    });
    prepare(this, path, options, 'w');
    this._flush = options.flush === true;
    this.bytesWritten = 0;
  }

  get pending() {
    return this.fd === null;
  }

  get autoClose() {
    return this._autoClose;
  }

  _construct(callback) {
    construct.call(this, callback);
  }

  _write(chunk, encoding, callback) {
    this._busy = true;
    const next = (error, count = 0) => {
      this.bytesWritten += count;
      if (this.pos !== undefined) this.pos += count;
      chunk = chunk.subarray(count);
      if (error || chunk.length === 0 || this.destroyed) {
        settled(this);
        callback(error);
        return;
      }
      runAsync(write(this.fd, chunk, 0, chunk.length, this.pos), next);
    };
    next(null);
  }

  _writev(chunks, callback) {
    this._write(
      chunks.length === 1 ? chunks[0].chunk : Buffer.concat(chunks.map(({ chunk }) => chunk)),
      'buffer',
      callback,
    );
  }

  _final(callback) {
    if (this._flush) runAsync(plain.fsync(this.fd), callback);
    else callback();
  }

  _destroy(error, callback) {
    destroy.call(this, error, callback);
  }

  close(callback) {
    if (callback !== undefined) {
      validateFunction(callback, 'cb');
      if (this.closed) {
        process.nextTick(callback);
        return;
      }
      this.once('close', callback);
    }
    if (!this._autoClose) this.once('finish', () => this.destroy());
    this.end();
  }
}
WriteStream.prototype.destroySoon = WriteStream.prototype.end;

/** The classes also work without `new`, as in older programs. */
function callable(Class) {
  return new Proxy(Class, { apply: (target, self, args) => new target(...args) });
}

module.exports = { ReadStream: callable(ReadStream), WriteStream: callable(WriteStream) };
