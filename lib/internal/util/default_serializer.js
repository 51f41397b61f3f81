'use strict';
// v8.DefaultSerializer and v8.DefaultDeserializer: buffers and typed arrays are written as no more
// than their own bytes, and stay what they are: a Buffer is a Buffer again.
const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/view');
const { Serializer } = require('internal/util/serializer');
const { Deserializer } = require('internal/util/deserializer');

/** Classes of views; the index of each is how it is written. */
const views = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  DataView,
  FastBuffer,
  BigInt64Array,
  BigUint64Array,
];
const BUFFER = views.indexOf(FastBuffer);
const FLOAT16 = views.length;
if (typeof Float16Array === 'function') views.push(Float16Array);

function indexOf(view) {
  if (Buffer.isBuffer(view)) return BUFFER;
  const name = view[Symbol.toStringTag];
  if (name === 'Float16Array') return FLOAT16;
  return views.findIndex((Class) => Class !== FastBuffer && Class.name === (name ?? 'DataView'));
}

class DefaultSerializer extends Serializer {
  constructor() {
    super();
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view) {
    this.writeUint32(indexOf(view));
    this.writeUint32(view.byteLength);
    this.writeRawBytes(view);
  }
}

class DefaultDeserializer extends Deserializer {
  _readHostObject() {
    const Class = views[this.readUint32()];
    const bytes = this.readRawBytes(this.readUint32());
    if (Class === undefined) throw new Error('Unable to deserialize cloned data.');
    const unit = Class.BYTES_PER_ELEMENT ?? 1;
    if (Class === FastBuffer) return new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.length);
    // Elements of several bytes are not always where such elements may be.
    const aligned = bytes.byteOffset % unit === 0 ? bytes : new Uint8Array(bytes);
    return new Class(aligned.buffer, aligned.byteOffset, aligned.length / unit);
  }
}

/** @returns {Buffer} value in a form that deserialize() reads, in this process or another */
function serialize(value) {
  const serializer = new DefaultSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** @param {Buffer|TypedArray|DataView} buffer of serialize() */
function deserialize(buffer) {
  const deserializer = new DefaultDeserializer(buffer);
  deserializer.readHeader();
  return deserializer.readValue();
}

module.exports = { DefaultSerializer, DefaultDeserializer, serialize, deserialize };
