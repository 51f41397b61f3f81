'use strict';
const { suite } = require('./harness');
const assert = require('assert');

const { load, test, servers } = suite('memjs', ['memcached']);
const [server] = servers;
const { Client } = load('memjs');

function connect(t) {
  const client = Client.create(`127.0.0.1:${server.port}`, {
    retries: 3,
    timeout: 5,
    conntimeout: 5,
  });
  t.after(() => client.close());
  return client;
}

test('values are set, got and deleted', async (t) => {
  const client = connect(t);
  for (let i = 0; i < 200; i++)
    assert.strictEqual(await client.set(`key${i}`, `${i}`, { expires: 100 }), true);
  assert.strictEqual((await client.get('key199')).value.toString(), '199');
  assert.strictEqual(await client.delete('key199'), true);
  assert.strictEqual((await client.get('key199')).value, null);
});

test('a value of 1 MiB comes back as it was', async (t) => {
  const client = connect(t);
  const value = Buffer.alloc((1 << 20) + 1, Buffer.from([0, 255, 13, 10, 7]));
  await client.set('large', value, {});
  assert.strictEqual((await client.get('large')).value.equals(value), true);
});

test('counters count, and what is there already is not added', async (t) => {
  const client = connect(t);
  assert.strictEqual((await client.increment('count', 5, { initial: 10 })).value, 10);
  assert.strictEqual((await client.increment('count', 5)).value, 15);
  assert.strictEqual(await client.add('count', 'x', {}), false);
});

test('a client connects again after the server restarted', async (t) => {
  const client = connect(t);
  await client.set('before', '1', {});
  await server.restart();
  await client.set('after', '2', {}).catch(() => client.set('after', '2', {}));
  assert.strictEqual((await client.get('after')).value.toString(), '2');
});

test('an error of the server rejects one command', async (t) => {
  const client = connect(t);
  await client.set('text', 'no number', {});
  await assert.rejects(client.increment('text', 1), /INCR|non-numeric/i);
  await assert.rejects(client.set('too large', Buffer.alloc(5 << 20), {}), /too large/i);
  assert.strictEqual(`${(await client.get('text')).value}`, 'no number');
});

test('300 values are set and got at once', async (t) => {
  const client = connect(t);
  const names = Array.from({ length: 300 }, (_, i) => `many${i}`);
  await Promise.all(names.map((name) => client.set(name, name, {})));
  const got = await Promise.all(names.map((name) => client.get(name)));
  assert.deepStrictEqual(
    got.map(({ value }) => `${value}`),
    names,
  );
});
