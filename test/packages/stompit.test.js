'use strict';
const { suite } = require('./harness');
const assert = require('assert');

const { load, test, servers } = suite('stompit', ['rabbitmq']);
const [server] = servers;
const stompit = load('stompit');

function connect(t) {
  const headers = { host: '/', login: 'guest', passcode: 'guest' };
  return new Promise((resolve, reject) => {
    stompit.connect(
      { host: '127.0.0.1', port: server.ports.second, connectHeaders: headers },
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

test('100 messages, and one of 1 MiB, arrive in order', async (t) => {
  const client = await connect(t);
  const texts = [...Array.from({ length: 100 }, (_, i) => `${i}`), 'x'.repeat(1 << 20)];
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
