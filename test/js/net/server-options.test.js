'use strict';
const { test } = require('../../helpers/test');
const { serve, closed, until } = require('../../helpers/net');
const assert = require('assert');
const { once } = require('events');
const net = require('net');

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('with captureRejections a rejection of a connection listener destroys that socket', async (t) => {
  const { server, connect } = await serve(t, undefined, { captureRejections: true });
  const failed = Promise.withResolvers();
  server.on('connection', async (socket) => {
    socket.on('error', failed.resolve);
    throw new Error('from a listener');
  });
  const client = connect().on('error', () => {});
  assert.strictEqual((await failed.promise).message, 'from a listener');
  await closed(client);
});

test('allowHalfOpen of a server keeps the own side of its sockets open', async (t) => {
  const { connect } = await serve(
    t,
    (socket) => {
      socket.on('end', () => setImmediate(() => socket.end('late')));
      socket.resume();
    },
    { allowHalfOpen: true },
  );
  const client = connect();
  client.end('x');
  let text = '';
  for await (const chunk of client) text += chunk;
  assert.strictEqual(text, 'late');
});

test('noDelay, keepAlive and highWaterMark of a server reach its sockets', async (t) => {
  const ends = Promise.withResolvers();
  const { connect } = await serve(t, ends.resolve, {
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 2500,
    highWaterMark: 1234,
  });
  connect();
  const accepted = await ends.promise;
  assert.strictEqual(accepted.readableHighWaterMark, 1234);
  assert.strictEqual(accepted.writableHighWaterMark, 1234);
  assert.strictEqual(accepted.server.noDelay, true);
});

test('blockList of a server drops connections before they are told', async (t) => {
  const blockList = new net.BlockList();
  blockList.addAddress('127.0.0.1');
  const { server, connect } = await serve(t, () => assert.fail('connection'), { blockList });
  const dropped = once(server, 'drop');
  const client = connect();
  client.on('error', () => {});
  const [data] = await dropped;
  assert.strictEqual(data.remoteAddress, '127.0.0.1');
  await closed(client);
});

test('blockList of connect refuses an address', async () => {
  const blockList = new net.BlockList();
  blockList.addSubnet('127.0.0.0', 8);
  const client = net.connect({ port: 1, host: '127.0.0.1', blockList });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'ERR_IP_BLOCKED');
});

test('maxConnections may change while the server runs', async (t) => {
  const { server, connect, open } = await serve(t, (socket) => socket.resume());
  server.maxConnections = 1;
  connect();
  await until(() => open.size === 1);
  const second = connect();
  second.on('error', () => {}); // an encrypted one was in its handshake
  await closed(second);
  server.maxConnections = 2;
  connect();
  await until(() => open.size === 2);
});

test('closing while the host is being resolved, then listening again, follows the last call', async (t) => {
  const server = net.createServer();
  t.after(() => server.close());
  server.listen(0, 'localhost', () => assert.fail('of the first call'));
  server.close();
  server.removeAllListeners('listening');
  server.listen(0, '127.0.0.2');
  await once(server, 'listening');
  for (let i = 0; i < 20; i++) await turn();
  assert.strictEqual(server.address().address, '127.0.0.2');
});

test('a host that does not exist is an error event', async () => {
  const server = net.createServer();
  server.listen(0, 'does-not-exist.invalid');
  const [error] = await once(server, 'error');
  assert.strictEqual(error.syscall, 'getaddrinfo');
  assert.strictEqual(server.listening, false);
});

test('an address that is not of this machine is EADDRNOTAVAIL', async () => {
  const server = net.createServer();
  server.listen(80, '192.0.2.1');
  const [error] = await once(server, 'error');
  assert.strictEqual(error.message, 'listen EADDRNOTAVAIL: address not available 192.0.2.1:80');
  assert.deepStrictEqual(
    [error.code, error.syscall, error.address, error.port],
    ['EADDRNOTAVAIL', 'listen', '192.0.2.1', 80],
  );
});

test('a backlog of one serves clients that come one after another', async (t) => {
  const server = net.createServer((socket) => socket.end('ok'));
  t.after(() => server.close());
  server.listen(0, '127.0.0.1', 1);
  await once(server, 'listening');
  for (let i = 0; i < 20; i++)
    assert.strictEqual(
      await closed(net.connect(server.address().port, '127.0.0.1').resume()),
      false,
    );
});

test('ipv6Only keeps IPv4 out', async (t) => {
  const server = net.createServer();
  t.after(() => server.close());
  server.listen({ port: 0, host: '::', ipv6Only: true });
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  assert.strictEqual((await once(client, 'error'))[0].code, 'ECONNREFUSED');
});

test('two servers share a port with reusePort', async (t) => {
  const first = net.createServer();
  const second = net.createServer();
  t.after(() => first.close());
  t.after(() => second.close());
  first.listen({ port: 0, host: '127.0.0.1', reusePort: true });
  await once(first, 'listening');
  second.listen({ port: first.address().port, host: '127.0.0.1', reusePort: true });
  await once(second, 'listening');
});

test('a server of the page that does not run tells close callbacks, and emits nothing', async () => {
  const server = net.createServer('g', 0, { addr: '127.0.0.1' });
  let closes = 0;
  server.on('close', () => closes++);
  const error = await new Promise((resolve) => server.close(resolve));
  assert.strictEqual(error.code, 'ERR_SERVER_NOT_RUNNING');
  for (let i = 0; i < 5; i++) await turn();
  assert.strictEqual(closes, 0);
  server.listen();
  server.close();
  server.close();
  await closed(server);
  for (let i = 0; i < 5; i++) await turn();
  assert.strictEqual(closes, 1);
  server.listen();
  assert.ok(server.port() > 0);
  server.close();
});

test('connection, close and destroy in every listener of a server do no harm', async (t) => {
  const { server, connect } = await serve(t, (socket) => socket.destroy());
  for (let i = 0; i < 20; i++)
    await closed(
      connect()
        .on('error', () => {})
        .resume(),
    );
  server.close();
  await closed(server);
  const again = net.createServer((socket) => {
    again.close();
    socket.end('bye');
  });
  again.listen(0, '127.0.0.1');
  await once(again, 'listening');
  const client = net.connect(again.address().port, '127.0.0.1').resume();
  await Promise.all([closed(client), closed(again)]);
});
