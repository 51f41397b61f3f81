'use strict';
const assert = require('assert');
const http = require('http');
const { suite } = require('./harness');
const { MESSAGES, httpServer } = require('./websockets');

const { load, test } = suite('faye-websocket');
const WebSocket = load('faye-websocket');

const event = (target, name) => new Promise((resolve) => target.once(name, resolve));

test('messages go both ways, and events to those who only listen', async (t) => {
  const { server, port } = await httpServer(t);
  server.on('upgrade', (req, socket, head) => {
    const one = new WebSocket(req, socket, head);
    one.on('message', ({ data }) => one.send(data));
  });
  server.removeAllListeners('request');
  server.on('request', (req, res) => {
    const source = new WebSocket.EventSource(req, res);
    source.send('news');
    source.close();
  });
  const client = new WebSocket.Client(`ws://127.0.0.1:${port}/`);
  await event(client, 'open');
  for (const message of MESSAGES) {
    client.send(message);
    const { data } = await event(client, 'message');
    assert.ok(Buffer.from(data).equals(Buffer.from(message)));
  }
  client.close(1000);
  assert.strictEqual((await event(client, 'close')).code, 1000);
  const options = { port, headers: { accept: 'text/event-stream' }, agent: false };
  const res = await event(http.get(options), 'response');
  assert.match((await res.setEncoding('utf8').toArray()).join(''), /data: news/);
});
