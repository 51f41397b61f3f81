'use strict';
const assert = require('assert');
const v8 = require('v8');
const { test } = require('../../helpers/test');

const cyclic = { name: 'loop' };
cyclic.self = cyclic;
const shared = {};
const values = {
  primitives: [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    -1,
    2 ** 31,
    1.5,
    NaN,
    'a',
    '\xe9',
    '\u20ac',
  ],
  bigints: [0n, 1n, -1n, 2n ** 64n, -(2n ** 70n)],
  collections: new Map([
    [1, new Set(['a', { b: [1] }])],
    [['key'], 2],
  ]),
  sparse: [1, , 3],
  dates: [new Date(5), /a+/gi],
  boxed: [Object(1), Object('s'), Object(true)],
  bytes: [Uint8Array.of(1, 2), Buffer.from('b'), new Float64Array([1.5]), new ArrayBuffer(3)],
  twice: [shared, shared],
  cyclic,
  keys: { 5: 'number', five: 'name' },
};

for (const [name, value] of Object.entries(values))
  test(`what serialize() made of ${name} is read back as it was`, () => {
    assert.deepStrictEqual(v8.deserialize(v8.serialize(value)), value);
  });

test('errors keep class, message, stack and cause', () => {
  const error = new RangeError('far', { cause: 'c' });
  const copy = v8.deserialize(v8.serialize(error));
  assert.strictEqual(copy instanceof RangeError, true);
  assert.deepStrictEqual([copy.message, copy.stack, copy.cause], [error.message, error.stack, 'c']);
});

test('the bytes are those of Node', () => {
  // Of Node's v8.serialize().
  assert.strictEqual(
    v8.serialize({ a: [1, 'b'], c: new Date(0) }).toString('hex'),
    'ff0f6f220161410249022201622400022201634400000000000000007b02',
  );
});

test('functions and promises are refused', () => {
  for (const value of [() => {}, Promise.resolve(), { deep: Symbol('s') }])
    assert.throws(() => v8.serialize(value), /could not be cloned/);
});

test('bytes that are cut or wrong are an error', () => {
  const bytes = v8.serialize({ a: [1, 'text', new Map([[1, 2]])] });
  for (let length = 0; length < bytes.length; length++)
    assert.throws(() => v8.deserialize(bytes.subarray(0, length)));
  assert.throws(() => v8.deserialize('text'), { code: 'ERR_INVALID_ARG_TYPE' });
});
