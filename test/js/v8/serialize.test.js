'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const v8 = require('v8');

const written = {
  ff0f5f: undefined,
  ff0f4902: 1,
  ff0f4901: -1,
  ff0f4e0000000000000080: -0,
  ff0f5a2100000000000000004000000000000000: -(2n ** 70n),
  ff0f2201e9: 'é',
  ff0f6304e5652c67: '日本',
  ff0f5222016113: /a/giu,
  ff0f4102490249042201784902240102: Object.assign([1, 2], { x: 1 }),
  ff0f3b49026f7b003a02: new Map([[1, {}]]),
  ff0f5c0a026869: Buffer.from('hi'),
  ff0f5c0810000000000000f03f0000000000000040: new Float64Array([1, 2]),
};

test('values are written as V8 writes them, and read again', () => {
  for (const [hex, value] of Object.entries(written)) {
    assert.strictEqual(v8.serialize(value).toString('hex'), hex);
    assert.deepStrictEqual(v8.deserialize(Buffer.from(hex, 'hex')), value);
  }
});

test('holes, cycles and equal objects are kept', () => {
  const shared = { a: 1 };
  const value = { list: [1, , shared], again: shared };
  value.self = value;
  const copy = v8.deserialize(v8.serialize(value));
  assert.strictEqual(copy.self, copy);
  assert.strictEqual(copy.list[2], copy.again);
  assert.strictEqual(1 in copy.list, false);
});

test('values that have no written form are refused', () => {
  for (const value of [() => {}, Symbol('x'), Promise.resolve(), new WeakMap()])
    assert.throws(() => v8.serialize(value), /could not be cloned/);
});

test('bytes that are no value are refused', () => {
  for (const hex of [
    '',
    'ff',
    'ff0f',
    '0001',
    'ff0f6f',
    'ff0f41ff',
    'ff0f22ff',
    'ff0f5e05',
    'ff0f5c0105',
  ])
    assert.throws(() => v8.deserialize(Buffer.from(hex, 'hex')), Error);
});

test('arrays within one another that all claim what is left take no more than comes', () => {
  const length = Buffer.from([0xff, 0xff, 0x01]); // 32,767
  const nested = Buffer.concat(Array(2000).fill(Buffer.concat([Buffer.from('A'), length])));
  const bytes = Buffer.concat([Buffer.from([0xff, 0x0f]), nested, Buffer.alloc(40000, '_')]);
  const before = process.memoryUsage().rss;
  assert.throws(() => v8.deserialize(bytes), Error);
  const taken = process.memoryUsage().rss - before;
  assert.ok(taken < 100e6, `${taken} bytes`);
});
