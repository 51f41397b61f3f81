'use strict';
// Subs that end badly, and what the master makes of it. (Each prints its error: that is meant.)
const { test } = require('../../helpers/test');
const { master, ask, tally, event, toSub, loopback, stop, until } = require('./group');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

/** The master serves and the sub comes back as another task. */
async function comesBack(server, exit, before) {
  assert.ok((await ask(server)).name);
  const again = await event(server, 'respawn');
  assert.strictEqual(again.name, exit.name);
  assert.notStrictEqual(again.task, before.task);
  await until(() => server.stats()[1].state === 'ready');
  assert.strictEqual(server.stats()[1].restarts, 1);
  assert.deepStrictEqual(tally([await ask(server), await ask(server)]), {
    answer: 1,
    'answer:1': 1,
  });
}

for (const [command, code, text] of [
  ['throw', 1, 'Error: a client said so'],
  ['exit', 3, ''],
  ['exit-throw', 1, 'Error: at the end'],
]) {
  test(`a sub that does '${command}' is told with its code, and comes back`, async (t) => {
    const server = await master(t, 'answer', 1, './fixtures/answer');
    const [, before] = server.stats();
    const exited = event(server, 'exit');
    await toSub(server, command);
    const exit = await exited;
    assert.strictEqual(exit.code, code);
    assert.strictEqual(exit.error, text);
    assert.strictEqual(exit.delay, 100);
    if (text) assert.match(exit.stack, /answer\.js/);
    await comesBack(server, exit, before);
  });
}

for (const command of ['spin', 'nested']) {
  test.needs('statistics')(
    `the watchdog tells the stack of a sub that does '${command}', ends it, and it comes back`,
    async (t) => {
      const server = await master(t, 'answer', 1, './fixtures/answer', (one) => {
        one.watchdog = 100;
      });
      const [, before] = server.stats();
      const stuck = event(server, 'stuck');
      const exited = event(server, 'exit');
      await toSub(server, command);
      assert.match((await stuck).stack, /answer\.js/);
      const exit = await exited;
      assert.strictEqual(exit.code, 1);
      assert.match(exit.error, /did not turn/);
      await comesBack(server, exit, before);
    },
  );
}

// With ThreadSanitizer the collector is off, and the engine measures the heap when it collects.
const measured =
  process.env.JSC_useGC === '0'
    ? (name) => test.skip(name, 'the collector is off')
    : test.needs('statistics');

for (const [command, what] of [
  ['grow', 'objects'],
  ['buffers', 'buffers'],
  ['codecs', 'codecs, whose memory is that of a library'],
])
  measured(`a sub that outgrows its heap by ${what} is ended, and comes back`, async (t) => {
    const server = await master(t, 'answer', 1, './fixtures/answer', (one) => {
      one.maxHeap = 64 * 1024 * 1024;
    });
    const [, before] = server.stats();
    const exited = event(server, 'exit');
    await toSub(server, command);
    const exit = await exited;
    const [, size] = /heap of (\d+) bytes exceeds its limit/.exec(exit.error);
    assert.ok(size < 1024 * 1024 * 1024, `it had ${size} bytes`);
    await comesBack(server, exit, before);
  });

test('a watchdog that is none is an error', () => {
  const server = net.createServer('watched', 0, loopback());
  for (const [value, code] of [
    [NaN, 'ERR_OUT_OF_RANGE'],
    [Infinity, 'ERR_OUT_OF_RANGE'],
    ['5', 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: 5, end: 0 }, 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: 5, ended: false }, 'ERR_INVALID_ARG_VALUE'],
  ])
    assert.throws(() => (server.watchdog = value), { code });
  server.watchdog = { timeout: 5, end: false };
  server.watchdog = undefined;
});

test('without respawn the others share what the dead one had', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer', (one) => {
    one.respawn = false;
  });
  const exited = event(server, 'exit');
  await toSub(server, 'exit');
  const exit = await exited;
  assert.strictEqual(exit.delay, undefined);
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await ask(server));
  const counts = tally(answers);
  assert.strictEqual(counts.answer, 3);
  assert.deepStrictEqual(Object.values(counts), [3, 3]);
});

test('a sub that throws while it starts does not hold up listening', async (t) => {
  const server = await master(t, 'half', 2, './fixtures/half', (one) => {
    one.respawn = false;
  });
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await ask(server));
  assert.deepStrictEqual(tally(answers), { half: 2, 'half:1': 2 });
});

for (const module_ of ['throws', 'exits'])
  test(`a group whose subs all do '${module_}' still serves`, async (t) => {
    const server = await master(t, module_, 2, `./fixtures/${module_}`, (one) => {
      one.respawn = false;
    });
    assert.strictEqual((await ask(server)).name, module_);
    assert.strictEqual(server.events.filter(({ type }) => type === 'exit').length, 2);
  });

