'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');
const { once } = require('events');

const { load, test, servers } = suite('mqtt', ['mosquitto']);
const [server] = servers;
const mqtt = load('mqtt');

function connect(t, options = {}) {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port: server.port,
    username: 'user',
    password: 'secret',
    reconnectPeriod: 50,
    ...options,
  });
  client.on('error', () => {});
  t.after(() => client.endAsync(true));
  return client;
}

async function connected(t, options) {
  const client = connect(t, options);
  await once(client, 'connect');
  return client;
}

for (const qos of [0, 1, 2]) {
  test(`200 messages of QoS ${qos} arrive in order`, async (t) => {
    const client = await connected(t);
    await client.subscribeAsync(`order/${qos}`, { qos });
    const seen = [];
    const all = new Promise((resolve) => {
      client.on('message', (topic, payload) => {
        if (seen.push(Number(payload)) === 200) resolve();
      });
    });
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => client.publishAsync(`order/${qos}`, `${i}`, { qos })),
    );
    await all;
    assert.deepStrictEqual(
      seen,
      Array.from({ length: 200 }, (_, i) => i),
    );
  });
}

test('a message of 1 MiB comes back as it was', async (t) => {
  const client = await connected(t);
  const payload = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255]));
  await client.subscribeAsync('large');
  const message = once(client, 'message');
  await client.publishAsync('large', payload);
  assert.strictEqual((await message)[1].equals(payload), true);
});

test('retained messages, wills and MQTT 5 properties arrive', async (t) => {
  const one = await connected(t, { protocolVersion: 5 });
  await one.publishAsync('kept', 'retained', {
    retain: true,
    qos: 1,
    properties: { userProperties: { key: 'value' } },
  });
  const two = await connected(t, { protocolVersion: 5 });
  const message = once(two, 'message');
  await two.subscribeAsync('kept');
  const [, payload, packet] = await message;
  assert.strictEqual(payload.toString(), 'retained');
  assert.strictEqual(packet.properties.userProperties.key, 'value');
  const dying = await connected(t, {
    will: { topic: 'will', payload: 'gone' },
    reconnectPeriod: 0,
  });
  await two.subscribeAsync('will');
  const will = once(two, 'message');
  dying.stream.destroy();
  assert.strictEqual((await will)[1].toString(), 'gone');
});

test('a wrong password is refused', async (t) => {
  const client = connect(t, { password: 'wrong', reconnectPeriod: 0 });
  const [error] = await new Promise((resolve) =>
    client.once('error', (...values) => resolve(values)),
  );
  assert.match(error.message, /Not authorized|Bad username or password/i);
});

test('a client connects again, with its subscriptions, after the server restarted', async (t) => {
  const client = await connected(t);
  await client.subscribeAsync('again');
  const again = once(client, 'connect');
  await server.restart();
  await again;
  const message = once(client, 'message');
  await client.publishAsync('again', 'here', { qos: 1 });
  assert.strictEqual((await message)[1].toString(), 'here');
});

test('TLS verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'));
  const client = await connected(t, { protocol: 'mqtts', port: server.ports.second, ca });
  await client.publishAsync('secure', 'x', { qos: 1 });
  const stranger = connect(t, { protocol: 'mqtts', port: server.ports.second, reconnectPeriod: 0 });
  const [error] = await new Promise((resolve) =>
    stranger.once('error', (...values) => resolve(values)),
  );
  assert.strictEqual(error.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
});
