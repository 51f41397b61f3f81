'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('generic-pool');
const { createPool } = load('generic-pool');

test('what is lent comes back, and who waits too long is told', async () => {
  let made = 0;
  const factory = { create: async () => ({ id: ++made }), destroy: async () => {} };
  const pool = createPool(factory, { max: 2, acquireTimeoutMillis: 50 });
  const [a, b] = [await pool.acquire(), await pool.acquire()];
  await assert.rejects(pool.acquire(), { name: 'TimeoutError' });
  await pool.release(a);
  assert.strictEqual(await pool.use(async ({ id }) => id), 1);
  await pool.release(b);
  await pool.drain();
  await pool.clear();
  assert.strictEqual(pool.size, 0);
});
