'use strict';
// v8.Deserializer: from V8's format to values. What it reads may come from anywhere: every count is
// checked against the bytes that are there.
const { Buffer } = require('buffer');
const { isAnyArrayBuffer } = require('util/types');
const { codes } = require('internal/errors/codes');
const { VERSION, OLDEST, tags, viewTags, errorTags, regExpFlags } = require('internal/util/wire');

const classOfView = new Map(Object.entries(viewTags).map(([name, byte]) => [byte, name]));
const classOfError = new Map(
  Object.entries(errorTags)
    .filter(([name]) => name.endsWith('Error'))
    .map(([name, byte]) => [byte, globalThis[name]]),
);

const invalid = () => new Error('Unable to deserialize cloned data.');
const unsupported = () =>
  new Error('Unable to deserialize cloned data due to invalid or unsupported version.');

function define(object, key, value) {
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

class Deserializer {
  #bytes;
  #at = 0;
  #version = 0;
  #objects = []; // by number
  #transferred = new Map();

  /** @param {Buffer|TypedArray|DataView} buffer what Serializer.releaseBuffer() returned */
  constructor(buffer) {
    if (!ArrayBuffer.isView(buffer))
      throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], buffer);
    this.buffer = buffer;
    this.#bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  // ---- Bytes

  #take(count) {
    if (!(count <= this.#bytes.length - this.#at)) throw invalid();
    const at = this.#at;
    this.#at += count;
    return at;
  }

  #byte() {
    return this.#bytes[this.#take(1)];
  }

  #varint() {
    let value = 0;
    let scale = 1;
    let byte;
    do {
      byte = this.#byte();
      if (scale <= Number.MAX_SAFE_INTEGER) value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  }

  /** @returns {boolean} true; throws if the version is not one that is read */
  readHeader() {
    if (this.#bytes[this.#at] !== tags.version || this.#at + 1 >= this.#bytes.length)
      throw unsupported();
    this.#at++;
    this.#version = this.#varint();
    if (this.#version < OLDEST || this.#version > VERSION) throw unsupported();
    return true;
  }

  getWireFormatVersion() {
    return this.#version;
  }

  readUint32() {
    return this.#varint() >>> 0;
  }

  /** @returns {[number, number]} the high and the low 32 bits */
  readUint64() {
    let value = 0n;
    let shift = 0n;
    let byte;
    do {
      byte = this.#byte();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte >= 0x80);
    return [Number((value >> 32n) & 0xffffffffn), Number(value & 0xffffffffn)];
  }

  readDouble() {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** Where the next length bytes are in buffer; skips them. */
  _readRawBytes(length) {
    if (!(length <= this.#bytes.length - this.#at)) throw new Error('ReadRawBytes() failed');
    return this.#take(length);
  }

  /** @returns {Buffer} the next length bytes, in the memory of the buffer that was given */
  readRawBytes(length) {
    const at = this._readRawBytes(length);
    return this.#bytes.subarray(at, at + length);
  }

  transferArrayBuffer(id, arrayBuffer) {
    this.#transferred.set(id, arrayBuffer);
  }

  // ---- Values

  readValue() {
    return this.#value();
  }

  #tag() {
    let tag;
    do {
      tag = this.#byte();
    } while (tag === tags.padding);
    return tag;
  }

  #peek() {
    while (this.#bytes[this.#at] === tags.padding) this.#at++;
    return this.#bytes[this.#at];
  }

  #value() {
    const tag = this.#tag();
    switch (tag) {
      case tags.undefined:
        return undefined;
      case tags.null:
        return null;
      case tags.true:
        return true;
      case tags.false:
        return false;
      case tags.int32: {
        const zigzag = this.#varint() >>> 0;
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case tags.uint32:
        return this.#varint();
      case tags.double:
        return this.readDouble();
      case tags.bigint:
        return this.#bigint();
      case tags.latin1:
      case tags.utf16:
      case tags.utf8:
        return this.#text(tag);
      case tags.reference:
        return this.#reference();
      default:
        return this.#object(tag);
    }
  }

  #reference() {
    const number = this.#varint();
    if (number >= this.#objects.length) throw invalid();
    return this.#afterBuffer(this.#objects[number]);
  }

  #bigint() {
    const bits = this.#varint();
    const size = Math.floor(bits / 2);
    const at = this.#take(size);
    if (size === 0) return 0n;
    const hex = Buffer.from(this.#bytes.subarray(at, at + size))
      .reverse()
      .toString('hex');
    return bits % 2 === 1 ? -BigInt(`0x${hex}`) : BigInt(`0x${hex}`);
  }

  #text(tag) {
    const encoding = { [tags.latin1]: 'latin1', [tags.utf16]: 'utf16le', [tags.utf8]: 'utf8' }[tag];
    if (encoding === undefined) throw invalid();
    const size = this.#varint();
    const at = this.#take(size);
    return this.#bytes.toString(encoding, at, at + size);
  }

  /** Gives value the next number, before what is in it gets one. */
  #number(value) {
    this.#objects.push(value);
    return value;
  }

  #object(tag) {
    switch (tag) {
      case tags.object:
        return this.#properties(this.#number({}), tags.endObject);
      case tags.dense:
        return this.#dense();
      case tags.sparse:
        return this.#sparse();
      case tags.date:
        return this.#number(new Date(this.readDouble()));
      case tags.trueObject:
        return this.#number(Object(true));
      case tags.falseObject:
        return this.#number(Object(false));
      case tags.numberObject:
        return this.#number(Object(this.readDouble()));
      case tags.bigintObject:
        return this.#number(Object(this.#bigint()));
      case tags.stringObject:
        return this.#number(Object(this.#text(this.#tag())));
      case tags.regExp:
        return this.#regExp();
      case tags.map:
        return this.#map();
      case tags.set:
        return this.#set();
      case tags.error:
        return this.#error();
      case tags.host:
        return this.#host();
      default:
        return this.#buffer(tag);
    }
  }

  #host() {
    if (typeof this._readHostObject !== 'function')
      throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_readHostObject()');
    const number = this.#objects.push(undefined) - 1;
    const value = this._readHostObject();
    this.#objects[number] = value;
    return value;
  }

  #properties(object, end) {
    let count = 0;
    while (this.#peek() !== end) {
      const key = this.#value();
      if (typeof key !== 'string' && typeof key !== 'number') throw invalid();
      define(object, key, this.#value());
      count++;
    }
    this.#byte();
    if (this.#varint() !== count) throw invalid();
    return object;
  }

  #dense() {
    const length = this.#varint();
    if (length > this.#bytes.length - this.#at) throw invalid();
    // It grows with what comes: arrays within one another could each claim all that is left.
    const array = this.#number([]);
    for (let i = 0; i < length; i++) {
      if (this.#peek() === tags.hole) this.#byte();
      else define(array, i, this.#value());
    }
    array.length = length;
    this.#properties(array, tags.endDense);
    if (this.#varint() !== length) throw invalid();
    return array;
  }

  #sparse() {
    const length = this.#varint();
    if (length > 0xffffffff) throw invalid();
    const array = this.#number([]);
    array.length = length;
    this.#properties(array, tags.endSparse);
    if (this.#varint() !== length) throw invalid();
    return array;
  }

  #regExp() {
    const source = this.#text(this.#tag());
    const bits = this.#varint();
    let flags = '';
    for (const [flag, bit] of Object.entries(regExpFlags)) if (bits & bit) flags += flag;
    return this.#number(new RegExp(source, flags));
  }

  #list(end) {
    const values = [];
    while (this.#peek() !== end) values.push(this.#value());
    this.#byte();
    if (this.#varint() !== values.length) throw invalid();
    return values;
  }

  #map() {
    const map = this.#number(new Map());
    const values = this.#list(tags.endMap);
    if (values.length % 2 !== 0) throw invalid();
    for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1]);
    return map;
  }

  #set() {
    const set = this.#number(new Set());
    for (const value of this.#list(tags.endSet)) set.add(value);
    return set;
  }

  #error() {
    const number = this.#objects.push(undefined) - 1;
    let tag = this.#byte();
    const Class = classOfError.get(tag) ?? Error;
    if (Class !== Error) tag = this.#byte();
    const error = new Class();
    this.#objects[number] = error;
    const set = (name, value) =>
      Object.defineProperty(error, name, { value, writable: true, configurable: true });
    delete error.stack;
    for (; tag !== errorTags.end; tag = this.#byte()) {
      if (tag === errorTags.message) set('message', this.#text(this.#tag()));
      else if (tag === errorTags.stack) set('stack', this.#text(this.#tag()));
      else if (tag === errorTags.cause) set('cause', this.#value());
      else throw invalid();
    }
    return error;
  }

  // ---- Memory

  #buffer(tag) {
    if (tag === tags.shared) {
      if (typeof this._getSharedArrayBufferFromId !== 'function') throw invalid();
      return this.#afterBuffer(this.#number(this._getSharedArrayBufferFromId(this.#varint())));
    }
    if (tag === tags.transferred) {
      const buffer = this.#transferred.get(this.#varint());
      if (buffer === undefined) throw invalid();
      return this.#afterBuffer(this.#number(buffer));
    }
    if (tag !== tags.buffer && tag !== tags.resizableBuffer) throw invalid();
    const size = this.#varint();
    const most = tag === tags.resizableBuffer ? this.#varint() : size;
    const at = this.#take(size);
    if (size > most) throw invalid();
    const buffer = new ArrayBuffer(size, most === size ? undefined : { maxByteLength: most });
    new Uint8Array(buffer).set(this.#bytes.subarray(at, at + size));
    return this.#afterBuffer(this.#number(buffer));
  }

  // A buffer that a view follows stands for the view.
  #afterBuffer(value) {
    if (!isAnyArrayBuffer(value) || this.#peek() !== tags.view) return value;
    this.#byte();
    const name = classOfView.get(this.#byte());
    const offset = this.#varint();
    const size = this.#varint();
    if (this.#version >= 14) this.#varint();
    const Class = globalThis[name];
    if (Class === undefined || offset + size > value.byteLength) throw invalid();
    const unit = Class.BYTES_PER_ELEMENT ?? 1;
    if (offset % unit !== 0 || size % unit !== 0) throw invalid();
    return this.#number(new Class(value, offset, size / unit));
  }
}

module.exports = { Deserializer };
