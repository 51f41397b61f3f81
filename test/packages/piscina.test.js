'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { suite } = require('./harness');

const { load, test } = suite('piscina');
const { Piscina } = load('piscina');

const PROGRAM = `const { threadId } = require('worker_threads');
module.exports = ({ value, fail, spin }) => {
  if (fail) throw new RangeError('refused');
  if (spin) for (;;);
  return { value: value * 2, threadId };
};
module.exports.size = (bytes) => bytes.length;`;

/** A pool whose threads run PROGRAM. */
function pool(t, options) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'piscina-'));
  fs.writeFileSync(path.join(folder, 'program.js'), PROGRAM);
  const made = new Piscina({
    filename: path.join(folder, 'program.js'),
    maxThreads: 2,
    minThreads: 2,
    ...options,
  });
  t.after(() => made.destroy());
  t.after(() => fs.rmSync(folder, { recursive: true }));
  return made;
}

test('100 tasks run on two threads', async (t) => {
  const threads = pool(t);
  const inputs = Array.from({ length: 100 }, (_, i) => i);
  const results = await Promise.all(inputs.map((value) => threads.run({ value })));
  assert.deepStrictEqual(
    results.map(({ value }) => value),
    inputs.map((value) => value * 2),
  );
  assert.ok(results.every(({ threadId }) => threadId > 0));
});

test('an error rejects one task, with its class', async (t) => {
  const threads = pool(t);
  await assert.rejects(threads.run({ fail: true }), { name: 'RangeError', message: 'refused' });
  assert.strictEqual((await threads.run({ value: 4 })).value, 8);
});

test('a task that never ends is aborted, and the pool goes on', async (t) => {
  const threads = pool(t, { maxThreads: 1, minThreads: 1 });
  await threads.run({ value: 1 });
  const signal = AbortSignal.timeout(50);
  await assert.rejects(threads.run({ spin: true }, { signal }), { name: 'AbortError' });
  assert.strictEqual((await threads.run({ value: 5 })).value, 10);
});

test('a buffer of 1 MiB is transferred', async (t) => {
  const threads = pool(t);
  const bytes = new Uint8Array(1 << 20);
  const options = { name: 'size', transferList: [bytes.buffer] };
  assert.strictEqual(await threads.run(bytes, options), 1 << 20);
  assert.strictEqual(bytes.length, 0);
});
