'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const { PerformanceObserver, createHistogram, monitorEventLoopDelay } = require('perf_hooks');

test('now() never goes back, and timeOrigin is on the wall clock', () => {
  const first = performance.now();
  assert.ok(first > 0);
  assert.ok(performance.now() >= first);
  assert.ok(performance.timeOrigin > Date.UTC(2020) && performance.timeOrigin <= Date.now());
  assert.strictEqual(require('perf_hooks').performance, performance);
});

test('marks and measures make entries until they are cleared', () => {
  performance.mark('a', { startTime: 5, detail: { k: 1 } });
  performance.mark('b', { startTime: 8 });
  const measure = performance.measure('m', 'a', 'b');
  assert.strictEqual(measure.duration, 3);
  assert.strictEqual(performance.measure('d', { start: 1, duration: 4 }).duration, 4);
  assert.deepStrictEqual(
    performance.getEntries().map((one) => one.name),
    ['d', 'a', 'm', 'b'],
  );
  assert.strictEqual(performance.getEntriesByName('a', 'mark')[0].detail.k, 1);
  performance.clearMarks('a');
  performance.clearMeasures();
  assert.deepStrictEqual(
    performance.getEntriesByType('mark').map((one) => one.name),
    ['b'],
  );
  assert.throws(() => performance.measure('m', 'missing'), { name: 'SyntaxError' });
  assert.throws(() => performance.mark('x', { startTime: -1 }), {
    code: 'ERR_PERFORMANCE_INVALID_TIMESTAMP',
  });
});

test('observers get the entries of their types', async () => {
  const names = await new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      observer.disconnect();
      resolve(list.getEntries().map((one) => `${one.entryType} ${one.name}`));
    });
    observer.observe({ entryTypes: ['mark', 'function'] });
    performance.mark('seen');
    performance.measure('unseen');
    performance.timerify(function named() {})();
  });
  assert.deepStrictEqual(names, ['mark seen', 'function named']);
});

test('a histogram tells mean and percentiles', () => {
  const histogram = createHistogram();
  for (let i = 1; i <= 100; i++) histogram.record(i);
  assert.strictEqual(histogram.count, 100);
  assert.strictEqual(histogram.min, 1);
  assert.strictEqual(histogram.max, 100);
  assert.strictEqual(histogram.mean, 50.5);
  assert.strictEqual(histogram.percentile(50), 50);
  assert.strictEqual(histogram.percentile(100), 100);
  assert.throws(() => histogram.record(-1), { code: 'ERR_OUT_OF_RANGE' });
});

test("the loop's delay is recorded while enabled", async () => {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  assert.strictEqual(delay.enable(), true);
  assert.strictEqual(delay.enable(), false);
  while (delay.count < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.strictEqual(delay.disable(), true);
  assert.ok(delay.min > 0 && delay.max >= delay.min);
});

test('questions for names are entries of type dns', async () => {
  const { PerformanceObserver } = require('perf_hooks');
  const seen = new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      observer.disconnect();
      resolve(list.getEntries());
    });
    observer.observe({ type: 'dns' });
  });
  const { address } = await require('dns').promises.lookup('localhost');
  const [entry] = await seen;
  assert.deepStrictEqual([entry.name, entry.entryType], ['lookup', 'dns']);
  assert.strictEqual(entry.detail.hostname, 'localhost');
  assert.ok(entry.detail.addresses.includes(address));
});

test('eventLoopUtilization() tells how long the loop waited and did not', async () => {
  const { eventLoopUtilization } = require('perf_hooks');
  const begin = eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const middle = eventLoopUtilization();
  assert.ok(middle.idle > begin.idle && middle.utilization < 1);
  await new Promise(setImmediate);
  for (const start = performance.now(); performance.now() - start < 20;);
  const { active, idle, utilization } = eventLoopUtilization(middle);
  assert.ok(active > 10 && utilization > 0 && utilization <= 1);
  assert.ok(idle >= 0);
  const after = eventLoopUtilization();
  assert.strictEqual(eventLoopUtilization(after, middle).active, after.active - middle.active);
});
