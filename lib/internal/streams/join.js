'use strict';
// What a peer sends in small pieces, and nobody reads yet. A piece that waits by itself takes some hundred
// bytes beside its own, which no high-water mark counts; so small ones are put together.
const own = require('internal/buffer/own');

const SMALL = 1024; // bytes of a piece that is joined with the one before
const FIRST = 256; // bytes of memory that pieces are put together in
const LARGEST = 16 * 1024;

const kMemory = Symbol('memory');

/** Memory with some bytes at its beginning, and room for more. */
class Memory {
  constructor(bytes, room) {
    this.bytes = Buffer.allocUnsafeSlow(Math.min(Math.max(2 * room, FIRST), LARGEST));
    this.bytes.set(bytes);
    this.used = bytes.length;
  }
  /** Whether a piece is the last that was put here. */
  ends(piece) {
    return piece.buffer === this.bytes.buffer && piece.byteOffset + piece.length === this.used;
  }
}

/**
 * Puts a chunk to the last of a list of a stream's, if both are small.
 * @param {{ tail: { data: Buffer | string } | null, length: number }} list what waits in a stream; an
 *     entry goes when it is read
 * @param {Buffer | string} chunk
 * @returns {boolean} whether that was done
 */
function join(list, chunk) {
  if (list.length === 0 || chunk.length >= SMALL) return false;
  const { tail } = list;
  const last = tail.data;
  if (typeof last !== typeof chunk) return false;
  const length = last.length + chunk.length;
  if (length > LARGEST) return false;
  if (typeof chunk === 'string') {
    tail.data = last + chunk;
    return true;
  }
  let memory = tail[kMemory];
  if (memory === undefined || !memory.ends(last)) {
    // What is read as it came stays so.
    if (last.length >= SMALL) return false;
    memory = tail[kMemory] = new Memory(last, length);
  } else if (memory.used + chunk.length > memory.bytes.length) {
    if (memory.bytes.length === LARGEST) return false;
    memory = tail[kMemory] = new Memory(last, length);
  }
  memory.bytes.set(chunk, memory.used);
  memory.used += chunk.length;
  tail.data = memory.bytes.subarray(memory.used - length, memory.used);
  return true;
}

/**
 * Pushes bytes of a peer to a stream whose state has join().
 * @returns {boolean} whether more may come
 */
function take(stream, bytes) {
  const waits = !stream.readableFlowing || stream.readableLength > 0;
  return stream.push(waits ? own(bytes) : bytes);
}

module.exports = { join, take };
