'use strict';
// How a net.Socket reads: between the engine's stream and the Readable side, or a buffer of the
// program's own (onread).
const { Buffer } = require('buffer');
const { Duplex } = require('stream');
const own = require('internal/buffer/own');
const { errnoException } = require('internal/errors/codes');
const native = binding('net');
const { emit } = require('events').prototype;
const { callOne } = require('internal/events/rejections');
const { on } = require('internal/net/handles');
const { members, kId, kReading, kStopped, kOnRead, kPiped } = require('internal/net/socket_fields');
const { carriedTo } = require('internal/net/socket_writing');

// A chunk of so many bytes is one of much that comes: from then on it may go past the program.
const { carriedFrom } = native;

function startReading(socket) {
  if (socket[kReading] || socket[kId] === 0 || socket.connecting) return;
  socket[kReading] = true;
  native.resume(socket[kId]);
}

function stopReading(socket) {
  if (!socket[kReading]) return;
  socket[kReading] = false;
  native.pause(socket[kId]);
}

// A stream in paused mode is read by who listens to `readable`, or calls read().
members._read = function _read() {
  const state = this._readableState;
  if (!this[kStopped] || state.readableListening) startReading(this);
  else state.reading = false; // so that a later listener asks again
};

members[on.data] = function onData(chunk) {
  if (this[kOnRead] !== undefined) {
    if (this[kReading]) giveOwnBuffer(this, chunk);
    else
      this[kOnRead].rest =
        this[kOnRead].rest === null ? own(chunk) : Buffer.concat([this[kOnRead].rest, chunk]);
    return;
  }
  const state = this._readableState;
  const listener = this._events?.data;
  // What push() comes to on a flowing stream, without the tick it schedules to ask for more: a
  // socket that reads goes on reading.
  if (
    state.flowing &&
    state.length === 0 &&
    state.decoder === null &&
    state.reading &&
    this.push === Duplex.prototype.push && // a subclass may look at what is read
    listener !== undefined
  ) {
    if (state.multiAwaitDrain) state.awaitDrainWriters.clear();
    else if (state.awaitDrainWriters !== null) state.awaitDrainWriters = null;
    state.dataEmitted = true;
    if (typeof listener === 'function' && this.emit === emit)
      callOne(this, listener, 'data', chunk);
    else this.emit('data', chunk);
    if (chunk.length >= carriedFrom && listener === this[kPiped] && this[kId] !== 0)
      native.carry(this[kId]);
    return;
  }
  if (!this.push(own(chunk))) stopReading(this);
};

/**
 * As of streams. What much of a plain socket is piped to another one alone goes there within the kernel, and
 * no `data` tells of it.
 */
members.pipe = function pipe(to, options) {
  const result = Duplex.prototype.pipe.call(this, to, options);
  const listeners = this._events.data;
  this[kPiped] = typeof listeners === 'function' ? listeners : listeners?.at(-1);
  return result;
};

// Bytes wait to be read: the handle of the socket that shall have them as they are, 0 for none, as
// somebody here looks at them.
members[on.carry] = function onCarry() {
  const state = this._readableState;
  const ours =
    state.flowing &&
    state.length === 0 &&
    state.decoder === null &&
    state.reading &&
    state.pipes.length === 1 &&
    this._events.data === this[kPiped] &&
    this.emit === emit &&
    this.push === Duplex.prototype.push &&
    this[kOnRead] === undefined;
  return ours ? carriedTo(state.pipes[0]) : 0;
};

// onread: bytes go to the program's buffer, as often as it takes to hand over a chunk.
function giveOwnBuffer(socket, chunk) {
  const target = socket[kOnRead];
  while (chunk.length > 0) {
    const { buffer } = target;
    const count = Math.min(chunk.length, buffer.byteLength);
    // The program took its memory away.
    if (count === 0) {
      const { ENOBUFS } = require('internal/base/constants').errno;
      socket.destroy(errnoException(-ENOBUFS, 'read'));
      return;
    }
    new Uint8Array(buffer.buffer, buffer.byteOffset, count).set(chunk.subarray(0, count));
    chunk = chunk.subarray(count);
    const more = Reflect.apply(target.callback, socket, [count, buffer]);
    if (more !== false && target.next !== null) target.buffer = target.next();
    if (socket.destroyed) return;
    if (more === false || !socket[kReading]) {
      target.rest = chunk.length > 0 ? own(chunk) : null;
      stopReading(socket);
      return;
    }
  }
}

members[on.end] = function onEnd() {
  this[kReading] = false;
  // A program that paused has not got all yet.
  if (typeof this[kOnRead]?.rest === 'object' && this[kOnRead].rest !== null) {
    this[kOnRead].ended = true;
    return;
  }
  if (this[kOnRead] !== undefined && this._readableState.flowing === null) this.resume();
  this.push(null);
  this.read(0);
};

/** Stops `data` events and reading from the kernel, so that TCP pushes back on the peer. */
members.pause = function pause() {
  this[kStopped] = true;
  if (this[kReading]) this._readableState.reading = false;
  stopReading(this);
  return Duplex.prototype.pause.call(this);
};

/** Undoes pause(); what is buffered comes first. */
members.resume = function resume() {
  if (this[kStopped]) this[kStopped] = false;
  const target = this[kOnRead];
  if (target !== undefined && this[kId] !== 0 && !this.connecting) {
    if (target.rest !== null) {
      const { rest } = target;
      target.rest = null;
      this[kReading] = true;
      process.nextTick(() => {
        if (this.destroyed) return;
        giveOwnBuffer(this, rest);
        if (target.ended && target.rest === null) this[on.end]();
        else if (this[kReading] && !this.destroyed) native.resume(this[kId]);
      });
    } else startReading(this);
  } else if (this._readableState.reading) startReading(this);
  return Duplex.prototype.resume.call(this);
};

members.read = function read(count) {
  if (count !== 0 && this[kStopped]) this[kStopped] = false;
  if (this._readableState.reading && !this[kReading] && !this[kStopped]) startReading(this);
  return Duplex.prototype.read.call(this, count);
};

module.exports = { startReading, stopReading };
