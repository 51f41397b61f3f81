'use strict';
// createHook(): what is asked for is told with a number, and when it runs.
const { test } = require('../../helpers/test');
const assert = require('assert');
const {
  AsyncResource,
  createHook,
  executionAsyncId,
  executionAsyncResource,
  triggerAsyncId,
} = require('async_hooks');
const { once } = require('events');
const fs = require('fs');
const net = require('net');

/** A hook that notes the events of a type. */
function noting(t, wanted, options) {
  const log = [];
  const ids = new Set();
  const note = (event) => (id) => ids.has(id) && log.push(event);
  const hook = createHook({
    init(id, type, trigger, resource) {
      if (type !== wanted) return;
      ids.add(id);
      log.push('init');
      noting.last = { id, trigger, resource };
    },
    before: note('before'),
    after: note('after'),
    destroy: note('destroy'),
    ...options,
  }).enable();
  t.after(() => hook.disable());
  return log;
}

test('a timer is told when it is set, and around its callback', async (t) => {
  const log = noting(t, 'Timeout');
  let timer;
  await new Promise((resolve) => {
    timer = setTimeout(() => {
      assert.strictEqual(executionAsyncId(), noting.last.id);
      assert.strictEqual(executionAsyncResource(), timer);
      log.push('run');
      setImmediate(resolve);
    }, 1);
    assert.strictEqual(noting.last.resource, timer);
    assert.strictEqual(noting.last.trigger, executionAsyncId());
  });
  assert.deepStrictEqual(log.slice(0, 4), ['init', 'before', 'run', 'after']);
});

for (const [type, start] of Object.entries({
  Immediate: (done) => setImmediate(done),
  TickObject: (done) => process.nextTick(done),
  Microtask: (done) => queueMicrotask(done),
  FSREQCALLBACK: (done) => fs.stat('/', done),
  PROMISE: (done) => Promise.resolve().then(done),
}))
  test(`what is asked for as ${type} is told before it runs`, async (t) => {
    const log = noting(t, type);
    const asked = executionAsyncId();
    await new Promise((resolve) =>
      start(() => {
        assert.notStrictEqual(executionAsyncId(), asked);
        assert.ok(log[0] === 'init' && log.includes('before'));
        resolve();
      }),
    );
  });

test('events of a socket run in the execution of the socket', async (t) => {
  const log = noting(t, 'TCPWRAP');
  const server = net.createServer((socket) => socket.end('x')).listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  const socket = net.connect(server.address().port);
  const seen = new Set();
  await new Promise((resolve) => {
    for (const event of ['connect', 'data', 'end', 'close'])
      socket.on(event, () => seen.add(event) && event === 'close' && resolve());
  });
  assert.ok(log.includes('before') && seen.size === 4);
});

test('what follows an await runs in an execution of its own', async (t) => {
  const hook = createHook({}).enable();
  t.after(() => hook.disable());
  const ids = [];
  for (let i = 0; i < 3; i++) {
    await null;
    ids.push(executionAsyncId());
  }
  assert.strictEqual(new Set(ids).size, 3);
  const trigger = triggerAsyncId();
  assert.ok(trigger > 0);
});

test('a resource of a program is told, entered and ended by it', (t) => {
  const log = noting(t, 'MINE');
  const resource = new AsyncResource('MINE', { requireManualDestroy: true });
  assert.strictEqual(noting.last.resource, resource);
  const id = resource.runInAsyncScope(() => executionAsyncId());
  assert.strictEqual(id, resource.asyncId());
  resource.emitDestroy();
  assert.deepStrictEqual(log, ['init', 'before', 'after', 'destroy']);
});

test('a hook without promises is not told of them', async (t) => {
  const log = noting(t, 'PROMISE', { trackPromises: false });
  await Promise.resolve().then(() => {});
  assert.deepStrictEqual(log, []);
});

test('a hook that is disabled is told nothing more', async () => {
  let told = 0;
  const hook = createHook({ init: () => told++ }).enable();
  setImmediate(() => {});
  hook.disable();
  const before = told;
  await new Promise((resolve) => setImmediate(resolve));
  assert.strictEqual(told, before);
  assert.ok(before > 0);
});

test('callbacks that are no functions are refused', () => {
  assert.throws(() => createHook({ before: 5 }), {
    code: 'ERR_ASYNC_CALLBACK',
    message: 'hook.before must be a function',
  });
  assert.throws(() => createHook(null), { code: 'ERR_INVALID_ARG_TYPE' });
});
