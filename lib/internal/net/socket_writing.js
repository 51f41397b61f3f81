'use strict';
// How a net.Socket writes: to the kernel at once where nothing is queued, else through the Writable
// side; and how its own side ends.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { Buffer } = require('buffer');
const { Duplex } = require('stream');
const native = binding('net');
const { codes } = require('internal/errors/codes');
const { behind, movable } = require('internal/buffer/wasm_memory');
const { on } = require('internal/net/handles');
const { listsNothing } = require('internal/streams/lean');
const {
  members,
  kId,
  kWriteDone,
  kFinalDone,
  kUnref,
  kCarried,
  kAbove,
  kCause,
  kWriteLimit,
  kWriteBelow,
  kHeld,
} = require('internal/net/socket_fields');
const { carriedWaits, keepWhileBusy } = require('internal/net/socket_properties');
const { setImmediate } = require('internal/timers/timers');

const kSent = Symbol('sent');

// Whether what is written goes to the kernel at once, past the machinery of streams.
function takesAtOnce(socket, state) {
  return (
    socket[kId] !== 0 &&
    state.length === 0 &&
    !state.ending &&
    state.corked === 0 &&
    !state.writing &&
    !socket.connecting &&
    listsNothing(state) &&
    socket._write === written // a subclass may look at what is written
  );
}

/** The handle of a socket that may be given bytes as if by write(), but past it; 0 if it may not. */
function carriedTo(socket) {
  if (
    socket.write !== write ||
    socket.encrypted ||
    socket[kUnref] ||
    !takesAtOnce(socket, socket._writableState)
  )
    return 0;
  socket[kCarried] = true;
  return socket[kId];
}

/**
 * Sends data.
 * @param {string|Buffer|Uint8Array} data
 * @param {string} [encoding='utf8'] of a string
 * @param {Function} [callback] once the data is written out
 * @returns {boolean} true if everything reached the kernel; after false, `drain` follows
 */
members.write = function write(data, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  const state = this._writableState;
  if (takesAtOnce(this, state)) {
    const id = this[kId];
    if (typeof data === 'string') data = tryText(id, data, encoding ?? state.defaultEncoding);
    else if (isUint8Array(data)) data = tryBytes(id, data);
    if (data === kSent) {
      if (typeof callback === 'function') process.nextTick(callback, null);
      return true;
    }
  }
  if (data !== null) data = bytesOf(data);
  const waiting = state.needDrain;
  const below = Duplex.prototype.write.call(this, data, encoding, callback);
  hold(this);
  if (state.corked > 0) return below; // the program gathers: nothing can be said of the kernel
  if (state.length > 0) {
    // `drain` follows also where less than the high-water mark is queued.
    if (!state.destroyed && !state.ending) state.needDrain = true;
    return false;
  }
  if (!waiting) state.needDrain = false;
  return !state.destroyed && !state.errored && !state.ending;
};

/**
 * write() of a socket that was given a high-water mark: true while less than that is queued, as of
 * other streams.
 */
function writeToMark(data, encoding, callback) {
  const below = Duplex.prototype.write.call(
    this,
    data === null ? data : bytesOf(data),
    encoding,
    callback,
  );
  hold(this);
  return below;
}

// Tells the ledger how much waits here, beside what C++ has, so that it counts for limits; changes of
// less than a page now and then.
const TOLD_BYTES = 4096;

function hold(socket) {
  const { length, writelen } = socket._writableState;
  const waiting = socket[kWriteDone] === null ? length : length - writelen;
  const told = socket[kHeld];
  if (waiting === told || (waiting !== 0 && Math.abs(waiting - told) < TOLD_BYTES)) return;
  const id = socket[kId];
  if (id === 0) return;
  socket[kHeld] = waiting;
  ledger ??= binding('ledger');
  if (ledger.hold(id, waiting)) require('internal/net/write_limits').relieve();
}
let ledger;

// Both hand what they can to the kernel, and return what is left, kSent if that was all.
function tryBytes(id, bytes) {
  const { byteLength } = bytes;
  if (byteLength === 0) return bytes;
  const count = native.tryWrite(id, bytes);
  if (count === byteLength) return kSent;
  return count === 0 ? bytes : behind(bytes, count);
}

function tryText(id, text, encoding) {
  if (text === '') return text;
  if (encoding === 'utf8' || encoding === 'latin1') {
    const left = native.tryWriteText(id, text, encoding === 'latin1');
    if (left === 0) return kSent;
    if (left > 0) {
      const bytes = Buffer.from(text, encoding);
      return bytes.subarray(bytes.length - left);
    }
  }
  return Buffer.isEncoding(encoding) ? tryBytes(id, Buffer.from(text, encoding)) : text;
}

