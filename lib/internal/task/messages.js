'use strict';
// Messages between tasks: what goes through their queues, and what a value becomes for that.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const native = binding('task');
const { codes } = require('internal/errors/codes');
const { validateInteger } = require('internal/errors/validators');

// Kinds of messages, of enum Message::Kind in src/engine/message_queue.h.
const TEXT = 1;
const JSON_TEXT = 2;
const BYTES = 3;

const UNCLONABLE = [Map, Set, WeakMap, WeakSet, WeakRef, Promise, ArrayBuffer, RegExp];

// The replacer of JSON.stringify: looks at what an object held before its toJSON().
function check(key, after) {
  const value = this === undefined ? after : this[key];
  if (typeof value === 'object' && value !== null) {
    if (ArrayBuffer.isView(value)) throw new codes.ERR_TASK_MESSAGE('a Buffer within an object');
    for (const type of UNCLONABLE)
      if (value instanceof type) throw new codes.ERR_TASK_MESSAGE(`a ${type.name}`);
  } else if (typeof value === 'symbol') throw new codes.ERR_TASK_MESSAGE('a symbol');
  return after;
}

/** A value as JSON; throws where that would lose more than functions and undefined. */
function toJson(value) {
  try {
    return JSON.stringify(value, check);
  } catch (error) {
    if (error.code === 'ERR_TASK_MESSAGE') throw error;
    throw new codes.ERR_TASK_MESSAGE(`what JSON cannot hold (${error.message})`);
  }
}

/** [kind, data] of a message. */
function encode(message, name = 'msg') {
  if (typeof message === 'string') return [TEXT, message];
  if (isUint8Array(message)) return [BYTES, message];
  if (typeof message !== 'object' || message === null)
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Object', 'Buffer'], message);
  return [JSON_TEXT, toJson(message)];
}

function decode(kind, data) {
  if (kind === TEXT) return data;
  if (kind === JSON_TEXT) return JSON.parse(data);
  return require('buffer').Buffer.from(data);
}

/** Sends a message, or of a Buffer the bytes from offset on. @returns {boolean} */
function send(id, message, offset, length, addition) {
  const [kind, encoded] = encode(message);
  let data = encoded;
  if (kind === BYTES) {
    const size = data.byteLength;
    if (offset !== undefined) validateInteger(offset, 'offset', 0, size);
    if (length !== undefined) validateInteger(length, 'length', 0, size - (offset ?? 0));
    const begin = offset ?? 0;
    data = data.subarray(begin, length === undefined ? size : begin + length);
    if (addition !== undefined && addition !== null) {
      if (typeof addition !== 'object')
        throw new codes.ERR_INVALID_ARG_TYPE('addition', 'Object', addition);
      addition = toJson(addition);
    } else addition = undefined;
  }
  return native.send(id, kind, data, addition);
}

module.exports = { encode, decode, send };
