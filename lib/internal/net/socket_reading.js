'use strict';
// How a net.Socket reads: between the engine's stream and the Readable side, or a buffer of the
// program's own (onread).
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
  const target = socket[kOnRead];
  if (target === undefined || !target.holds) {
    native.resume(socket[kId]);
    return;
  }
  target.stopped = true; // what waits comes first
  if (!target.giving) process.nextTick(give, socket, 0);
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
    take(this, chunk);
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

// onread: C++ read so many bytes into the memory of the program's own.
members[on.filled] = function onFilled(count) {
  const target = this[kOnRead];
  if (this[kReading] && !target.holds) give(this, count);
  else target.hold(target.read(count));
};

// onread: bytes that have to be copied there.
function take(socket, chunk) {
  const target = socket[kOnRead];
  target.hold(chunk);
  if (!target.giving) {
    give(socket, 0);
    return;
  }
  target.stopped = true; // by a callback that turns the loop
  native.pause(socket[kId]);
}

// Tells of so many bytes that lie in the program's memory, and then, as often as it takes to hand it
// over, of what waits.
function give(socket, filled) {
  const target = socket[kOnRead];
  if (target.giving) return;
  target.begin();
  try {
    if (filled > 0 && !target.tell(socket, filled)) stopReading(socket);
    while (target.rest !== null && socket[kReading]) {
      if (target.isLookedAt) {
        target.wait(() => give(socket, 0));
        native.pause(socket[kId]);
        return;
      }
      const count = target.fill();
      if (count === 0) {
        noMemory(socket);
        return;
      }
      if (!target.tell(socket, count)) stopReading(socket);
    }
  } finally {
    target.end();
    given(socket, target);
  }
}

// The program took its memory away.
function noMemory(socket) {
  const { ENOBUFS } = require('internal/base/constants').errno;
  socket.destroy(errnoException(-ENOBUFS, 'read'));
}

function given(socket, target) {
  if (socket.destroyed) return;
  if (target.rest !== null) {
    target.settle();
    if (socket[kReading] && !target.waits) process.nextTick(give, socket, 0); // the callback threw
  } else if (target.ended) {
    target.ended = false;
    socket[on.end]();
  } else if (target.stopped) {
    target.stopped = false;
    if (socket[kReading]) native.resume(socket[kId]);
  }
}

members[on.end] = function onEnd() {
  const target = this[kOnRead];
  // A program that paused has not got all yet.
  if (target?.holds) {
    target.ended = true;
    return;
  }
  this[kReading] = false;
  if (target !== undefined && this._readableState.flowing === null) this.resume();
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
  if (this[kOnRead] !== undefined || this._readableState.reading) startReading(this);
  return Duplex.prototype.resume.call(this);
};

members.read = function read(count) {
  if (count !== 0 && this[kStopped]) this[kStopped] = false;
  if (this._readableState.reading && !this[kReading] && !this[kStopped]) startReading(this);
  return Duplex.prototype.read.call(this, count);
};

module.exports = { startReading, stopReading };
