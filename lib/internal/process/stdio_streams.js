'use strict';
// Streams over the standard descriptors. Output is written before write() returns, whatever the
// descriptor is, so that nothing is lost when the process ends.
const { Readable, Writable } = require('stream');
const { Buffer } = require('buffer');
const { carry } = require('internal/base/stores');
const { errnoException } = require('internal/errors/codes');
const native = binding('stdio');

const CHUNK = 64 * 1024;

// ---- Output

class Output extends Writable {
  constructor(fd, type) {
    super({ decodeStrings: false, emitClose: false });
    this.fd = fd;
    this._type = type;
    this._isStdio = true;
  }

  _write(chunk, encoding, callback) {
    if (typeof chunk === 'string' && encoding !== 'utf8' && encoding !== 'utf-8')
      chunk = Buffer.from(chunk, encoding);
    const result = native.write(this.fd, chunk);
    callback(result < 0 ? errnoException(result, 'write') : null);
  }

  // Standard descriptors stay open: other code may still print.
  _destroy(error, callback) {
    callback(error);
    this._undestroy?.();
    process.nextTick(() => this.emit('close'));
  }
}

/** Output on a terminal. */
class TerminalOutput extends Output {
  constructor(fd) {
    super(fd, 'tty');
    this.isTTY = true;
    this._refreshSize();
    process.on('SIGWINCH', () => this._refreshSize());
  }

  _refreshSize() {
    const size = native.windowSize(this.fd);
    if (typeof size === 'number') return;
    const [columns, rows] = size;
    const changed = this.columns !== undefined && (columns !== this.columns || rows !== this.rows);
    this.columns = columns;
    this.rows = rows;
    if (changed) this.emit('resize');
  }

  getWindowSize() {
    return [this.columns, this.rows];
  }

  /** Bits of colour: 1, 4, 8 or 24. */
  getColorDepth(env = require('internal/base/environment').view()) {
    return colorDepth(env);
  }

  hasColors(count, env) {
    if (
      env === undefined &&
      (count === undefined || (typeof count === 'object' && count !== null))
    ) {
      env = count;
      count = 16;
    }
    require('internal/errors/validators').validateInteger(count, 'count', 2);
    return count <= 2 ** colorDepth(env ?? require('internal/base/environment').view());
  }

  cursorTo(x, y, callback) {
    if (typeof y === 'function') {
      callback = y;
      y = undefined;
    }
    return this.write(
      typeof y === 'number' ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`,
      callback,
    );
  }

  moveCursor(dx, dy, callback) {
    let text = '';
    if (dx !== 0) text += dx < 0 ? `\x1b[${-dx}D` : `\x1b[${dx}C`;
    if (dy !== 0) text += dy < 0 ? `\x1b[${-dy}A` : `\x1b[${dy}B`;
    return this.write(text, callback);
  }

  clearLine(direction, callback) {
    return this.write(direction < 0 ? '\x1b[1K' : direction > 0 ? '\x1b[0K' : '\x1b[2K', callback);
  }

  clearScreenDown(callback) {
    return this.write('\x1b[0J', callback);
  }
}

const colorDepth = (env) => require('internal/process/color_depth').colorDepth(env);

// ---- Input

/** Input from a pipe, a socket or a terminal. */
class Input extends Readable {
  constructor(fd, type) {
    super({ highWaterMark: CHUNK });
    this.fd = fd;
    this._type = type;
    this._isStdio = true;
    this._id = native.open(
      fd,
      carry((result) => this._arrived(result), 'TTYWRAP', this),
    );
    // A paused stream leaves the bytes to others and does not keep the process.
    this.on('pause', () => this._rest());
  }

  _rest() {
    this._readableState.reading = false;
    if (this._id !== undefined) native.stop(this._id);
  }

  _arrived(result) {
    if (typeof result !== 'number') {
      if (!this.push(Buffer.from(result))) native.stop(this._id);
      return;
    }
    if (result === 0) this.push(null);
    else this.destroy(errnoException(result, 'read'));
    this._release();
  }

  _release() {
    if (this._id !== undefined) native.close(this._id);
    this._id = undefined;
  }

  _read() {
    if (this._id === undefined) return;
    // The stream fills its buffer even while it is paused; for input that may never come the
    // process would wait.
    if (this._readableState.flowing === false && this.listenerCount('readable') === 0) this._rest();
    else native.start(this._id);
  }

  _destroy(error, callback) {
    this._release();
    callback(error);
  }

  /** Whether waiting for input keeps the process; it does unless unref() was called. */
  ref() {
    if (this._id !== undefined) native.setRef(this._id, true);
    return this;
  }

  unref() {
    if (this._id !== undefined) native.setRef(this._id, false);
    return this;
  }
}

/** Input from a terminal. */
class TerminalInput extends Input {
  constructor(fd) {
    super(fd, 'tty');
    this.isTTY = true;
    this.isRaw = false;
  }

  /** In raw mode every key arrives at once, without echo and without signals for control keys. */
  setRawMode(on) {
    on = !!on;
    const result = native.setRawMode(this.fd, on);
    if (result < 0) {
      this.emit('error', errnoException(result, 'setRawMode'));
      return this;
    }
    if (on && !this._restores) {
      this._restores = true;
      process.on('exit', () => native.setRawMode(this.fd, false));
    }
    this.isRaw = on;
    return this;
  }
}

/** Input from a file, or from a device that never makes a reader wait. */
class FileInput extends Readable {
  constructor(fd) {
    super({ highWaterMark: CHUNK });
    this.fd = fd;
    this._type = 'fs';
    this._isStdio = true;
  }

  _read() {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    const result = native.read(this.fd, buffer);
    if (result < 0) this.destroy(errnoException(result, 'read'));
    else this.push(result === 0 ? null : buffer.subarray(0, result));
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }
}

/** The stream of descriptor 0, 1 or 2. */
function standard(fd) {
  const kind = native.kind(fd);
  if (fd === 0) {
    if (kind === 'TTY') return new TerminalInput(fd);
    return kind === 'PIPE' ? new Input(fd, 'pipe') : new FileInput(fd);
  }
  return kind === 'TTY' ? new TerminalOutput(fd) : new Output(fd, kind === 'PIPE' ? 'pipe' : 'fs');
}

module.exports = { standard, TerminalInput, TerminalOutput };
