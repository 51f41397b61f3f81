'use strict';
// net.BoundSocket: a socket that has its address before it is a server's or a connection's.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const { once } = require('events');

const HOST = '127.0.0.1';
const ADOPTED = { code: 'ERR_SOCKET_HANDLE_ADOPTED' };
const isOpen = (fd) => fs.existsSync(`/proc/self/fd/${fd}`);

function bound(t, options = { host: HOST }) {
  const made = new net.BoundSocket(options);
  t.after(() => made[Symbol.dispose]());
  return made;
}

/** A server of this socket, or these arguments, that says who it is. */
async function serve(t, ...args) {
  const server = net.createServer((socket) => socket.end('hello'));
  server.listen(...args);
  t.after(() => server.close());
  await once(server, 'listening');
  return server;
}

async function hello(port) {
  const socket = net.connect(port, HOST);
  const [data] = await once(socket, 'data');
  return String(data);
}

test('a bound socket knows its port at once', (t) => {
  const one = bound(t);
  const { address, family, port } = one.address();
  assert.deepStrictEqual([address, family, port > 0], [HOST, 'IPv4', true]);
  assert.ok(isOpen(one.fd()));
});

test('a port that is taken is an error', async (t) => {
  const { port } = (await serve(t, 0, HOST)).address();
  assert.throws(() => bound(t, { host: HOST, port }), {
    code: 'EADDRINUSE',
    syscall: 'bind',
    address: HOST,
    port,
  });
});

test('without a host it is bound to every address', (t) => {
  assert.strictEqual(bound(t, {}).address().address, '0.0.0.0');
  assert.strictEqual(bound(t, { ipv6Only: true }).address().address, '::');
});

test('options that are none are refused', (t) => {
  for (const [options, code] of [
    [null, 'ERR_INVALID_ARG_TYPE'],
    [{ host: 'localhost' }, 'ERR_INVALID_ARG_VALUE'],
    [{ host: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ port: 70000 }, 'ERR_SOCKET_BAD_PORT'],
    [{ ipv6Only: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ reusePort: 5 }, 'ERR_INVALID_ARG_TYPE'],
  ])
    assert.throws(() => bound(t, options), { code });
});

test('a server listens on it, and it is the server’s then', async (t) => {
  for (const form of [(one) => one, (one) => ({ handle: one })]) {
    const one = bound(t);
    const { port } = one.address();
    const server = await serve(t, form(one));
    assert.strictEqual(server.address().port, port);
    assert.strictEqual(await hello(port), 'hello');
    for (const call of ['address', 'fd', 'close']) assert.throws(() => one[call](), ADOPTED);
    assert.throws(() => net.createServer().listen(one), ADOPTED);
    assert.throws(() => new net.Socket({ handle: one }), ADOPTED);
  }
});

test('a connection goes out from it', async (t) => {
  let from;
  const server = await serve(t, 0, HOST);
  server.on('connection', (socket) => (from = socket.remotePort));
  const one = bound(t);
  const { port } = one.address();
  const socket = new net.Socket({ handle: one });
  assert.strictEqual(socket.localPort, port);
  socket.connect(server.address().port, HOST);
  assert.deepStrictEqual([socket.localAddress, socket.localPort], [HOST, port]);
  socket.resume();
  await once(socket, 'close');
  assert.strictEqual(from, port);
});

test('a connection to a name goes out from it too', async (t) => {
  const server = await serve(t, 0, HOST);
  const one = bound(t);
  const { port } = one.address();
  const lookup = (name, options, done) => done(null, HOST, 4);
  const socket = new net.Socket({ handle: one });
  socket.connect({ port: server.address().port, host: 'some.name', lookup });
  await once(socket, 'connect');
  assert.strictEqual(socket.localPort, port);
  socket.destroy();
});

test('a connection that fails says so later, and leaves no descriptor', async (t) => {
  const one = bound(t);
  const fd = one.fd();
  const socket = new net.Socket({ handle: one });
  socket.connect(1, HOST);
  const [error] = await once(socket, 'error');
  assert.deepStrictEqual([error.code, error.syscall], ['ECONNREFUSED', 'connect']);
  assert.ok(!isOpen(fd));
});

test('an address of the other family is an error of the connection', async (t) => {
  const one = bound(t);
  const fd = one.fd();
  const socket = new net.Socket({ handle: one });
  socket.connect(9, '::1');
  const [error] = await once(socket, 'error');
  assert.ok(['EINVAL', 'EAFNOSUPPORT'].includes(error.code), error.code);
  assert.ok(!isOpen(fd));
});

test('a socket that is destroyed before it connects closes it', (t) => {
  const one = bound(t);
  const fd = one.fd();
  const socket = new net.Socket({ handle: one });
  socket.destroy();
  assert.ok(!isOpen(fd));
  assert.strictEqual(socket.localAddress, undefined);
});

test('what closes it gives its port back', async (t) => {
  for (const close of [(one) => one.close(), (one) => one[Symbol.dispose]()]) {
    const one = bound(t);
    const { port } = one.address();
    const fd = one.fd();
    close(one);
    assert.ok(!isOpen(fd));
    assert.throws(() => one.address(), ADOPTED);
    one[Symbol.dispose]();
    await serve(t, port, HOST);
  }
});

test('own ends that are chosen twice are refused', (t) => {
  const socket = new net.Socket({ handle: bound(t) });
  t.after(() => socket.destroy());
  for (const options of [{ localAddress: HOST }, { localPort: 5 }])
    assert.throws(() => socket.connect({ port: 9, host: HOST, ...options }), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
});
