'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('redis', ['redis']);
const [server] = servers;
const { createClient } = load('redis');

async function connect(t, options = {}) {
  const client = createClient({
    socket: { host: '127.0.0.1', port: server.port },
    password: 'secret',
    ...options,
  });
  client.on('error', () => {});
  await client.connect();
  t.after(() => (client.isOpen ? client.close() : undefined));
  return client;
}

test('values are set and got, 300 commands in a pipeline', async (t) => {
  const client = await connect(t);
  const keys = Array.from({ length: 300 }, (_, index) => `key${index}`);
  await Promise.all(keys.map((key) => client.set(key, `value of ${key}`)));
  assert.deepStrictEqual(
    await client.mGet(keys),
    keys.map((key) => `value of ${key}`),
  );
});

test('a value of 1 MiB comes back as it was', async (t) => {
  const client = await connect(t);
  const value = 'é'.repeat(1 << 19);
  await client.set('large', value);
  assert.strictEqual(await client.get('large'), value);
});

test('transactions, hashes and scans work', async (t) => {
  const client = await connect(t);
  assert.deepStrictEqual(await client.multi().set('a', '1').incr('a').get('a').exec(), [
    'OK',
    2,
    '2',
  ]);
  await client.hSet('hash', { one: '1', two: '2' });
  assert.deepStrictEqual({ ...(await client.hGetAll('hash')) }, { one: '1', two: '2' });
  let count = 0;
  for await (const keys of client.scanIterator({ MATCH: 'key*' })) count += keys.length;
  assert.strictEqual(count, 300);
});

test('what is published arrives at subscribers in order', async (t) => {
  const publisher = await connect(t);
  const subscriber = await connect(t);
  const seen = [];
  const all = new Promise((resolve) => {
    subscriber
      .subscribe('channel', (message) => {
        if (seen.push(message) === 100) resolve();
      })
      .then(async () => {
        for (let i = 0; i < 100; i++) await publisher.publish('channel', `${i}`);
      });
  });
  await all;
  assert.deepStrictEqual(
    seen,
    Array.from({ length: 100 }, (_, index) => `${index}`),
  );
});

test('an error of the server rejects one command', async (t) => {
  const client = await connect(t);
  await client.set('text', 'text');
  await assert.rejects(client.incr('text'), /not an integer/);
  assert.strictEqual(await client.get('text'), 'text');
  const stranger = createClient({
    socket: { host: '127.0.0.1', port: server.port, reconnectStrategy: false },
    password: 'wrong',
  });
  stranger.on('error', () => {});
  await assert.rejects(stranger.connect(), /WRONGPASS/);
});

test('a client connects again after the server restarted', async (t) => {
  const client = await connect(t);
  await client.set('kept', 'yes');
  const again = new Promise((resolve) => client.once('ready', resolve));
  await server.restart();
  await again;
  assert.strictEqual(await client.get('kept'), 'yes');
});

test('TLS verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'));
  const tls = { host: '127.0.0.1', port: server.ports.second, tls: true, reconnectStrategy: false };
  const client = await connect(t, { socket: { ...tls, ca } });
  assert.strictEqual(await client.ping(), 'PONG');
  await assert.rejects(connect(t, { socket: tls }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});