// Every view of bytes may be written; streams know only Uint8Array.
function bytesOf(data) {
  if (typeof data === 'string' || isUint8Array(data)) return data;
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new codes.ERR_INVALID_ARG_TYPE(
    'chunk',
    ['string', 'Buffer', 'TypedArray', 'DataView'],
    data,
  );
}

// C++ borrows bytes until they are written. Some memory can go meanwhile.
function lasting(chunk) {
  return movable(chunk) ? Buffer.from(chunk) : chunk;
}

// The machinery hands over one chunk, or all that are queued.
members._write = function _write(chunk, encoding, done) {
  const bytes = lasting(chunk);
  send(this, done, (id) => native.write(id, bytes), [bytes]);
};

members._writev = function _writev(chunks, done) {
  const list = [];
  for (const { chunk } of chunks) list.push(lasting(chunk));
  send(this, done, (id) => native.writeAll(id, list, list.length), list);
};

function send(socket, done, call, list) {
  if (socket.connecting) {
    const fail = () => done(new codes.ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
    socket.once('connect', () => {
      socket.off('close', fail);
      send(socket, done, call, list);
    });
    socket.once('close', fail);
    return;
  }
  const id = socket[kId];
  if (id === 0) {
    const above = socket[kAbove]?.[kId] ?? 0;
    // What is written below an encrypted socket goes between its records, as it is.
    if (above !== 0) for (const bytes of list) native.writeBelow(above, bytes);
    done(above === 0 ? new codes.ERR_SOCKET_CLOSED() : undefined);
    return;
  }
  if (call(id)) {
    done();
    return;
  }
  // A program that calls _write() itself can have several wait: all of their bytes are borrowed.
  const earlier = socket[kWriteDone];
  if (earlier !== null) {
    socket[kWriteDone] = () => {
      earlier();
      done();
    };
    return;
  }
  socket[kWriteDone] = done;
  if (socket[kUnref]) keepWhileBusy(socket);
}

members[on.drain] = function onDrain() {
  const done = this[kWriteDone];
  this[kWriteDone] = null;
  if (done !== null) done();
  if (this[kHeld] > 0) hold(this);
  if (this[kUnref]) keepWhileBusy(this);
};

members._final = function _final(done) {
  if (this.connecting) {
    this.once('connect', () => this._final(done));
    return;
  }
  if (this[kId] === 0) {
    done();
    return;
  }
  if (closesNext(this) && !carriedWaits(this)) {
    setImmediate(done); // who awaited `end` can still listen to `close`
    return;
  }
  this[kFinalDone] = done;
  if (this[kCause] !== undefined) binding('ledger').note(this[kId], this[kCause]);
  if (this[kUnref]) keepWhileBusy(this);
  native.shutdown(this[kId]);
};

// Whether the socket destroys itself once its own side has ended, as the other has: closing it tells
// the peer of the end. An encrypted one has more to say.
function closesNext(socket) {
  const reading = socket._readableState;
  return (
    reading.endEmitted &&
    reading.autoDestroy &&
    socket._writableState.autoDestroy &&
    !socket.encrypted
  );
}

members[on.shutdown] = function onShutdown() {
  const done = this[kFinalDone];
  this[kFinalDone] = null;
  if (done !== null) done();
  if (this[kUnref]) keepWhileBusy(this);
};

/** Sends data, if any, then ends the own side; the peer may still send. */
members.end = function end(data, encoding, callback) {
  if (data !== undefined && data !== null && typeof data !== 'function') {
    data = bytesOf(data);
    if (this[kWriteLimit] !== undefined) {
      const told = typeof encoding === 'function' ? encoding : callback;
      if (require('internal/net/write_limits').refuses(this, data, encoding, told)) return this;
    }
  }
  Duplex.prototype.end.call(this, data, encoding, callback);
  hold(this);
  return this;
};

// The own side ends by itself in a moment: who writes now is told why that fails.
function peerEnded() {
  if (!this.allowHalfOpen)
    this[this[kWriteLimit] === undefined ? 'write' : kWriteBelow] = writeAfterEnd;
}

function writeAfterEnd(data, encoding, callback) {
  if (!this.writableEnded) return members.write.call(this, data, encoding, callback);
  if (typeof encoding === 'function') callback = encoding;
  const error = new Error('This socket has been ended by the other party');
  error.code = 'EPIPE';
  if (typeof callback === 'function') process.nextTick(callback, error);
  this.destroy(error);
  return false;
}

// Programs may put others in their place.
const { write, _write: written } = members;

module.exports = { carriedTo, peerEnded, writeToMark };
