'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const channels = require('diagnostics_channel');
const { AsyncLocalStorage } = require('async_hooks');

test('subscribers get messages and names', () => {
  const channel = channels.channel('one');
  const seen = [];
  const listener = (message, name) => seen.push([message, name]);
  assert.strictEqual(channel.hasSubscribers, false);
  channels.subscribe('one', listener);
  assert.strictEqual(channels.channel('one'), channel);
  assert.strictEqual(channels.hasSubscribers('one'), true);
  channel.publish('hello');
  assert.strictEqual(channel.unsubscribe(listener), true);
  assert.strictEqual(channel.unsubscribe(listener), false);
  channel.publish('again');
  assert.deepStrictEqual(seen, [['hello', 'one']]);
  assert.throws(() => channels.channel(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a tracing channel tells the start, the end and the error of a call', async () => {
  const tracing = channels.tracingChannel('t');
  const log = [];
  const handlers = {};
  for (const name of ['start', 'end', 'asyncStart', 'asyncEnd', 'error'])
    handlers[name] = () => log.push(name);
  tracing.subscribe(handlers);
  assert.strictEqual(
    tracing.traceSync((a) => a + 1, {}, null, 1),
    2,
  );
  assert.strictEqual(await tracing.tracePromise(async () => 5), 5);
  assert.throws(
    () =>
      tracing.traceSync(() => {
        throw new Error('x');
      }),
    { message: 'x' },
  );
  tracing.traceCallback(
    (callback) => callback(null, 1),
    0,
    {},
    null,
    () => log.push('callback'),
  );
  assert.deepStrictEqual(log, [
    ...['start', 'end'],
    ...['start', 'end', 'asyncStart', 'asyncEnd'],
    ...['start', 'error', 'end'],
    ...['start', 'asyncStart', 'callback', 'asyncEnd', 'end'],
  ]);
});

test('bound stores hold the context while the function runs', () => {
  const channel = channels.channel('stores');
  const store = new AsyncLocalStorage();
  channel.bindStore(store, (context) => context.value);
  assert.strictEqual(
    channel.runStores({ value: 3 }, () => store.getStore()),
    3,
  );
  assert.strictEqual(channel.unbindStore(store), true);
});
