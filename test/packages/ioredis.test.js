'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('ioredis', ['redis']);
const [server] = servers;
const Redis = load('ioredis');

function connect(t, options = {}) {
  const client = new Redis({
    host: '127.0.0.1',
    port: server.port,
    password: 'secret',
    ...options,
  });
  client.on('error', () => {});
  t.after(() => client.disconnect());
  return client;
}

test('values are set and got, 500 commands in a pipeline', async (t) => {
  const client = connect(t);
  const pipeline = client.pipeline();
  for (let i = 0; i < 500; i++) pipeline.set(`key${i}`, `${i}`);
  assert.strictEqual(
    (await pipeline.exec()).every(([error, answer]) => error === null && answer === 'OK'),
    true,
  );
  assert.deepStrictEqual(await client.mget('key0', 'key499'), ['0', '499']);
});

test('a binary value of 1 MiB comes back as it was', async (t) => {
  const client = connect(t);
  const value = Buffer.alloc(1 << 20, Buffer.from([0, 1, 2, 253, 254, 255, 13, 10]));
  await client.set('large', value);
  assert.strictEqual((await client.getBuffer('large')).equals(value), true);
});

test('what is published arrives at subscribers in order', async (t) => {
  const publisher = connect(t);
  const subscriber = connect(t);
  const seen = [];
  await subscriber.subscribe('news');
  const all = new Promise((resolve) => {
    subscriber.on('message', (channel, message) => {
      if (seen.push(message) === 100) resolve();
    });
  });
  for (let i = 0; i < 100; i++) publisher.publish('news', `${i}`);
  await all;
  assert.deepStrictEqual(
    seen,
    Array.from({ length: 100 }, (_, index) => `${index}`),
  );
});

test('scripts, transactions and scan streams work', async (t) => {
  const client = connect(t);
  assert.strictEqual(await client.eval('return tonumber(ARGV[1]) + 1', 0, '41'), 42);
  assert.deepStrictEqual(await client.multi().set('n', 1).incr('n').exec(), [
    [null, 'OK'],
    [null, 2],
  ]);
  const found = new Set();
  for await (const keys of client.scanStream({ match: 'key*', count: 50 }))
    for (const key of keys) found.add(key);
  assert.strictEqual(found.size, 500);
});

test('an error of the server rejects one command', async (t) => {
  const client = connect(t);
  await client.set('text', 'text');
  await assert.rejects(client.incr('text'), { name: 'ReplyError' });
  assert.strictEqual(await client.get('text'), 'text');
  const stranger = connect(t, { password: 'wrong', retryStrategy: null });
  await assert.rejects(stranger.ping(), /WRONGPASS/);
});

test('a client connects again after the server restarted', async (t) => {
  const client = connect(t);
  await client.set('kept', 'yes');
  const again = new Promise((resolve) => client.once('close', () => client.once('ready', resolve)));
  await server.restart();
  await again;
  assert.strictEqual(await client.get('kept'), 'yes');
});

test('TLS verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'));
  const client = connect(t, { port: server.ports.second, tls: { ca } });
  assert.strictEqual(await client.ping(), 'PONG');
  const stranger = connect(t, {
    port: server.ports.second,
    tls: {},
    retryStrategy: null,
    lazyConnect: true,
  });
  await assert.rejects(stranger.connect());
});
