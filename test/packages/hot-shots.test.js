'use strict';
const assert = require('assert');
const dgram = require('dgram');
const { once } = require('events');
const { suite } = require('./harness');
const { stub } = require('./stubs');

const { load, test } = suite('hot-shots');
const StatsD = load('hot-shots');

const end = (client) => new Promise((resolve) => client.close(resolve));

test('counters go by UDP, with prefix and tags', async (t) => {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  const client = new StatsD({
    host: '127.0.0.1',
    port: socket.address().port,
    prefix: 'a.',
    globalTags: ['t:1'],
  });
  client.increment('requests', 2, ['path:x']);
  assert.strictEqual(`${(await once(socket, 'message'))[0]}`.trim(), 'a.requests:2|c|#t:1,path:x');
  await end(client);
});

test('gauges go by TCP', async (t) => {
  let arrived;
  const text = new Promise((resolve) => {
    arrived = resolve;
  });
  const port = await stub(t, (socket) => socket.once('data', (bytes) => arrived(`${bytes}`)));
  const client = new StatsD({ protocol: 'tcp', host: '127.0.0.1', port });
  client.gauge('open', 5);
  assert.strictEqual(await text, 'open:5|g\n');
  await end(client);
});
