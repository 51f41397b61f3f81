'use strict';
// v8.Serializer: from values to V8's format. docs: https://nodejs.org/api/v8.html
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const types = require('util/types');
const { VERSION, tags, viewTags, errorTags, regExpFlags } = require('internal/util/wire');

const FIRST_SIZE = 256;
const INT32_BITS = 32;

function isInt32(number) {
  return (number | 0) === number && !Object.is(number, -0);
}

const isIndex = (key) => String(key >>> 0) === key && key >>> 0 !== 0xffffffff;

class Serializer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #length = 0;
  #seen = new Map(); // object → its number
  #transferred = new Map(); // ArrayBuffer → its number
  #viewsAsHosts = false;

  // ---- Bytes

  #room(count) {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  #byte(value) {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  #varint(value) {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#byte(rest);
  }

  #raw(bytes) {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes the mark of the format and its version. */
  writeHeader() {
    this.#byte(tags.version);
    this.#byte(VERSION);
  }

  writeUint32(value) {
    this.#varint(Number(value) >>> 0);
  }

  /** Writes high · 2³² + low. */
  writeUint64(high, low) {
    let rest = (BigInt(Number(high) >>> 0) << BigInt(INT32_BITS)) | BigInt(Number(low) >>> 0);
    while (rest >= 0x80n) {
      this.#byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#byte(Number(rest));
  }

  writeDouble(value) {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(Number(value), this.#length);
  }

  /** @param {Buffer|TypedArray|DataView} source */
  writeRawBytes(source) {
    if (!ArrayBuffer.isView(source))
      throw new codes.ERR_INVALID_ARG_TYPE(
        'source',
        ['ArrayBuffer', 'TypedArray', 'DataView'],
        source,
      );
    this.#raw(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
  }

  /** @returns {Buffer} what was written; the serializer must not be used any more */
  releaseBuffer() {
    const written = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return written;
  }

  /** Has arrayBuffer written as a number: its contents go another way. */
  transferArrayBuffer(id, arrayBuffer) {
    this.#transferred.set(arrayBuffer, id);
  }

  _setTreatArrayBufferViewsAsHostObjects(flag) {
    this.#viewsAsHosts = Boolean(flag);
  }

  // ---- What subclasses replace

  /** What is thrown of a value that has no written form. */
  _getDataCloneError(message) {
    return new Error(message);
  }

  // ---- Values

  /** @returns {boolean} true; throws what _getDataCloneError() returned if value has no written form */
  writeValue(value) {
    this.#value(value);
    return true;
  }

  #value(value) {
    switch (typeof value) {
      case 'undefined':
        return this.#byte(tags.undefined);
      case 'boolean':
        return this.#byte(value ? tags.true : tags.false);
      case 'number':
        return this.#number(value);
      case 'bigint':
        this.#byte(tags.bigint);
        return this.#bigint(value);
      case 'string':
        return this.#string(value);
      case 'object':
        return value === null ? this.#byte(tags.null) : this.#object(value);
      default:
        return this.#refuse(value);
    }
  }

  #refuse(value) {
    const text =
      typeof value === 'object' ? `#<${value.constructor?.name ?? 'Object'}>` : String(value);
    throw this._getDataCloneError(`${text} could not be cloned.`);
  }

  #number(value) {
    if (isInt32(value)) {
      this.#byte(tags.int32);
      this.#varint(((value << 1) ^ (value >> 31)) >>> 0);
    } else {
      this.#byte(tags.double);
      this.writeDouble(value);
    }
  }

  #bigint(value) {
    const negative = value < 0n;
    let digits = (negative ? -value : value).toString(16);
    // Whole digits of 64 bits, the least significant first.
    digits = digits.padStart(Math.ceil(digits.length / 16) * 16, '0');
    const bytes = value === 0n ? Buffer.alloc(0) : Buffer.from(digits, 'hex').reverse();
    this.#varint(bytes.length * 2 + (negative ? 1 : 0));
    this.#raw(bytes);
  }

  #string(value) {
    if (!/[^\0-\xff]/.test(value)) {
      this.#byte(tags.latin1);
      this.#varint(value.length);
      this.#raw(Buffer.from(value, 'latin1'));
      return;
    }
    const size = value.length * 2;
    let lengthSize = 1;
    for (let rest = size; rest >= 0x80; rest = Math.floor(rest / 0x80)) lengthSize++;
    if ((this.#length + 1 + lengthSize) % 2 !== 0) this.#byte(tags.padding);
    this.#byte(tags.utf16);
    this.#varint(size);
    this.#raw(Buffer.from(value, 'utf16le'));
  }

  #object(value) {
    const known = this.#seen.get(value);
    if (known !== undefined) {
      this.#byte(tags.reference);
      this.#varint(known);
      return;
    }
    if (ArrayBuffer.isView(value) && !this.#viewsAsHosts) this.#withBuffer(value);
    else {
      this.#seen.set(value, this.#seen.size);
      this.#special(value);
    }
  }

  // A view follows its buffer, which has a number of its own.
  #withBuffer(view) {
    this.#object(view.buffer);
    this.#seen.set(view, this.#seen.size);
    this.#byte(tags.view);
    this.#byte(viewTags[view[Symbol.toStringTag] ?? 'DataView']);
    this.#varint(view.byteOffset);
    this.#varint(view.byteLength);
    this.#varint(0);
  }

  #special(value) {
    if (Array.isArray(value)) return this.#array(value);
    if (ArrayBuffer.isView(value)) return this.#host(value);
    if (types.isArrayBuffer(value)) return this.#buffer(value);
    if (types.isSharedArrayBuffer(value)) return this.#shared(value);
    if (types.isDate(value)) return this.#tagged(tags.date, value.getTime());
    if (types.isBoxedPrimitive(value)) return this.#boxed(value);
    if (types.isRegExp(value)) return this.#regExp(value);
    if (types.isMap(value)) return this.#map(value);
    if (types.isSet(value)) return this.#set(value);
    if (types.isNativeError(value)) return this.#error(value);
    if (this._isHostObject?.(value)) return this.#host(value);
    if (isUncloneable(value)) return this.#refuse(value);
    return this.#plain(value);
  }

  #host(value) {
    if (typeof this._writeHostObject !== 'function')
      throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_writeHostObject()');
    this.#byte(tags.host);
    this._writeHostObject(value);
  }

  #tagged(first, double) {
    this.#byte(first);
    this.writeDouble(double);
  }

  #shared(value) {
    if (typeof this._getSharedArrayBufferId !== 'function') this.#refuse(value);
    this.#byte(tags.shared);
    this.#varint(this._getSharedArrayBufferId(value) >>> 0);
  }

  #properties(value, keys) {
    let count = 0;
    for (const key of keys) {
      // A getter of an earlier property may have removed this one.
      if (!Object.hasOwn(value, key)) continue;
      if (isIndex(key)) this.#number(Number(key));
      else this.#string(key);
      this.#value(value[key]);
      count++;
    }
    return count;
  }

  #plain(value) {
    this.#byte(tags.object);
    const count = this.#properties(value, Object.keys(value));
    this.#byte(tags.endObject);
    this.#varint(count);
  }

  #array(value) {
    const { length } = value;
    const keys = Object.keys(value);
    // Indices stand first: without holes the last of them has this place.
    const dense = length === 0 || keys[length - 1] === String(length - 1);
    this.#byte(dense ? tags.dense : tags.sparse);
    this.#varint(length);
    if (dense) {
      for (let i = 0; i < length; i++) {
        // A getter of an element before may have removed this one.
        if (i in value) this.#value(value[i]);
        else this.#byte(tags.hole);
      }
    }
    const count = this.#properties(value, dense ? keys.slice(length) : keys);
    this.#byte(dense ? tags.endDense : tags.endSparse);
    this.#varint(count);
    this.#varint(length);
  }

  #buffer(value) {
    const id = this.#transferred.get(value);
    if (id !== undefined) {
      this.#byte(tags.transferred);
      this.#varint(id);
      return;
    }
    if (value.detached)
      throw this._getDataCloneError('An ArrayBuffer is detached and could not be cloned.');
    this.#byte(value.resizable ? tags.resizableBuffer : tags.buffer);
    this.#varint(value.byteLength);
    if (value.resizable) this.#varint(value.maxByteLength);
    this.#raw(new Uint8Array(value));
  }

  #boxed(value) {
    const primitive = value.valueOf();
    switch (typeof primitive) {
      case 'boolean':
        return this.#byte(primitive ? tags.trueObject : tags.falseObject);
      case 'number':
        return this.#tagged(tags.numberObject, primitive);
      case 'bigint':
        this.#byte(tags.bigintObject);
        return this.#bigint(primitive);
      case 'string':
        this.#byte(tags.stringObject);
        return this.#string(primitive);
      default:
        return this.#refuse(primitive);
    }
  }

  #regExp(value) {
    this.#byte(tags.regExp);
    this.#string(value.source);
    let bits = 0;
    for (const flag of value.flags) bits |= regExpFlags[flag];
    this.#varint(bits);
  }

  #map(value) {
    this.#byte(tags.map);
    const entries = [...Map.prototype.entries.call(value)].flat();
    for (const one of entries) this.#value(one);
    this.#byte(tags.endMap);
    this.#varint(entries.length);
  }

  #set(value) {
    this.#byte(tags.set);
    const values = [...Set.prototype.values.call(value)];
    for (const one of values) this.#value(one);
    this.#byte(tags.endSet);
    this.#varint(values.length);
  }

  #error(value) {
    require('internal/errors/stack').fixStack(value);
    this.#byte(tags.error);
    if (errorTags[value.name] !== undefined && /Error$/.test(value.name))
      this.#byte(errorTags[value.name]);
    const message = Object.getOwnPropertyDescriptor(value, 'message');
    if (message !== undefined && 'value' in message) {
      this.#byte(errorTags.message);
      this.#string(String(message.value));
    }
    if (Object.hasOwn(value, 'cause')) {
      this.#byte(errorTags.cause);
      this.#value(value.cause);
    }
    if (typeof value.stack === 'string') {
      this.#byte(errorTags.stack);
      this.#string(value.stack);
    }
    this.#byte(errorTags.end);
  }
}

// Objects whose state has no written form.
function isUncloneable(value) {
  return (
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isProxy(value) ||
    value instanceof WeakRef ||
    value instanceof require('internal/errors/domexception').DOMException
  );
}

module.exports = { Serializer };
