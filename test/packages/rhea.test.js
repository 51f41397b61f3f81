'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { once } = require('events');

const { load, test, servers } = suite('rhea', ['rabbitmq']);
const [server] = servers;
const rhea = load('rhea');

function connect(t, more = {}) {
  const container = rhea.create_container();
  const connection = container.connect({
    host: '127.0.0.1',
    port: server.port,
    username: 'guest',
    password: 'guest',
    reconnect: false,
    ...more,
  });
  t.after(() => connection.close());
  return connection;
}

test('200 messages, and one of 1 MiB, arrive in order', async (t) => {
  const connection = connect(t);
  const bodies = [...Array.from({ length: 200 }, (_, i) => `${i}`), 'x'.repeat(1 << 20)];
  const sender = connection.open_sender('/queue/amqp1');
  const receiver = connection.open_receiver('/queue/amqp1');
  const seen = [];
  const all = new Promise((resolve) => {
    receiver.on('message', ({ message }) => {
      if (seen.push(message.body) === bodies.length) resolve();
    });
  });
  let next = 0;
  sender.on('sendable', () => {
    while (sender.sendable() && next < bodies.length) sender.send({ body: bodies[next++] });
  });
  await all;
  assert.deepStrictEqual(seen, bodies);
});

test('a wrong password is refused', async (t) => {
  const connection = connect(t, { password: 'wrong' });
  const [context] = await once(connection, 'connection_error').catch((error) => [error]);
  assert.match(
    String(context.error?.message ?? context.message ?? context.connection?.get_error?.()),
    /auth|sasl/i,
  );
});
