'use strict';
// Modules that packages load and rarely use.
const { test } = require('../../helpers/test');
const assert = require('assert');
const missing = { code: 'ERR_FEATURE_UNAVAILABLE' };

test('inspector loads, and says what it does not have', () => {
  assert.strictEqual(require('inspector').url(), undefined);
  assert.throws(() => require('inspector').open(), missing);
});

test.needs('statistics')('v8 tells the heap', () => {
  assert.strictEqual(require('v8').getHeapStatistics().used_heap_size > 0, true);
});
