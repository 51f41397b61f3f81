'use strict';
// v8.serialize() and deserialize(): the structured clone of a value as bytes, in V8's format of
// version 15 (v8/src/objects/value-serializer.cc), so that Node reads what sluice wrote.
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');

const VERSION = 15;
const tag = (character) => character.charCodeAt(0);

// Kinds of views: V8's are in 'V' records; Node writes a host object with a number of its own.
const VIEWS = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, DataView, Buffer, BigInt64Array, BigUint64Array],
];
const ERRORS = {
  EvalError: 'E',
  RangeError: 'R',
  ReferenceError: 'F',
  SyntaxError: 'S',
  TypeError: 'T',
  URIError: 'U',
};
const FLAGS = ['g', 'i', 'm', 'y', 'u', 's', 'd', 'v'];

function refuse(value) {
  const { DOMException } = require('internal/errors/domexception');
  throw new DOMException(
    `${typeof value === 'function' ? value : '#<Object>'} could not be cloned.`,
    'DataCloneError',
  );
}

class Writer {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;
  #seen = new Map();

  result() {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #room(count) {
    if (this.#length + count > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    const at = this.#length;
    this.#length += count;
    return at;
  }
  byte(value) {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }
  tag(character) {
    this.byte(tag(character));
  }
  varint(value) {
    while (value >= 0x80) {
      this.byte((value % 128) | 0x80);
      value = Math.floor(value / 128);
    }
    this.byte(value);
  }
  double(value) {
    const at = this.#room(8);
    this.#bytes.writeDoubleLE(value, at);
  }
  raw(bytes) {
    this.#bytes.set(bytes, this.#room(bytes.length));
  }

  string(text) {
    if (/^[\0-\xff]*$/.test(text)) {
      this.tag('"');
      this.varint(text.length);
      this.raw(Buffer.from(text, 'latin1'));
      return;
    }
    const bytes = Buffer.from(text, 'utf16le');
    const head = 1 + Math.max(1, Math.ceil(Math.log2(bytes.length + 1) / 7));
    if ((this.#length + head) % 2 !== 0) this.byte(0); // characters lie at even places
    this.tag('c');
    this.varint(bytes.length);
    this.raw(bytes);
  }

  bigint(value) {
    const negative = value < 0n;
    let rest = negative ? -value : value;
    const bytes = [];
    for (; rest > 0n; rest >>= 64n)
      for (let i = 0n; i < 64n; i += 8n) bytes.push(Number((rest >> i) & 255n));
    this.varint((bytes.length << 1) | (negative ? 1 : 0));
    this.raw(bytes);
  }

  value(value) {
    switch (typeof value) {
      case 'undefined':
        return this.tag('_');
      case 'boolean':
        return this.tag(value ? 'T' : 'F');
      case 'string':
        return this.string(value);
      case 'bigint':
        this.tag('Z');
        return this.bigint(value);
      case 'number':
        if (Number.isInteger(value) && Math.abs(value) < 2 ** 30 && !Object.is(value, -0)) {
          this.tag('I');
          return this.varint(value < 0 ? -2 * value - 1 : 2 * value);
        }
        this.tag('N');
        return this.double(value);
      case 'object':
        return value === null ? this.tag('0') : this.object(value);
      default:
        return refuse(value);
    }
  }

  object(value) {
    const known = this.#seen.get(value);
    if (known !== undefined) {
      this.tag('^');
      this.varint(known);
      return;
    }
    this.#seen.set(value, this.#seen.size);
    if (Array.isArray(value)) this.array(value);
    else if (ArrayBuffer.isView(value)) this.view(value);
    else if (value instanceof ArrayBuffer) {
      this.tag('B');
      this.varint(value.byteLength);
      this.raw(new Uint8Array(value));
    } else if (value instanceof Date) {
      this.tag('D');
      this.double(value.getTime());
    } else if (value instanceof RegExp) {
      this.tag('R');
      this.string(value.source);
      this.varint(
        FLAGS.reduce((bits, flag, i) => bits | (value.flags.includes(flag) ? 1 << i : 0), 0),
      );
    } else if (value instanceof Map) this.list(';', ':', [...value].flat(1), value.size * 2);
    else if (value instanceof Set) this.list("'", ',', [...value], value.size);
    else if (value instanceof Error) this.error(value);
    else this.plain(value);
  }

  list(open, close, values, count) {
    this.tag(open);
    for (const one of values) this.value(one);
    this.tag(close);
    this.varint(count);
  }

  properties(value, keys) {
    for (const key of keys) {
      this.value(/^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : key);
      this.value(value[key]);
    }
  }

  array(value) {
    const keys = Object.keys(value);
    const dense = keys.length >= value.length && value.every((_, i) => keys[i] === `${i}`);
    this.tag(dense ? 'A' : 'a');
    this.varint(value.length);
    if (dense) for (const one of value) this.value(one);
    const rest = dense ? keys.slice(value.length) : keys;
    this.properties(value, rest);
    this.tag(dense ? '$' : '@');
    this.varint(rest.length);
    this.varint(value.length);
  }

  // As Node's DefaultSerializer: a host object with the kind, the length and the bytes.
  view(value) {
    this.tag('\\');
    this.varint(VIEWS.findLastIndex((Class) => value instanceof Class));
    this.varint(value.byteLength);
    this.raw(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }

  error(value) {
    this.tag('r');
    if (Object.hasOwn(ERRORS, value.name)) this.tag(ERRORS[value.name]);
    this.tag('m');
    this.string(`${value.message}`);
    if (Object.hasOwn(value, 'cause')) {
      this.tag('c');
      this.value(value.cause);
    }
    if (typeof value.stack === 'string') {
      this.tag('s');
      this.string(value.stack);
    }
    this.tag('.');
  }

  plain(value) {
    if (value instanceof Number) {
      this.tag('n');
      this.double(Number(value));
    } else if (value instanceof Boolean) this.tag(value.valueOf() ? 'y' : 'x');
    else if (value instanceof String) {
      this.tag('s');
      this.string(`${value}`);
    } else if ([Promise, WeakMap, WeakSet, WeakRef].some((Class) => value instanceof Class))
      refuse(value);
    else {
      this.tag('o');
      const keys = Object.keys(value);
      this.properties(value, keys);
      this.tag('{');
      this.varint(keys.length);
    }
  }
}

/** What reads each tag's value. */
let READERS;

class Reader {
  #bytes;
  #at = 0;
  #seen = [];

  constructor(bytes) {
    this.#bytes = bytes;
  }

  #fail() {
    throw new Error('Unable to deserialize cloned data.');
  }
  #take(count) {
    if (!(count >= 0) || this.#at + count > this.#bytes.length) this.#fail();
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return part;
  }
  #byte() {
    return this.#take(1)[0];
  }
  #varint() {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      if (unit > 2 ** 49) this.#fail();
    }
  }
  #double() {
    return this.#take(8).readDoubleLE(0);
  }
  // The next tag; zeros only fill.
  #tag() {
    let byte;
    do byte = this.#byte();
    while (byte === 0);
    return String.fromCharCode(byte);
  }
  #keep(value) {
    this.#seen.push(value);
    return value;
  }
  #string() {
    const text = this.value();
    return typeof text === 'string' ? text : this.#fail();
  }

  header() {
    if (this.#byte() !== 0xff) this.#fail();
    const version = this.#varint();
    if (version < 13 || version > VERSION) this.#fail();
  }

  value() {
    const kind = this.#tag();
    const read = READERS[kind];
    return read === undefined ? this.#fail() : read.call(this);
  }

  static {
    READERS = {
      __proto__: null,
      _: () => undefined,
      0: () => null,
      T: () => true,
      F: () => false,
      I() {
        const value = this.#varint();
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      },
      U() {
        return this.#varint();
      },
      N() {
        return this.#double();
      },
      Z() {
        return this.#bigint();
      },
      '"'() {
        return this.#take(this.#varint()).toString('latin1');
      },
      c() {
        return this.#take(this.#varint()).toString('utf16le');
      },
      S() {
        return this.#take(this.#varint()).toString('utf8');
      },
      '^'() {
        const index = this.#varint();
        return index < this.#seen.length ? this.#seen[index] : this.#fail();
      },
      D() {
        return this.#keep(new Date(this.#double()));
      },
      n() {
        return this.#keep(Object(this.#double()));
      },
      y() {
        return this.#keep(Object(true));
      },
      x() {
        return this.#keep(Object(false));
      },
      s() {
        return this.#keep(Object(this.#string()));
      },
      R() {
        const index = this.#seen.push(undefined) - 1;
        const source = this.#string();
        const bits = this.#varint();
        const flags = FLAGS.filter((_, i) => bits & (1 << i)).join('');
        return (this.#seen[index] = new RegExp(source, flags));
      },
      B() {
        return this.#keep(Uint8Array.from(this.#take(this.#varint())).buffer);
      },
      o() {
        return this.#properties(this.#keep({}), '{');
      },
      A() {
        const length = this.#varint();
        if (length > this.#bytes.length) this.#fail();
        const array = this.#keep(new Array(length));
        for (let i = 0; i < length; i++) array[i] = this.value();
        this.#properties(array, '$');
        this.#varint();
        return array;
      },
      a() {
        const array = this.#keep(new Array(this.#varint()));
        this.#properties(array, '@');
        this.#varint();
        return array;
      },
      ';'() {
        const map = this.#keep(new Map());
        while (!this.#ends(':')) map.set(this.value(), this.value());
        return map;
      },
      "'"() {
        const set = this.#keep(new Set());
        while (!this.#ends(',')) set.add(this.value());
        return set;
      },
      r() {
        return this.#error();
      },
      '\\'() {
        const Class = VIEWS[this.#varint()] ?? this.#fail();
        const { buffer } = Uint8Array.from(this.#take(this.#varint()));
        return this.#keep(Class === Buffer ? Buffer.from(buffer) : new Class(buffer));
      },
    };
  }

  // Whether a tag comes that ends a list, followed by a count; it is taken then.
  #ends(end) {
    const before = this.#at;
    if (this.#tag() === end) {
      this.#varint();
      return true;
    }
    this.#at = before;
    return false;
  }

  #properties(target, end) {
    while (!this.#ends(end))
      Object.defineProperty(target, this.value(), {
        value: this.value(),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    return target;
  }

  #bigint() {
    const bits = this.#varint();
    let value = 0n;
    for (const byte of this.#take(bits >> 1).toReversed()) value = (value << 8n) | BigInt(byte);
    return bits & 1 ? -value : value;
  }

  #error() {
    const index = this.#seen.push(undefined) - 1;
    let Class = Error;
    const given = {};
    for (;;) {
      const kind = this.#tag();
      if (kind === '.') break;
      const name = Object.keys(ERRORS).find((one) => ERRORS[one] === kind);
      if (name !== undefined) Class = globalThis[name];
      else if (kind === 'm') given.message = this.#string();
      else if (kind === 's') given.stack = this.#string();
      else if (kind === 'c') given.cause = this.value();
      else this.#fail();
    }
    const error = (this.#seen[index] = new Class(given.message));
    for (const name of ['stack', 'cause'])
      if (name in given)
        Object.defineProperty(error, name, {
          value: given[name],
          writable: true,
          configurable: true,
        });
    return error;
  }
}

/** A value as bytes. @throws DOMException `DataCloneError` for what cannot be cloned */
function serialize(value) {
  const writer = new Writer();
  writer.byte(0xff);
  writer.byte(VERSION);
  writer.value(value);
  return writer.result();
}

/** The value of bytes that serialize() made, also Node's. */
function deserialize(bytes) {
  if (!ArrayBuffer.isView(bytes))
    throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], bytes);
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  reader.header();
  return reader.value();
}

module.exports = { deserialize, serialize };
