'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('workerpool');
const workerpool = load('workerpool');

for (const workerType of ['thread', 'process']) {
  const pool = (t) => {
    const made = workerpool.pool({ workerType, maxWorkers: 2 });
    t.after(() => made.terminate());
    return made;
  };

  test(`functions run in workers, by ${workerType}`, async (t) => {
    const workers = pool(t);
    const results = [1, 2, 3, 4].map((n) => workers.exec((a) => a * 10, [n]));
    assert.deepStrictEqual(await Promise.all(results), [10, 20, 30, 40]);
  });

  test(`an error rejects one call, by ${workerType}`, async (t) => {
    const workers = pool(t);
    const failing = workers.exec(() => {
      throw new Error('refused');
    });
    await assert.rejects(Promise.resolve(failing), { message: 'refused' });
    assert.strictEqual(await workers.exec(() => 1), 1);
  });

  test(`a call that never ends is given up after its time, by ${workerType}`, async (t) => {
    const workers = pool(t);
    const spinning = workers.exec(() => {
      for (;;);
    });
    await assert.rejects(Promise.resolve(spinning.timeout(100)), { name: 'TimeoutError' });
    assert.strictEqual(await workers.exec(() => 2), 2);
  });
}
