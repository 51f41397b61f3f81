'use strict';
// Memory of the program's own that a net.Socket reads into (onread). C++ reads straight into it where
// it can (src/bind/net/read_into.cc); else what it read waits here, and is copied.
const { Buffer } = require('buffer');
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { codes } = require('internal/errors/codes');
const own = require('internal/buffer/own');
const native = binding('net');
const { kId } = require('internal/net/socket_fields');

const { apply, getPrototypeOf } = Reflect;
const { batch } = native;
// Of struct Batch in src/bind/net/state.h: how many callbacks look at such memory.
const GIVING = 3;

// Not what a program may have put in their place.
const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const { set: copy } = TypedArrayPrototype;
const { get: lengthOf } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'byteLength');
const { get: offsetOf } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'byteOffset');
const { get: memoryOf } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'buffer');

const lookedAt = []; // the memory that callbacks look at now, as one may turn the loop
const waiting = new Set(); // functions to call when one of them is done

/** What a socket with `onread` keeps. */
class ReadTarget {
  rest = null; // bytes that were read and not told
  ended = false; // behind them the peer ended
  giving = false; // bytes are being told
  stopped = false; // C++ reads nothing until that is done
  waits = false; // until a callback is done that looks at this memory

  constructor(buffer, callback) {
    this.callback = callback;
    this.next = typeof buffer === 'function' ? buffer : null;
    this.buffer = this.next === null ? buffer : buffer();
    if (!isUint8Array(this.buffer))
      throw new codes.ERR_INVALID_RETURN_VALUE('a Uint8Array', 'onread.buffer', this.buffer);
  }

  /** The one that an option asks for; undefined if it is none, as in Node. */
  static of(onread) {
    if (onread === null || typeof onread !== 'object') return undefined;
    const { buffer, callback } = onread;
    return (typeof buffer === 'function' || isUint8Array(buffer)) && typeof callback === 'function'
      ? new ReadTarget(buffer, callback)
      : undefined;
  }

  /** Has handle id read into it, from its first byte on. */
  open(id) {
    this.rest = null;
    this.ended = this.stopped = this.waits = false;
    native.readInto(id, this.buffer);
  }

  /** Whether something must be told before what is read next. */
  get holds() {
    return this.giving || this.rest !== null;
  }

  /** Bytes are told later. @param {Buffer} chunk of memory that nothing else is read into */
  hold(chunk) {
    this.rest = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
  }

  /** What holds on to little else than the bytes. */
  settle() {
    this.rest = own(this.rest);
  }

  /** The bytes that C++ read into the memory, as a copy. */
  read(count) {
    const bytes = Buffer.allocUnsafeSlow(count);
    const from = apply(offsetOf, this.buffer, []);
    bytes.set(new Uint8Array(apply(memoryOf, this.buffer, []), from, count));
    return bytes;
  }

  /** Whether a callback, of whichever socket, looks at this memory. */
  get isLookedAt() {
    return lookedAt.length > 0 && lookedAt.includes(apply(memoryOf, this.buffer, []));
  }

  /** Calls again() once the callback is done that looks at it. */
  wait(again) {
    this.stopped = this.waits = true;
    waiting.add(again);
  }

  /** Copies what the memory has room for. @returns {number} how much; 0: the program took it away */
  fill() {
    const { rest } = this;
    const count = Math.min(rest.length, apply(lengthOf, this.buffer, []));
    if (count === 0) return 0;
    apply(copy, this.buffer, [count === rest.length ? rest : rest.subarray(0, count)]);
    this.rest = count === rest.length ? null : rest.subarray(count);
    return count;
  }

  /** From here on nothing is read into the memory: a callback, which may turn the loop, looks at it. */
  begin() {
    this.giving = true;
    this.waits = false;
    batch[GIVING]++;
  }

  end() {
    this.giving = false;
    batch[GIVING]--;
  }

  /**
   * Tells socket of the first count bytes of the memory, and takes that for the next ones.
   * @returns {boolean} whether to go on reading
   */
  tell(socket, count) {
    lookedAt.push(apply(memoryOf, this.buffer, []));
    let more;
    try {
      more = apply(this.callback, socket, [count, this.buffer]);
    } finally {
      lookedAt.pop();
      for (const again of waiting) process.nextTick(again);
      waiting.clear();
    }
    if (this.next !== null) this.#renew(socket);
    return more !== false;
  }

  #renew(socket) {
    const { next } = this;
    const buffer = next();
    if (!isUint8Array(buffer)) return; // as in Node
    this.buffer = buffer;
    if (socket[kId] !== 0) native.readInto(socket[kId], buffer);
  }
}

module.exports = { ReadTarget };
