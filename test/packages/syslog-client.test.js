'use strict';
const assert = require('assert');
const dgram = require('dgram');
const { once } = require('events');
const { suite } = require('./harness');
const { stub } = require('./stubs');

const { load, test } = suite('syslog-client');
const syslog = load('syslog-client');

test('lines go by TCP and UDP with their severity', async (t) => {
  let arrived;
  const byTcp = new Promise((resolve) => {
    arrived = resolve;
  });
  const port = await stub(t, (socket) => socket.once('data', (bytes) => arrived(`${bytes}`)));
  const tcp = syslog.createClient('127.0.0.1', { port, transport: syslog.Transport.Tcp });
  t.after(() => tcp.close());
  tcp.log('by TCP', { severity: syslog.Severity.Error });
  assert.match(await byTcp, /^<131>.*by TCP\n$/s);
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  const udp = syslog.createClient('127.0.0.1', { port: socket.address().port, rfc3164: false });
  t.after(() => udp.close());
  udp.log('by UDP');
  assert.match(`${(await once(socket, 'message'))[0]}`, /^<\d+>1 .*by UDP/s);
});
