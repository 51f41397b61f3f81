'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test, servers } = suite('amqp-connection-manager', ['rabbitmq']);
const [server] = servers;
const manager = load('amqp-connection-manager');

test('what is sent while there is no connection is sent later, and arrives in order', async (t) => {
  const connection = manager.connect([`amqp://guest:guest@127.0.0.1:${server.port}`]);
  t.after(() => connection.close());
  const setup = (channel) => channel.assertQueue('managed');
  const channel = connection.createChannel({ json: true, setup });
  const sent = Array.from({ length: 100 }, (_, i) => i);
  await Promise.all(sent.map((number) => channel.sendToQueue('managed', { number })));
  const seen = [];
  await new Promise((resolve) => {
    channel.consume('managed', (message) => {
      channel.ack(message);
      if (seen.push(JSON.parse(message.content).number) === sent.length) resolve();
    });
  });
  assert.deepStrictEqual(seen, sent);
});

test('a port that refuses is told, again and again', async () => {
  const connection = manager.connect(['amqp://127.0.0.1:1'], { reconnectTimeInSeconds: 0.05 });
  const codes = [];
  await new Promise((resolve) => {
    connection.on('connectFailed', ({ err }) => {
      if (codes.push(err.code) === 3) resolve();
    });
  });
  assert.deepStrictEqual(codes, ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
  await connection.close();
});
