'use strict';
const assert = require('assert');
const http = require('http');
const https = require('https');
const { once } = require('events');
const { suite } = require('./harness');
const { ca, pairOf } = require('../helpers/tls');

const { load, test } = suite('ws');
const ws = load('ws');

/** A server that sends everything back. */
async function echo(t, options) {
  const server = new ws.WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
  server.on('connection', (socket) => {
    socket.on('error', () => {}); // of a client that sends what it must not
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await once(server, 'listening');
  t.after(() => {
    for (const client of server.clients) client.terminate();
    return new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return `ws://127.0.0.1:${server.address().port}/`;
}

for (const perMessageDeflate of [false, true]) {
  test(`messages go both ways, compression ${perMessageDeflate ? 'on' : 'off'}`, async (t) => {
    const url = await echo(t, { perMessageDeflate });
    const client = new ws.WebSocket(url, { perMessageDeflate });
    await once(client, 'open');
    assert.strictEqual(client.extensions, perMessageDeflate ? 'permessage-deflate' : '');
    for (const message of ['text \u20ac', '', 'x'.repeat(100000), Buffer.alloc(3e6, 'sluice')]) {
      client.send(message);
      const [data, isBinary] = await once(client, 'message');
      assert.strictEqual(isBinary, typeof message !== 'string');
      assert.ok(data.equals(Buffer.from(message)));
    }
    client.ping('are you there');
    const [pong] = await once(client, 'pong');
    assert.strictEqual(pong.toString(), 'are you there');
    client.close(1000, 'done');
    const [code, reason] = await once(client, 'close');
    assert.deepStrictEqual([code, reason.toString()], [1000, 'done']);
  });
}

test('a server of http serves both requests and sockets', async (t) => {
  const server = http.createServer((req, res) => res.end('plain'));
  const sockets = new ws.WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) => {
    if (req.url !== '/socket')
      return socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(req, socket, head, (one) => one.send(req.headers['x-name']));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address();
  const client = new ws.WebSocket(`ws://127.0.0.1:${port}/socket`, { headers: { 'X-Name': 'me' } });
  const [message] = await once(client, 'message');
  assert.strictEqual(message.toString(), 'me');
  client.terminate();
  const [res] = await once(http.get({ port, agent: false }), 'response');
  assert.strictEqual((await res.toArray()).join(''), 'plain');
  const refused = new ws.WebSocket(`ws://127.0.0.1:${port}/other`);
  const [error] = await once(refused, 'error');
  assert.strictEqual(error.message, 'Unexpected server response: 404');
});

test('a socket is a stream', async (t) => {
  const client = new ws.WebSocket(await echo(t));
  const stream = ws.createWebSocketStream(client);
  const big = Buffer.alloc(1e6, 'ab');
  stream.end(big);
  const parts = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size === big.length) break;
  }
  assert.ok(Buffer.concat(parts).equals(big));
});

test('500 messages without waiting arrive in order', async (t) => {
  const client = new ws.WebSocket(await echo(t, { perMessageDeflate: true }));
  await once(client, 'open');
  const seen = [];
  const all = new Promise((resolve) => {
    client.on('message', (data) => {
      if (seen.push(`${data}`) === 500) resolve();
    });
  });
  const texts = Array.from({ length: 500 }, (_, i) => `message ${i}`);
  for (const text of texts) client.send(text);
  await all;
  assert.deepStrictEqual(seen, texts);
});

test('a message that is too large, and text that is none, close the connection', async (t) => {
  const url = await echo(t, { maxPayload: 1000 });
  for (const [data, code] of [
    [Buffer.alloc(2000), 1009],
    [Buffer.from([0xff, 0xfe]), 1007],
  ]) {
    const client = new ws.WebSocket(url);
    await once(client, 'open');
    client.send(data, { binary: code === 1009 });
    assert.strictEqual((await once(client, 'close'))[0], code);
  }
});

test('a client is told that the server ended, and another connects to the next', async (t) => {
  const first = new ws.WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(first, 'listening');
  const { port } = first.address();
  const client = new ws.WebSocket(`ws://127.0.0.1:${port}/`);
  await once(client, 'open');
  const closed = once(client, 'close');
  for (const one of first.clients) one.close(1001);
  const ended = new Promise((resolve) => first.close(resolve));
  assert.strictEqual((await closed)[0], 1001);
  await ended;
  const again = new ws.WebSocket(await echo(t, { port }));
  await once(again, 'open');
  again.send('here');
  assert.strictEqual(`${(await once(again, 'message'))[0]}`, 'here');
});

test('TLS verifies the server', async (t) => {
  const server = https.createServer(pairOf('server'));
  const sockets = new ws.WebSocketServer({ server });
  sockets.on('connection', (one) => one.send('secret'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const one of sockets.clients) one.terminate();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = `wss://localhost:${server.address().port}/`;
  const client = new ws.WebSocket(url, { ca: ca() });
  assert.strictEqual(`${(await once(client, 'message'))[0]}`, 'secret');
  const [error] = await once(new ws.WebSocket(url), 'error');
  assert.strictEqual(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});
