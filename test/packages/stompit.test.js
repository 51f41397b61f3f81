'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('stompit', ['rabbitmq']);
const [server] = servers;
const stompit = load('stompit');

function connect(t, options) {
  const headers = { host: '/', login: 'guest', passcode: 'guest' };
  return new Promise((resolve, reject) => {
    stompit.connect(
      { host: '127.0.0.1', port: server.ports.second, connectHeaders: headers, ...options },
      (error, client) => {
        if (error) return reject(error);
        t.after(() => client.destroy());
        resolve(client);
      },
    );
  });
}

const read = (message) =>
  new Promise((resolve, reject) =>
    message.readString('utf-8', (error, text) => (error ? reject(error) : resolve(text))),
  );

test('300 messages, and one of 1 MiB, arrive in order', async (t) => {
  const client = await connect(t);
  const texts = [...Array.from({ length: 300 }, (_, i) => `${i}`), 'x'.repeat(1 << 20)];
  const seen = [];
  const all = new Promise((resolve, reject) => {
    client.subscribe(
      { destination: '/queue/order', ack: 'client-individual' },
      async (error, message) => {
        if (error) return reject(error);
        seen.push(await read(message));
        client.ack(message);
        if (seen.length === texts.length) resolve();
      },
    );
  });
  for (const text of texts)
    client.sendString(
      { destination: '/queue/order', 'content-type': 'text/plain' },
      text,
      {},
      () => {},
    );
  await all;
  assert.deepStrictEqual(seen, texts);
});

/** Sends a text to a queue and gives what comes from there. */
function through(client, destination, text) {
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    client.subscribe({ destination, ack: 'auto' }, (error, message) =>
      error ? reject(error) : resolve(read(message)),
    );
    client.sendString({ destination }, text, {}, () => {});
  });
}

// An ERROR frame of RabbitMQ is an exception of stompit that nobody can catch, in Node as here.
test('a port that refuses is an error', async (t) => {
  await assert.rejects(connect(t, { port: 1 }), { code: 'ECONNREFUSED' });
});

test('a client connects again after the server restarted', async (t) => {
  const client = await connect(t);
  const failed = new Promise((resolve) => client.once('error', resolve));
  await server.restart();
  await failed;
  assert.strictEqual(await through(await connect(t), '/queue/again', 'here'), 'here');
});

test('TLS verifies the server', async (t) => {
  const secure = { port: server.ports.sixth, ssl: true, servername: 'localhost' };
  const ca = fs.readFileSync(server.file('server.crt'));
  assert.strictEqual(await through(await connect(t, { ...secure, ca }), '/queue/tls', 'x'), 'x');
  await assert.rejects(connect(t, secure), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});
