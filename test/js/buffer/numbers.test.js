'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

const fixed = {
  Int8: [1, 'getInt8'],
  UInt8: [1, 'getUint8'],
  Int16: [2, 'getInt16'],
  UInt16: [2, 'getUint16'],
  Int32: [4, 'getInt32'],
  UInt32: [4, 'getUint32'],
  Float: [4, 'getFloat32'],
  Double: [8, 'getFloat64'],
  BigInt64: [8, 'getBigInt64'],
  BigUInt64: [8, 'getBigUint64'],
};

function* orders(size) {
  if (size === 1) yield ['', true];
  else
    yield* [
      ['LE', true],
      ['BE', false],
    ];
}

test('numbers are read as a DataView reads them, and written back the same', () => {
  for (const [name, [size, get]] of Object.entries(fixed)) {
    for (const [suffix, littleEnd] of orders(size)) {
      for (let round = 0; round < 200; round++) {
        const buffer = Buffer.alloc(size + 3);
        for (let i = 0; i < buffer.length; i++) buffer[i] = Math.random() * 256;
        const offset = round % 4;
        const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
        const value = view[get](offset, littleEnd);
        assert.ok(Object.is(buffer[`read${name}${suffix}`](offset), value), `${name}${suffix}`);
        if (Number.isNaN(value)) continue;
        const copy = Buffer.from(buffer).fill(0, offset, offset + size);
        assert.strictEqual(copy[`write${name}${suffix}`](value, offset), offset + size);
        assert.deepStrictEqual([...copy], [...buffer]);
      }
    }
  }
});

test('numbers of one to six bytes are read and written in both byte orders', () => {
  for (let size = 1; size <= 6; size++) {
    for (let round = 0; round < 100; round++) {
      const digits = Array.from({ length: size }, () => Math.floor(Math.random() * 256));
      const big = digits.reduce((sum, digit) => sum * 256n + BigInt(digit), 0n);
      const [unsigned, signed] = [Number(big), Number(BigInt.asIntN(size * 8, big))];
      const buffer = Buffer.from([7, ...digits, 7]);
      assert.strictEqual(buffer.readUIntBE(1, size), unsigned);
      assert.strictEqual(buffer.readIntBE(1, size), signed);
      const reversed = Buffer.from([7, ...digits.toReversed(), 7]);
      assert.strictEqual(reversed.readUIntLE(1, size), unsigned);
      assert.strictEqual(reversed.readIntLE(1, size), signed);
      for (const [method, value, expected] of [
        ['writeUIntBE', unsigned, buffer],
        ['writeIntBE', signed, buffer],
        ['writeUIntLE', unsigned, reversed],
        ['writeIntLE', signed, reversed],
      ]) {
        const written = Buffer.alloc(size + 2, 7);
        assert.strictEqual(written[method](value, 1, size), size + 1);
        assert.deepStrictEqual([...written], [...expected]);
      }
    }
  }
});

test('the spelling Uint names the same methods', () => {
  for (const name of [
    'readUInt8',
    'writeUInt32LE',
    'readUIntBE',
    'readBigUInt64LE',
    'writeBigUInt64BE',
  ])
    assert.strictEqual(Buffer.prototype[name], Buffer.prototype[name.replace('UInt', 'Uint')]);
});

test('an offset or value out of range is named in the error', () => {
  const buffer = Buffer.alloc(4);
  const rejects = (call, code, message) => assert.throws(call, { code, message });
  const at = 'The value of "offset" is out of range. It must be';
  rejects(() => buffer.readUInt16LE(3), 'ERR_OUT_OF_RANGE', `${at} >= 0 and <= 2. Received 3`);
  rejects(() => buffer.readInt8(-1), 'ERR_OUT_OF_RANGE', `${at} >= 0 and <= 3. Received -1`);
  rejects(() => buffer.readInt8(1.5), 'ERR_OUT_OF_RANGE', `${at} an integer. Received 1.5`);
  rejects(
    () => buffer.readInt8(2 ** 32),
    'ERR_OUT_OF_RANGE',
    `${at} >= 0 and <= 3. Received 4294967296`,
  );
  rejects(
    () => buffer.readInt8('0'),
    'ERR_INVALID_ARG_TYPE',
    'The "offset" argument must be of type number. Received type string (\'0\')',
  );
  rejects(
    () => buffer.readDoubleBE(0),
    'ERR_BUFFER_OUT_OF_BOUNDS',
    'Attempt to access memory outside buffer bounds',
  );
  const value = 'The value of "value" is out of range. It must be';
  rejects(
    () => buffer.writeUInt8(256),
    'ERR_OUT_OF_RANGE',
    `${value} >= 0 and <= 255. Received 256`,
  );
  rejects(
    () => Buffer.alloc(8).writeIntLE(2 ** 47, 0, 6),
    'ERR_OUT_OF_RANGE',
    `${value} >= -(2 ** 47) and < 2 ** 47. Received 140_737_488_355_328`,
  );
  rejects(
    () => Buffer.alloc(8).writeBigUInt64LE(-1n),
    'ERR_OUT_OF_RANGE',
    `${value} >= 0n and < 2n ** 64n. Received -1n`,
  );
  rejects(
    () => buffer.readUIntLE(0, 7),
    'ERR_OUT_OF_RANGE',
    'The value of "byteLength" is out of range. It must be >= 1 and <= 6. Received 7',
  );
});
