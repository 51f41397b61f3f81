'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const timers = require('timers/promises');

test('setTimeout and setImmediate resolve with their value', async () => {
  assert.strictEqual(await timers.setTimeout(1, 'a'), 'a');
  assert.strictEqual(await timers.setImmediate('b'), 'b');
  await timers.scheduler.wait(1);
  await timers.scheduler.yield();
});

test('a signal rejects with an AbortError', async () => {
  const controller = new AbortController();
  const promises = [
    timers.setTimeout(1e6, 0, { signal: controller.signal }),
    timers.setImmediate(0, { signal: controller.signal }),
    timers.setInterval(1e6, 0, { signal: controller.signal }).next(),
  ];
  controller.abort('why');
  for (const promise of promises)
    await assert.rejects(promise, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
  await assert.rejects(timers.setTimeout(1, 0, { signal: controller.signal }), {
    name: 'AbortError',
  });
});

test('bad arguments reject', async () => {
  await assert.rejects(timers.setTimeout('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(timers.setTimeout(1, 0, 5), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(timers.setImmediate(0, { ref: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('setInterval iterates until the loop ends', async () => {
  let count = 0;
  for await (const value of timers.setInterval(1, 'v')) {
    assert.strictEqual(value, 'v');
    if (++count === 3) break;
  }
  assert.strictEqual(count, 3);
});

test('the timers module has the globals, and promisify finds the promises', () => {
  const plain = require('timers');
  assert.strictEqual(plain.setTimeout, setTimeout);
  assert.strictEqual(plain.promises, timers);
  assert.strictEqual(setTimeout[Symbol.for('nodejs.util.promisify.custom')], timers.setTimeout);
});
