'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');

const { load, test, servers } = suite('amqplib', ['rabbitmq']);
const [server] = servers;
const amqp = load('amqplib');

async function connect(t) {
  const connection = await amqp.connect(`amqp://guest:guest@127.0.0.1:${server.port}`);
  connection.on('error', () => {});
  t.after(() => connection.close().catch(() => {}));
  return connection;
}

test('300 confirmed messages arrive in order', async (t) => {
  const connection = await connect(t);
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  for (let i = 0; i < 300; i++)
    channel.sendToQueue(queue, Buffer.from(`${i}`), { headers: { number: i } });
  await channel.waitForConfirms();
  const seen = [];
  await new Promise((resolve) => {
    channel.consume(queue, (message) => {
      channel.ack(message);
      assert.strictEqual(message.properties.headers.number, seen.length);
      if (seen.push(Number(message.content)) === 300) resolve();
    });
  });
  assert.deepStrictEqual(
    seen,
    Array.from({ length: 300 }, (_, i) => i),
  );
});

test('a message of 1 MiB comes back as it was', async (t) => {
  const connection = await connect(t);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  const data = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255]));
  channel.sendToQueue(queue, data);
  const message = await new Promise((resolve) => channel.consume(queue, resolve, { noAck: true }));
  assert.strictEqual(message.content.equals(data), true);
});

test('exchanges route by topic', async (t) => {
  const connection = await connect(t);
  const channel = await connection.createChannel();
  await channel.assertExchange('topics', 'topic', { durable: false });
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'topics', 'a.*');
  channel.publish('topics', 'b.x', Buffer.from('not this'));
  channel.publish('topics', 'a.x', Buffer.from('this'));
  const message = await new Promise((resolve) => channel.consume(queue, resolve, { noAck: true }));
  assert.strictEqual(message.content.toString(), 'this');
});

test('an error of the server closes one channel', async (t) => {
  const connection = await connect(t);
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  await assert.rejects(channel.checkQueue('nowhere'), { code: 404 });
  await (await connection.createChannel()).assertQueue('', { exclusive: true });
  await assert.rejects(
    amqp.connect(`amqp://guest:wrong@127.0.0.1:${server.port}`),
    /ACCESS_REFUSED|403/,
  );
});

test('a connection ends with the server, and another is made to the next', async (t) => {
  const connection = await connect(t);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('kept', { durable: true });
  channel.sendToQueue('kept', Buffer.from('here'), { persistent: true });
  await channel.waitForConfirms();
  const closed = once(connection, 'close');
  await server.restart();
  await closed;
  const again = await (await connect(t)).createChannel();
  const message = await new Promise((resolve) =>
    again.consume('kept', resolve, { noAck: true }).catch(assert.fail),
  );
  assert.strictEqual(message.content.toString(), 'here');
});

test('TLS verifies the server', async (t) => {
  const url = `amqps://guest:guest@127.0.0.1:${server.ports.fifth}`;
  const ca = [fs.readFileSync(server.file('server.crt'))];
  const connection = await amqp.connect(url, { ca });
  t.after(() => connection.close());
  await (await connection.createChannel()).assertQueue('', { exclusive: true });
  await assert.rejects(amqp.connect(url), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});
