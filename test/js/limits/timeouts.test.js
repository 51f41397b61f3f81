'use strict';
// server.timeouts: each has a close reason, in every form of server.
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve, closed, until } = require('../../helpers/net');
const { serveTls } = require('../../helpers/tls');
const { startServer } = require('../../helpers/server');
const { master } = require('../groups/group');

/** The close reason of the next connection of a server that ends. */
async function reason(server) {
  await until(() => server.recent({ limit: 1 }).length > 0);
  return server.recent({ limit: 1 })[0].closeReason.code;
}

test('firstByte ends who says nothing, and nobody else', async (t) => {
  const { server, connect } = await serve(t, (socket) => socket.resume());
  server.timeouts = { firstByte: 60 };
  const speaks = connect();
  speaks.write('x');
  const silent = connect();
  silent.resume();
  await closed(silent);
  assert.strictEqual(await reason(server), 'first-byte-timeout');
  assert.strictEqual(speaks.destroyed, false);
});

test('idle ends a connection without bytes in either direction', async (t) => {
  const { server, connect } = await serve(t, (socket) => socket.pipe(socket));
  server.timeouts = { idle: 60 };
  const client = connect();
  client.write('x');
  client.resume();
  await closed(client);
  assert.strictEqual(await reason(server), 'idle-timeout');
});

test('lifetime ends a connection however much it says', async (t) => {
  const { server, connect } = await serve(t, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.timeouts = { lifetime: 80 };
  const client = connect();
  client.on('error', () => {});
  client.on('data', (data) => client.write(data));
  client.write('x');
  await closed(client);
  assert.strictEqual(await reason(server), 'lifetime');
});

test('writeStall ends who does not read', async (t) => {
  const { server, connect } = await serve(t, (socket) => {
    socket.on('error', () => {});
    for (let i = 0; i < 200; i++) socket.write(Buffer.alloc(100_000));
  });
  server.timeouts = { writeStall: 60 };
  const client = connect();
  client.pause();
  client.on('error', () => {});
  assert.strictEqual(await reason(server), 'write-stall');
});

test('handshake ends a client of TLS that says nothing', async (t) => {
  const { server, port } = await serveTls(t, {});
  server.on('tlsClientError', () => {});
  server.timeouts = { handshake: 50 };
  const client = net.connect(port, '127.0.0.1');
  client.resume();
  await closed(client);
  assert.strictEqual(await reason(server), 'handshake-timeout');
});

test('of TLS the time to the first byte begins after the handshake', async (t) => {
  const { server, connect } = await serveTls(t, {}, (socket) => socket.resume());
  server.timeouts = { firstByte: 60 };
  const client = connect();
  client.resume();
  await once(client, 'secureConnect');
  await closed(client);
  assert.strictEqual(await reason(server), 'first-byte-timeout');
});

test('http servers have them', async (t) => {
  const server = http.createServer((request, response) => response.end('yes'));
  server.timeouts = { firstByte: 60 };
  const { port } = await startServer(t, server);
  const client = net.connect(port, '127.0.0.1');
  client.resume();
  await closed(client);
  assert.strictEqual(await reason(server), 'first-byte-timeout');
});

test('a group has them for all of its members', async (t) => {
  const server = await master(t, 'admitted', 1, `${__dirname}/fixtures/greet.js`, (one) => {
    one.timeouts = { firstByte: 60 };
  });
  for (let i = 0; i < 2; i++) {
    const client = net.connect(server.port(), '127.0.0.1');
    client.resume();
    await closed(client);
  }
  const found = server.recent({ code: 'first-byte-timeout' });
  assert.deepStrictEqual(found.map((one) => one.member).sort(), [0, 1]);
});

test('they are changed while the server listens, for connections to come', async (t) => {
  const { server, connect } = await serve(t, (socket) => socket.resume());
  server.timeouts = { lifetime: 1e9 };
  const first = connect();
  await once(server, 'connection');
  server.timeouts = { lifetime: 30 };
  const second = connect();
  second.resume();
  await closed(second);
  assert.strictEqual(first.destroyed, false);
  server.timeouts = undefined;
  assert.strictEqual(server.timeouts, undefined);
});

for (const [value, code] of [
  [{ first: 1 }, 'ERR_INVALID_ARG_VALUE'],
  [{ idle: -1 }, 'ERR_OUT_OF_RANGE'],
  [{ idle: '1' }, 'ERR_INVALID_ARG_TYPE'],
  [1, 'ERR_INVALID_ARG_TYPE'],
])
  test(`the times ${JSON.stringify(value)} are refused as ${code}`, () => {
    const server = net.createServer();
    assert.throws(() => (server.timeouts = value), { code, message: /server\.timeouts/ });
  });
