'use strict';
const { test } = require('../../helpers/test');
const { serve, closed, collect, until } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

test("createServer(options, listener) and createServer(listener) make a server of Node's form", async (t) => {
  for (const args of [[(one) => one.end('x')], [{}, (one) => one.end('x')]]) {
    const server = net.createServer(...args);
    assert.ok(server instanceof net.Server);
    t.after(() => server.close());
    assert.strictEqual(server.listen(0), server);
    await once(server, 'listening');
    assert.strictEqual(String(await collect(net.connect(server.address().port))), 'x');
  }
});

test('new net.Server() and net.Server() both make one', () => {
  assert.ok(new net.Server() instanceof net.Server);
  assert.ok(net.Server() instanceof net.Server);
});

test('listening comes after listen returned, and the callback with it', async (t) => {
  const server = net.createServer();
  t.after(() => server.close());
  let heard = 0;
  server.listen(0, () => heard++);
  assert.strictEqual(heard, 0);
  await once(server, 'listening');
  assert.strictEqual(heard, 1);
  assert.strictEqual(server.listening, true);
});

test('address() names the bound address, and null afterwards', async () => {
  const server = net.createServer();
  assert.strictEqual(server.address(), null);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port, family, address } = server.address();
  assert.ok(port > 0);
  assert.strictEqual(family, 'IPv4');
  assert.strictEqual(address, '127.0.0.1');
  server.close();
  assert.strictEqual(server.address(), null);
  assert.strictEqual(server.listening, false);
});

test('a taken port is an error event', async (t) => {
  const { port } = await serve(t);
  const second = net.createServer();
  second.on('listening', () => assert.fail('listening'));
  second.listen(port, '127.0.0.1');
  const [error] = await once(second, 'error');
  assert.strictEqual(error.code, 'EADDRINUSE');
  assert.strictEqual(error.syscall, 'listen');
  assert.strictEqual(error.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
  assert.strictEqual(error.port, port);
});

test('listening twice throws ERR_SERVER_ALREADY_LISTEN', async (t) => {
  const { server } = await serve(t);
  assert.throws(() => server.listen(0), { code: 'ERR_SERVER_ALREADY_LISTEN' });
});

test('a server listens again after close', async (t) => {
  const { server } = await serve(t);
  await new Promise((resolve) => server.close(resolve));
  server.listen(0);
  await once(server, 'listening');
  assert.ok(server.address().port > 0);
});

test('close waits for open connections, which go on', async (t) => {
  const { server, connect } = await serve(t, (one) => one.pipe(one));
  const client = connect();
  await once(client, 'connect');
  await until(() => server._connections === 1);
  let done = false;
  const ended = new Promise((resolve) =>
    server.close(() => {
      done = true;
      resolve();
    }),
  );
  client.write('still here');
  const [data] = await once(client, 'data');
  assert.strictEqual(String(data), 'still here');
  assert.strictEqual(done, false);
  client.end();
  await ended;
});

test('close of a server that does not listen calls back with ERR_SERVER_NOT_RUNNING', async () => {
  const error = await new Promise((resolve) => net.createServer().close(resolve));
  assert.strictEqual(error.code, 'ERR_SERVER_NOT_RUNNING');
});

test('getConnections counts open connections', async (t) => {
  const { server, connect } = await serve(t);
  const clients = [connect(), connect(), connect()];
  await until(() => server._connections === 3);
  const count = await new Promise((resolve) => server.getConnections((error, n) => resolve(n)));
  assert.strictEqual(count, 3);
  for (const one of clients) one.destroy();
  await until(() => server._connections === 0);
});

test('above maxConnections clients are dropped, told by drop', async (t) => {
  const { server, connect } = await serve(t);
  server.maxConnections = 1;
  const first = connect();
  await until(() => server._connections === 1);
  const dropped = once(server, 'drop');
  const second = connect();
  second.on('error', () => {});
  const [data] = await dropped;
  assert.strictEqual(data.remoteFamily, 'IPv4');
  assert.strictEqual(data.remoteAddress, '127.0.0.1');
  assert.ok(data.remotePort > 0);
  second.resume();
  await closed(second);
  assert.strictEqual(first.destroyed, false);
});

test('pauseOnConnect keeps bytes until resume', async (t) => {
  const got = Promise.withResolvers();
  const { connect } = await serve(t, got.resolve, { pauseOnConnect: true });
  const client = connect();
  client.end('kept');
  const accepted = await got.promise;
  assert.strictEqual(accepted.isPaused(), true);
  assert.strictEqual(accepted.bytesRead, 0);
  const all = collect(accepted);
  accepted.resume();
  assert.strictEqual(String(await all), 'kept');
});

test('connections to both families reach a server without a host', async (t) => {
  const server = net.createServer((one) => one.end(one.remoteAddress));
  t.after(() => server.close());
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  assert.match(String(await collect(net.connect(port, '127.0.0.1'))), /127\.0\.0\.1/);
  assert.strictEqual(String(await collect(net.connect(port, '::1'))), '::1');
});

test('a signal closes the server', async () => {
  const controller = new AbortController();
  const server = net.createServer();
  server.listen({ port: 0, signal: controller.signal });
  await once(server, 'listening');
  controller.abort();
  await once(server, 'close');
});

for (const [args, code] of [
  [[{ port: 65536 }], 'ERR_SOCKET_BAD_PORT'],
  [[-1], 'ERR_SOCKET_BAD_PORT'],
  [[true], 'ERR_INVALID_ARG_VALUE'],
  [[{}], 'ERR_INVALID_ARG_VALUE'],
])
  test(`listen(${JSON.stringify(args[0])}) throws ${code}`, () => {
    assert.throws(() => net.createServer().listen(...args), { code });
  });

test('createServer refuses options that are no object', () => {
  assert.throws(() => net.createServer(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('isIP, isIPv4 and isIPv6 classify', () => {
  for (const [text, family] of [
    ['127.0.0.1', 4],
    ['0.0.0.0', 4],
    ['01.2.3.4', 0],
    ['1.2.3', 0],
    ['1.2.3.256', 0],
    ['::1', 6],
    ['::', 6],
    ['fe80::1%eth0', 6],
    ['::ffff:1.2.3.4', 6],
    ['1::2::3', 0],
    ['', 0],
    ['localhost', 0],
    [undefined, 0],
    [null, 0],
    [5, 0],
    [{}, 0],
  ]) {
    assert.strictEqual(net.isIP(text), family, String(text));
    assert.strictEqual(net.isIPv4(text), family === 4);
    assert.strictEqual(net.isIPv6(text), family === 6);
  }
});
