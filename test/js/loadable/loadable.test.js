'use strict';
// Modules that packages load and rarely use.
const { test } = require('../../helpers/test');
const assert = require('assert');
const missing = { code: 'ERR_FEATURE_UNAVAILABLE' };

test('inspector loads, and says what it does not have', () => {
  assert.strictEqual(require('inspector').url(), undefined);
  assert.throws(() => require('inspector').open(), missing);
});

test('a session of inspector is made and connected, and knows no method', async () => {
  const { Session } = require('inspector');
  const session = new Session();
  assert.throws(() => session.post('Profiler.enable'), { code: 'ERR_INSPECTOR_NOT_CONNECTED' });
  session.connect();
  assert.throws(() => session.connect(), { code: 'ERR_INSPECTOR_ALREADY_CONNECTED' });
  assert.throws(() => session.connectToMainThread(), { code: 'ERR_INSPECTOR_NOT_WORKER' });
  session.post('Profiler.enable'); // who asks for no answer gets none
  const unknown = {
    code: 'ERR_INSPECTOR_COMMAND',
    message: "Inspector error -32601: 'Profiler.enable' wasn't found",
  };
  const answer = new Promise((resolve) => session.post('Profiler.enable', {}, resolve));
  await assert.rejects(
    answer.then((error) => Promise.reject(error)),
    unknown,
  );
  const later = new (require('inspector/promises').Session)();
  later.connect();
  await assert.rejects(later.post('Profiler.enable'), unknown);
  session.disconnect();
});

test.needs('statistics')('v8 tells the heap', () => {
  assert.strictEqual(require('v8').getHeapStatistics().used_heap_size > 0, true);
});

test('repl loads, for packages that have one of their own, and starts none', () => {
  const repl = require('repl');
  assert.strictEqual(typeof repl.REPL_MODE_STRICT, 'symbol');
  assert.ok(new repl.Recoverable(new SyntaxError('x')) instanceof SyntaxError);
  assert.throws(() => repl.start(), missing);
  assert.throws(() => new repl.REPLServer(), missing);
});

test('trace_events loads, and traces nothing', () => {
  const { createTracing, getEnabledCategories } = require('trace_events');
  assert.strictEqual(getEnabledCategories(), undefined);
  const tracing = createTracing({ categories: ['node', 'v8'] });
  assert.strictEqual(tracing.categories, 'node,v8');
  assert.strictEqual(tracing.enabled, false);
  tracing.disable();
  assert.throws(() => tracing.enable(), missing);
  assert.throws(() => createTracing({ categories: [] }), {
    code: 'ERR_TRACE_EVENTS_CATEGORY_REQUIRED',
  });
});

test('v8 collects no coverage', () => {
  assert.strictEqual(require('v8').takeCoverage(), undefined);
  assert.strictEqual(require('v8').stopCoverage(), undefined);
});
