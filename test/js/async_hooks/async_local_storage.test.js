'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const { AsyncLocalStorage, AsyncResource, executionAsyncId } = require('async_hooks');

test('run, exit and enterWith set the store of what they call', () => {
  const storage = new AsyncLocalStorage();
  assert.strictEqual(storage.getStore(), undefined);
  storage.run(1, () => {
    assert.strictEqual(storage.getStore(), 1);
    storage.run(2, () => assert.strictEqual(storage.getStore(), 2));
    assert.strictEqual(
      storage.exit(() => storage.getStore()),
      undefined,
    );
    storage.enterWith(3);
    assert.strictEqual(storage.getStore(), 3);
  });
  assert.strictEqual(storage.getStore(), undefined);
});

test('bind, snapshot and AsyncResource carry the stores to later calls', async () => {
  const storage = new AsyncLocalStorage();
  const [bound, snapshot, resource] = storage.run('x', () => [
    AsyncLocalStorage.bind(() => storage.getStore()),
    AsyncLocalStorage.snapshot(),
    new AsyncResource('TEST'),
  ]);
  await new Promise(setImmediate);
  assert.strictEqual(bound(), 'x');
  assert.strictEqual(
    snapshot(() => storage.getStore()),
    'x',
  );
  assert.strictEqual(
    resource.runInAsyncScope(() => storage.getStore()),
    'x',
  );
  assert.strictEqual(resource.runInAsyncScope(executionAsyncId), resource.asyncId());
  assert.strictEqual(storage.getStore(), undefined);
});

test('withScope() gives a store until it is disposed of', () => {
  const storage = new AsyncLocalStorage({ name: 'mine', defaultValue: 0 });
  assert.strictEqual(storage.name, 'mine');
  const outer = storage.withScope(1);
  const inner = storage.withScope(2);
  assert.strictEqual(storage.getStore(), 2);
  inner[Symbol.dispose]();
  assert.strictEqual(storage.getStore(), 1);
  outer.dispose();
  outer.dispose();
  assert.strictEqual(storage.getStore(), 0);
  assert.throws(() => new AsyncLocalStorage(null), { code: 'ERR_INVALID_ARG_TYPE' });
});
