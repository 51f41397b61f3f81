'use strict';
// What is known of connections: socket.info(), server.connections(), server.recent().
const assert = require('assert');
const net = require('net');
const os = require('os');
const path = require('path');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve, pair, closed, until } = require('../../helpers/net');
const { serveTls } = require('../../helpers/tls');

test('info() tells what both ends see', async (t) => {
  const { client, accepted } = await pair(t);
  client.write('hello');
  await once(accepted, 'data');
  const ours = client.info();
  const theirs = accepted.info();
  assert.strictEqual(theirs.id, accepted.id);
  assert.deepStrictEqual(ours.local, theirs.peer);
  assert.deepStrictEqual(ours.peer, { address: client.remoteAddress, port: client.remotePort });
  assert.deepStrictEqual([ours.bytes.out, theirs.bytes.in], [5, 5]);
  assert.deepStrictEqual([ours.side, theirs.side], ['made', 'accepted']);
  assert.strictEqual(theirs.tcp.state, 'established');
  assert.ok(ours.times.opened <= ours.times.connected && ours.times.connected <= Date.now());
  assert.ok(theirs.times.firstIn >= theirs.times.opened);
  assert.strictEqual(theirs.times.firstOut, undefined);
});

test('info() is the last one after the end', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.resume();
  client.end('bye');
  await Promise.all([closed(accepted), closed(client.resume())]);
  const { bytes, times, tcp, closeReason } = accepted.info();
  assert.strictEqual(bytes.in, 3);
  assert.ok(times.closed >= times.lastIn);
  assert.ok(['close-wait', 'last-ack', 'close'].includes(tcp.state), tcp.state);
  assert.deepStrictEqual(closeReason, { by: 'peer', code: 'peer-end' });
});

test('a socket that never had a descriptor has neither', () => {
  const socket = new net.Socket();
  assert.strictEqual(socket.info(), null);
  assert.strictEqual(socket.closeReason, null);
  socket.destroy();
  assert.strictEqual(socket.closeReason, null);
});

test('a Unix connection is one, with the path', async (t) => {
  const file = path.join(os.tmpdir(), `info-${process.pid}.sock`);
  const server = net.createServer().listen(file);
  t.after(() => server.close());
  await once(server, 'listening');
  const client = net.connect(file);
  t.after(() => client.destroy());
  const [accepted] = await once(server, 'connection');
  assert.strictEqual(accepted.info().transport, 'unix');
  assert.strictEqual(accepted.info().local.path, file);
  assert.strictEqual(accepted.info().tcp, null);
});

test('what a TLS program moves is counted apart from what the kernel moves', async (t) => {
  const { server, connect } = await serveTls(t);
  const client = connect();
  const [accepted] = await once(server, 'secureConnection');
  client.write('hello');
  await once(accepted, 'data');
  const { bytes, tls } = accepted.info();
  assert.strictEqual(bytes.in, 5);
  assert.ok(bytes.wireIn > 100);
  assert.deepStrictEqual([tls.version, tls.sni, tls.resumed], ['TLSv1.3', 'localhost', false]);
  assert.strictEqual(client.info().tls.peer, 'localhost');
});

test('connections() lists more than a turn looks up, those of this server alone', async (t) => {
  const { server, connect } = await serve(t);
  const other = await serve(t);
  await once(other.connect(), 'connect');
  const clients = Array.from({ length: 600 }, () => connect());
  await Promise.all(clients.map((client) => once(client, 'connect')));
  await until(() => server._connections === 600);
  const all = [...server.connections()];
  assert.strictEqual(new Set(all.map(({ id }) => id)).size, 600);
  assert.ok(all.every(({ local }) => local.port === server.address().port));
  assert.strictEqual([...server.connections({ tcp: false })][0].tcp, null);
  assert.throws(() => server.connections({ tpc: true }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('recent() has the last first, and finds by code, peer, time and number', async (t) => {
  const { server, connect } = await serve(t, (socket) => socket.resume());
  const start = Date.now();
  const first = connect();
  await once(first, 'connect');
  first.end();
  await until(() => server.recent().length === 1);
  const second = connect();
  await once(second, 'connect');
  second.resetAndDestroy();
  await until(() => server.recent().length === 2);
  const codes = (options) => server.recent(options).map(({ closeReason }) => closeReason.code);
  assert.deepStrictEqual(codes(), ['peer-reset', 'peer-end']);
  assert.deepStrictEqual(codes({ limit: 1 }), ['peer-reset']);
  assert.deepStrictEqual(codes({ code: 'peer-end' }), ['peer-end']);
  assert.deepStrictEqual(codes({ peer: '127.0.0.2' }), []);
  assert.deepStrictEqual(codes({ peer: '/nowhere' }), []);
  for (const peer of ['127.0.0.0/8', '::ffff:127.0.0.1'])
    assert.strictEqual(codes({ peer }).length, 2);
  assert.deepStrictEqual(codes({ peer: '127.0.0.1', since: new Date(start) }).length, 2);
  assert.deepStrictEqual(codes({ since: Date.now() + 60000 }), []);
  for (const options of [
    { code: 'none' },
    { cod: 'peer-end' },
    { limit: 0 },
    { since: 'x' },
    { peer: 1 },
    { peer: 'localhost' },
    { peer: '127.0.0.0/33' },
  ])
    assert.throws(() => server.recent(options), { code: /^ERR_(?:INVALID_ARG|OUT_OF)/ });
});

test('an error tells of its connection without showing it', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.write('hello');
  await once(client, 'data');
  client.resetAndDestroy();
  const [error] = await once(accepted.resume(), 'error');
  assert.strictEqual(error.connection.id, accepted.id);
  assert.strictEqual(error.connection.bytes.out, 5);
  assert.match(error.connection.peer, /^127\.0\.0\.1:\d+$/);
  assert.ok(error.connection.age >= 0);
  assert.ok(!Object.keys(error).includes('connection'));
});
