'use strict';
// Who gets which connection.
const { test } = require('../../helpers/test');
const { collect, pattern, until } = require('../../helpers/net');
const { master, ask, tally, toSub, loopback, stop } = require('./group');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

const even = { answer: 10, 'answer:1': 10, 'answer:2': 10 };

test('one by one, every handler gets the same number; ids are unique over the group', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer');
  const answers = [];
  for (let i = 0; i < 30; i++) answers.push(await ask(server));
  assert.deepStrictEqual(tally(answers), even);
  assert.strictEqual(new Set(answers.map(({ id }) => id)).size, 30);
  assert.ok(answers.every(({ id }) => Number.isSafeInteger(id) && id > 0));
  assert.strictEqual(new Set(answers.map(({ task }) => task)).size, 3);
});

test('all at once too, with clients that speak first', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer');
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(server)));
  assert.deepStrictEqual(tally(answers), even);
});

test('no byte is lost in the hand-over', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer');
  const bytes = pattern(300000);
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      const client = net.connect(server.port(), '127.0.0.1');
      client.write('echo\n');
      await new Promise((resolve) => setImmediate(resolve));
      client.end(bytes);
      const back = await collect(client);
      assert.ok(back.equals(bytes));
    }),
  );
});

test('subs have neither port nor address, and no ARGUMENT', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer');
  const client = await toSub(server, 'ask');
  assert.deepStrictEqual(JSON.parse(String(await collect(client))), {
    port: 'undefined',
    address: null,
    master: false,
    argument: 'undefined',
  });
});

test('the same module: it runs once in every task, and is master once', async (t) => {
  const server = require('./fixtures/same');
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  const tops = [...globalThis.tops];
  for (let i = 0; i < 2; i++) {
    const message = Task.recv();
    assert.strictEqual(message.argument, 'undefined');
    tops.push(message.top);
  }
  assert.deepStrictEqual(tops, [true, false, false]);
  assert.strictEqual(Task.recv(undefined, 0), undefined);
  const counts = {};
  for (let i = 0; i < 9; i++) {
    const name = String(await collect(net.connect(server.port(), '127.0.0.1')));
    counts[name] = (counts[name] ?? 0) + 1;
  }
  assert.deepStrictEqual(counts, {
    './fixtures/same': 3,
    './fixtures/same:1': 3,
    './fixtures/same:2': 3,
  });
});

test('least-connections prefers who has least; a function chooses', async (t) => {
  const server = await master(t, 'answer', 2, './fixtures/answer', (one) => {
    one.balance = 'least-connections';
  });
  assert.strictEqual(server.balance, 'least-connections');
  const open = [];
  for (let i = 0; i < 6; i++) {
    const client = net.connect(server.port(), '127.0.0.1');
    t.after(() => client.destroy());
    open.push(client);
    client.write('echo\n');
    await until(
      () => server.stats().reduce((sum, { connections }) => sum + connections, 0) === i + 1,
    );
  }
  assert.deepStrictEqual(
    server.stats().map(({ connections }) => connections),
    [2, 2, 2],
  );
  const seen = [];
  server.balance = (candidates, peer) => {
    seen.push([candidates.map(({ name }) => name), peer.family]);
    return candidates.find(({ name }) => name === 'answer:2');
  };
  const answers = [await ask(server), await ask(server), await ask(server)];
  assert.deepStrictEqual(tally(answers), { 'answer:2': 3 });
  assert.deepStrictEqual(seen[0], [['answer', 'answer:1', 'answer:2'], 'IPv4']);
  server.balance = () => 'nobody';
  assert.ok((await ask(server)).name);
  assert.throws(
    () => {
      server.balance = 'random';
    },
    { code: 'ERR_INVALID_ARG_VALUE' },
  );
});

test('stats tells what every handler does', async (t) => {
  const server = await master(t, 'answer', 1, './fixtures/answer');
  for (let i = 0; i < 4; i++) await ask(server);
  const [own, sub] = server.stats();
  assert.strictEqual(own.name, 'answer');
  assert.strictEqual(sub.name, 'answer:1');
  for (const one of [own, sub]) {
    assert.strictEqual(one.state, 'ready');
    assert.strictEqual(one.total, 2);
    assert.strictEqual(one.bytesIn, 10);
    assert.ok(one.bytesOut > 20);
    assert.strictEqual(one.restarts, 0);
    assert.ok(one.lag >= 0 && one.heap >= 0 && one.task > 0);
  }
  const single = net.createServer('alone', 0, loopback());
  assert.deepStrictEqual(single.stats(), []);
});
