'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');
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

test('a link that the server refuses is an error of the connection', async (t) => {
  const connection = connect(t);
  connection.open_receiver('/nothing/such');
  const refused = new Promise((resolve) => {
    connection.on('connection_error', ({ connection: { error } }) => resolve(error));
    connection.on('session_error', ({ session: { error } }) => resolve(error));
  });
  assert.match((await refused).condition, /^amqp:/);
});

test('a connection is made again, with its links, after the server restarted', async (t) => {
  const connection = connect(t, { reconnect: 50 });
  const receiver = connection.open_receiver('/queue/again');
  await once(receiver, 'receiver_open');
  const again = once(receiver, 'receiver_open');
  await server.stop('SIGKILL'); // it would close the connection
  await server.start();
  await again;
  const message = once(receiver, 'message');
  connection.open_sender('/queue/again').once('sendable', ({ sender }) => {
    sender.send({ body: 'here' });
  });
  assert.strictEqual((await message)[0].message.body, 'here');
});

test('TLS verifies the server', async (t) => {
  const secure = { port: server.ports.fifth, transport: 'tls', servername: 'localhost' };
  const ca = [fs.readFileSync(server.file('server.crt'))];
  await once(connect(t, { ...secure, ca }), 'connection_open');
  const [{ error }] = await once(connect(t, secure), 'disconnected');
  assert.strictEqual(error.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
});
