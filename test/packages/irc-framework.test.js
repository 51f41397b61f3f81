'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { once } = require('events');

const { load, test, servers } = suite('irc-framework', ['ngircd']);
const [server] = servers;
const { Client } = load('irc-framework');

async function connect(t, nick) {
  const client = new Client();
  client.connect({
    host: '127.0.0.1',
    port: server.port,
    nick,
    auto_reconnect: false,
    ping_interval: 0,
  });
  t.after(() => client.quit('bye'));
  await once(client, 'registered');
  return client;
}

test('messages to a channel arrive in order', async (t) => {
  const one = await connect(t, 'one');
  const two = await connect(t, 'two');
  for (const client of [one, two]) {
    const joined = once(client, 'join');
    client.join('#room');
    await joined;
  }
  const seen = [];
  const all = new Promise((resolve) => {
    two.on('privmsg', ({ message }) => {
      if (seen.push(message) === 10) resolve();
    });
  });
  for (let i = 0; i < 10; i++) one.say('#room', `message ${i}`);
  await all;
  assert.deepStrictEqual(
    seen,
    Array.from({ length: 10 }, (_, i) => `message ${i}`),
  );
});

test('a name that is taken is an event', async (t) => {
  await connect(t, 'taken');
  const client = new Client();
  client.connect({
    host: '127.0.0.1',
    port: server.port,
    nick: 'taken',
    auto_reconnect: false,
    ping_interval: 0,
  });
  t.after(() => client.quit());
  const [event] = await once(client, 'nick in use');
  assert.strictEqual(event.nick, 'taken');
});
