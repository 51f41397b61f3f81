'use strict';
const assert = require('assert');
const net = require('net');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect } = require('../../helpers/net');
const { loopback, stop } = require('./group');

test('a sub hears that its group is stopping while its connections are still open', async (t) => {
  const server = net.createServer('stopping', 1, './fixtures/stopping', loopback());
  server.balance = (candidates) => candidates.at(-1);
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  const client = net.connect(server.port(), '127.0.0.1');
  const all = collect(client);
  await once(client, 'readable');
  server.close();
  assert.strictEqual(String(await all), 'hello true true true');
  await once(server, 'close');
});
