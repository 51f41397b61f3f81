'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

test('randomBytes() gives as many bytes, never the same', async () => {
  assert.strictEqual(crypto.randomBytes(0).length, 0);
  const [one, other] = [crypto.randomBytes(32), crypto.randomBytes(32)];
  assert.ok(Buffer.isBuffer(one) && one.length === 32);
  assert.notDeepStrictEqual(one, other);
  for (const size of [16, 1 << 20]) {
    const bytes = await new Promise((resolve, reject) => {
      crypto.randomBytes(size, (error, result) => (error ? reject(error) : resolve(result)));
    });
    assert.ok(Buffer.isBuffer(bytes));
    assert.strictEqual(bytes.length, size);
    assert.ok(bytes.subarray(-16).some((byte) => byte !== 0));
  }
  for (const size of [-1, 2 ** 31, NaN])
    assert.throws(() => crypto.randomBytes(size), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.randomBytes('1'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.randomBytes(1, 1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a callback is called later, not at once', async () => {
  let later = false;
  const done = new Promise((resolve) => {
    crypto.randomBytes(1, () => resolve(later));
  });
  later = true;
  assert.strictEqual(await done, true);
});

test('randomFill() and randomFillSync() fill a part of a view', async () => {
  const bytes = new Uint8Array(64);
  assert.strictEqual(crypto.randomFillSync(bytes, 16, 32), bytes);
  assert.ok(bytes.subarray(0, 16).every((byte) => byte === 0));
  assert.ok(bytes.subarray(48).every((byte) => byte === 0));
  assert.ok(bytes.subarray(16, 48).some((byte) => byte !== 0));
  const words = new Uint32Array(8);
  crypto.randomFillSync(words, 4);
  assert.ok(words.subarray(0, 4).every((word) => word === 0));
  assert.ok(words.subarray(4).some((word) => word !== 0));
  const memory = new ArrayBuffer(64);
  const filled = await new Promise((resolve, reject) => {
    crypto.randomFill(memory, 32, (error, result) => (error ? reject(error) : resolve(result)));
  });
  assert.strictEqual(filled, memory);
  assert.ok(new Uint8Array(memory, 32).some((byte) => byte !== 0));
  assert.ok(new Uint8Array(memory, 0, 32).every((byte) => byte === 0));
  assert.throws(() => crypto.randomFillSync(bytes, 65), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.randomFillSync(bytes, 60, 5), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.randomFillSync([]), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('randomInt() stays in its range and meets all of it', async () => {
  const seen = new Set();
  for (let i = 0; i < 500; i++) seen.add(crypto.randomInt(-2, 3));
  assert.deepStrictEqual(
    [...seen].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2],
  );
  assert.strictEqual(crypto.randomInt(1), 0);
  const value = await new Promise((resolve) => {
    crypto.randomInt(5, 6, (_, result) => resolve(result));
  });
  assert.strictEqual(value, 5);
  assert.throws(() => crypto.randomInt(0), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.randomInt(0, 2 ** 48), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.randomInt(0.5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('randomUUID() gives UUIDs of version 4', () => {
  const seen = new Set();
  for (let i = 0; i < 1000; i++) {
    const uuid = crypto.randomUUID();
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.add(uuid);
  }
  assert.strictEqual(seen.size, 1000);
  assert.notStrictEqual(crypto.randomUUID({ disableEntropyCache: true }), crypto.randomUUID());
  assert.throws(() => crypto.randomUUID(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('timingSafeEqual() compares bytes of one length', () => {
  assert.strictEqual(crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abc')), true);
  assert.strictEqual(crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abd')), false);
  assert.strictEqual(crypto.timingSafeEqual(new ArrayBuffer(2), new Uint16Array(1)), true);
  assert.throws(() => crypto.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2)), {
    code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
    message: 'Input buffers must have the same byte length',
  });
  assert.throws(() => crypto.timingSafeEqual('a', 'a'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('randomFill() of memory that goes elsewhere meanwhile calls back', async () => {
  const memory = new ArrayBuffer(1000);
  const filled = new Promise((resolve) => {
    crypto.randomFill(new Uint8Array(memory), (error, view) => resolve([error, view.length]));
  });
  memory.transfer();
  assert.deepStrictEqual(await filled, [null, 0]);
});
