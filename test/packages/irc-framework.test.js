'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');
const { once } = require('events');

const { load, test, servers } = suite('irc-framework', ['ngircd']);
const [server] = servers;
const { Client } = load('irc-framework');

async function connect(t, nick, more) {
  const client = new Client();
  client.connect({
    host: '127.0.0.1',
    port: server.port,
    nick,
    auto_reconnect: false,
    ping_interval: 0,
    ...more,
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
      if (seen.push(message) === 300) resolve();
    });
  });
  for (let i = 0; i < 300; i++) one.say('#room', `message ${i}`);
  await all;
  assert.deepStrictEqual(
    seen,
    Array.from({ length: 300 }, (_, i) => `message ${i}`),
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

test('an error of the server is an event', async (t) => {
  const client = await connect(t, 'asking');
  const error = once(client, 'irc error').catch((reason) => [reason]);
  client.say('nobody', 'text');
  assert.strictEqual((await error)[0].error, 'no_such_nick');
});

test('a client connects again after the server restarted', async (t) => {
  const client = await connect(t, 'again');
  const closed = once(client, 'close');
  await server.restart();
  await closed;
  client.connect();
  await once(client, 'registered');
  const joined = once(client, 'join');
  client.join('#again');
  assert.strictEqual((await joined)[0].channel, '#again');
});

test('TLS verifies the server', async (t) => {
  const options = { port: server.ports.second, tls: true };
  const pem = fs.readFileSync(server.file('server.crt'));
  const client = new Client();
  client.connect({ host: '127.0.0.1', ...options, nick: 'stranger', rejectUnauthorized: true });
  const [error] = await once(client, 'socket close');
  assert.match(`${error?.code ?? error?.message}`, /SELF_SIGNED|self-signed/);
  await connect(t, 'trusted', { ...options, rejectUnauthorized: false, ca: pem });
});
