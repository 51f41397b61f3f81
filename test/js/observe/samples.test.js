'use strict';
// What TCP_INFO says of connections that are open, in metrics. It is looked at once in 10 s: this is the
// only test of its process.
const assert = require('assert');
const net = require('net');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { sample } = require('../../helpers/metrics');
const { until } = require('../../helpers/net');

test('connections that are open are looked at when metrics are read', async (t) => {
  const server = net.createServer((one) => one.pipe(one)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  t.after(() => {
    client.destroy();
    server.close();
  });
  client.write('x');
  await once(client, 'data');
  const count = () => Number(sample('sluice_tcp_rtt_seconds_count{group="",side="made"}') ?? 0);
  assert.strictEqual(count(), 0);
  await until(() => count() === 1);
});
