'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('nats', ['nats']);
const [server] = servers;
const { connect: open, StringCodec, JSONCodec } = load('nats');
const text = StringCodec();

async function connect(t, options = {}) {
  const client = await open({
    servers: `127.0.0.1:${server.port}`,
    user: 'user',
    pass: 'secret',
    reconnectTimeWait: 50,
    tls: null, // though the server offers it
    ...options,
  });
  t.after(() => client.close());
  return client;
}

test('500 messages arrive in order', async (t) => {
  const client = await connect(t);
  const subscription = client.subscribe('order', { max: 500 });
  for (let i = 0; i < 500; i++) client.publish('order', text.encode(`${i}`));
  const seen = [];
  for await (const message of subscription) seen.push(Number(text.decode(message.data)));
  assert.deepStrictEqual(
    seen,
    Array.from({ length: 500 }, (_, i) => i),
  );
});

test('a message of nearly 1 MiB comes back as it was', async (t) => {
  const client = await connect(t);
  const data = new Uint8Array((1 << 20) - 16).fill(0xa5);
  const subscription = client.subscribe('large', { max: 1 });
  client.publish('large', data);
  for await (const message of subscription)
    assert.strictEqual(Buffer.from(message.data).equals(Buffer.from(data)), true);
});

test('requests are answered, and fail without anybody who answers', async (t) => {
  const client = await connect(t);
  const json = JSONCodec();
  client.subscribe('add', {
    callback: (error, message) =>
      message.respond(json.encode(json.decode(message.data).reduce((a, b) => a + b))),
  });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => client.request('add', json.encode([i, 1]))),
  );
  assert.deepStrictEqual(
    answers.map((answer) => json.decode(answer.data)),
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  await assert.rejects(client.request('nobody'), { code: '503' });
});

test('JetStream keeps messages', async (t) => {
  const client = await connect(t);
  await (await client.jetstreamManager()).streams.add({ name: 'kept', subjects: ['kept.*'] });
  const stream = client.jetstream();
  for (let i = 0; i < 10; i++)
    assert.strictEqual((await stream.publish('kept.x', text.encode(`${i}`))).seq, i + 1);
  const kv = await stream.views.kv('bucket');
  await kv.put('key', text.encode('value'));
  assert.strictEqual(text.decode((await kv.get('key')).value), 'value');
});

test('a wrong password is refused', async (t) => {
  await assert.rejects(connect(t, { pass: 'wrong', reconnect: false }), {
    code: 'AUTHORIZATION_VIOLATION',
  });
});

test('a client connects again, with its subscriptions, after the server restarted', async (t) => {
  const client = await connect(t, { maxReconnectAttempts: -1 });
  const subscription = client.subscribe('again', { max: 1 });
  await client.flush();
  const again = (async () => {
    for await (const { type } of client.status()) if (type === 'reconnect') return;
  })();
  await server.restart();
  await again;
  client.publish('again', text.encode('here'));
  for await (const message of subscription) assert.strictEqual(text.decode(message.data), 'here');
});

test('TLS begins on the connection and verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'), 'utf8');
  const client = await connect(t, { tls: { ca } });
  const subscription = client.subscribe('secure', { max: 1 });
  client.publish('secure', text.encode('x'));
  for await (const message of subscription) assert.strictEqual(text.decode(message.data), 'x');
  await assert.rejects(connect(t, { tls: {}, reconnect: false }), (error) =>
    /self-signed|DEPTH_ZERO/.test(`${error.code} ${error.chainedError}`),
  );
});