test('close: a sub that left is not respawned, its share goes to the others, nor when it ends', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer');
  const left = event(server, 'leave');
  const exited = event(server, 'exit');
  const client = await toSub(server, 'leave');
  await left;
  client.resume();
  assert.strictEqual((await exited).delay, undefined);
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await ask(server));
  assert.deepStrictEqual(Object.values(tally(answers)), [2, 2]);
});

test('close of the master: a connection in a sub goes on, and close follows when it ended', async () => {
  const server = net.createServer('answer', 1, './fixtures/answer', loopback());
  server.on('connection', (socket) => socket.once('data', () => socket.end('{"name":"answer"}')));
  server.listen();
  await once(server, 'listening');
  const { port } = server.address();
  const client = await toSub(server, 'echo');
  client.write('a');
  assert.strictEqual(String((await once(client, 'data'))[0]), 'a');
  let closed = false;
  const done = once(server, 'close').then(() => {
    closed = true;
  });
  server.close();
  assert.strictEqual(server.address(), null);
  assert.strictEqual(server.port(), undefined);
  const [refused] = await once(net.connect(port, '127.0.0.1'), 'error');
  assert.strictEqual(refused.code, 'ECONNREFUSED');
  client.write('b');
  assert.strictEqual(String((await once(client, 'data'))[0]), 'b');
  assert.strictEqual(closed, false);
  client.end();
  await done;
  assert.deepStrictEqual(Task.list(), [Task.me()]);
  const again = await new Promise((resolve) => server.close(resolve));
  assert.strictEqual(again.code, 'ERR_SERVER_NOT_RUNNING');
});

test('close of the master: the watchdog still ends a sub that does not turn its loop', async (t) => {
  const server = await master(t, 'answer', 1, './fixtures/answer', (one) => {
    one.watchdog = 100;
  });
  const exited = event(server, 'exit');
  // So long that nothing else can have been heard.
  await toSub(server, `spin\n${'x'.repeat(1000)}`);
  await until(() => server.stats()[1].bytesIn > 1000);
  await stop(server);
  assert.match((await exited).error, /did not turn/);
  assert.deepStrictEqual(Task.list(), [Task.me()]);
});

test('close of the master: a sub that left before it and goes on does not hold it up', async (t) => {
  const server = await master(t, 'answer', 1, './fixtures/answer');
  const [, { task }] = server.stats();
  const client = await toSub(server, 'stay');
  client.resume();
  await once(client, 'close');
  await stop(server);
  assert.deepStrictEqual(Task.list(), [Task.me(), task]);
  Task.send(task, 'end');
  await until(() => Task.count() === 1);
});

test('close of the master: a sub that leaves at the same moment ends as one that is told', async (t) => {
  for (let i = 0; i < 20; i++) {
    const server = await master(t, 'answer', 1, './fixtures/answer');
    const client = await toSub(server, 'stay');
    client.resume();
    const [, { task }] = server.stats();
    await stop(server);
    Task.send(task, 'end');
    await until(() => Task.count() === 1);
  }
});

test('close while subs start, and of one that never listens, ends them', async () => {
  const server = net.createServer('silent', 2, './fixtures/silent', loopback());
  server.listen();
  await stop(server);
  assert.deepStrictEqual(Task.list(), [1]);
});

test('failures of listen() are thrown and leave no task', async (t) => {
  const taken = await master(t, 'first', 0);
  const { port } = taken.address();
  const busy = net.createServer('answer', 2, './fixtures/answer', { ...loopback(), port });
  busy.on('error', assert.fail);
  assert.throws(() => busy.listen(), { code: 'EADDRINUSE' });
  const absent = net.createServer('answer', 2, './absent', loopback());
  assert.throws(() => absent.listen(), { code: 'MODULE_NOT_FOUND' });
  const crowd = net.createServer('answer', 5000, './fixtures/answer', loopback());
  assert.throws(() => crowd.listen(), { code: 'ERR_OUT_OF_RANGE' });
  assert.deepStrictEqual(Task.list(), [1]);
  const server = await master(t, 'answer', 1, './fixtures/answer');
  const second = net.createServer('answer', 1, './fixtures/answer', loopback());
  assert.throws(() => second.listen(), { code: 'ERR_GROUP_EXISTS' });
  assert.strictEqual(second.port(), undefined);
  assert.strictEqual(Task.count(), 2);
  assert.throws(() => server.listen(), { code: 'ERR_SERVER_ALREADY_LISTEN' });
  assert.throws(() => net.createSubServer('answer'), { code: 'ERR_GROUP_NOT_SUB' });
});
