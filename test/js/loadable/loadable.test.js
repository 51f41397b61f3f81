'use strict';
// Modules that packages load and rarely use.
const { test } = require('../../helpers/test');
const assert = require('assert');
const missing = { code: 'ERR_FEATURE_UNAVAILABLE' };

test('worker_threads tells the main thread, and makes no other', () => {
  const { Worker, isMainThread, parentPort, threadId } = require('worker_threads');
  assert.deepStrictEqual([isMainThread, parentPort, threadId], [true, null, 0]);
  assert.throws(() => new Worker(__filename), missing);
});

test('cluster tells the primary process, and forks none', () => {
  const cluster = require('cluster');
  assert.deepStrictEqual([cluster.isPrimary, cluster.isWorker], [true, false]);
  assert.throws(() => cluster.fork(), missing);
});

test('inspector loads, and says what it does not have', () => {
  assert.strictEqual(require('inspector').url(), undefined);
  assert.throws(() => require('inspector').open(), missing);
});

test.needs('statistics')('v8 tells the heap', () => {
  assert.strictEqual(require('v8').getHeapStatistics().used_heap_size > 0, true);
});
