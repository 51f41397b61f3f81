'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const dgram = require('dgram');
const { once } = require('events');
const { spawnSync } = require('child_process');

async function bound(t, options = 'udp4', address = undefined) {
  const socket = dgram.createSocket(options);
  socket.bind(0, address);
  await once(socket, 'listening');
  t.after(() => socket[Symbol.asyncDispose]());
  return socket;
}

const next = async (socket) => (await once(socket, 'message'))[0].toString();

test('a datagram arrives with the address that it came from', async (t) => {
  const server = await bound(t);
  const client = await bound(t);
  const sent = new Promise((resolve) => {
    client.send('hello', server.address().port, '127.0.0.1', (...result) => resolve(result));
  });
  const [message, from] = await once(server, 'message');
  assert.strictEqual(message.toString(), 'hello');
  assert.deepStrictEqual(from, {
    address: '127.0.0.1',
    family: 'IPv4',
    port: client.address().port,
    size: 5,
  });
  assert.deepStrictEqual(await sent, [null, 5]);
});

test('sending binds a socket, and names are resolved', async (t) => {
  const server = await bound(t);
  const client = dgram.createSocket('udp4');
  t.after(() => client[Symbol.asyncDispose]());
  client.send(Buffer.from('by name'), server.address().port, 'localhost');
  assert.strictEqual(await next(server), 'by name');
});

test('parts of a message and lists of parts are sent', async (t) => {
  const server = await bound(t);
  const { port } = server.address();
  const client = await bound(t);
  client.send(Buffer.from('0123456789'), 2, 3, port, '127.0.0.1');
  assert.strictEqual(await next(server), '234');
  client.send(['a', Buffer.from('b'), new Uint8Array([99])], port);
  assert.strictEqual(await next(server), 'abc');
  client.send([], port);
  assert.strictEqual(await next(server), '');
  assert.throws(() => client.send('abc', 2, 5, port, '127.0.0.1'), {
    code: 'ERR_BUFFER_OUT_OF_BOUNDS',
  });
});

test('a connected socket has one peer', async (t) => {
  const server = await bound(t);
  const client = await bound(t);
  client.connect(server.address().port);
  await once(client, 'connect');
  assert.deepStrictEqual(client.remoteAddress(), { ...server.address(), address: '127.0.0.1' });
  client.send('connected');
  assert.strictEqual(await next(server), 'connected');
  client.send('012345', 1, 2);
  assert.strictEqual(await next(server), '12');
  assert.throws(() => client.send('x', 0, 1, 1234, '127.0.0.1'), {
    code: 'ERR_SOCKET_DGRAM_IS_CONNECTED',
  });
  assert.throws(() => client.connect(1), { code: 'ERR_SOCKET_DGRAM_IS_CONNECTED' });
  client.disconnect();
  assert.throws(() => client.remoteAddress(), { code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
  client.send('again', server.address().port);
  assert.strictEqual(await next(server), 'again');
});

test('nobody at the other end of a connected socket is an error', async (t) => {
  const gone = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address();
  gone.close();
  const client = await bound(t);
  client.connect(port, '127.0.0.1');
  await once(client, 'connect');
  client.send('x');
  assert.strictEqual((await once(client, 'error'))[0].code, 'ECONNREFUSED');
});

test('IPv6 sockets send and receive', async (t) => {
  const server = await bound(t, { type: 'udp6', ipv6Only: true }, '::1');
  const client = await bound(t, 'udp6');
  client.send('six', server.address().port, '::1');
  const [message, from] = await once(server, 'message');
  assert.strictEqual(message.toString(), 'six');
  assert.strictEqual(from.family, 'IPv6');
});

test('a group gets what is sent to it until it is left', async (t) => {
  const group = '239.255.10.20';
  const member = await bound(t, { type: 'udp4', reuseAddr: true });
  const sender = await bound(t);
  const { port } = member.address();
  member.addMembership(group, '127.0.0.1');
  sender.setMulticastInterface('127.0.0.1');
  sender.setMulticastLoopback(true);
  assert.strictEqual(sender.setMulticastTTL(1), 1);
  sender.send('to the group', port, group);
  assert.strictEqual(await next(member), 'to the group');
  member.dropMembership(group, '127.0.0.1');
  assert.throws(() => member.dropMembership(group, '127.0.0.1'), { code: 'EADDRNOTAVAIL' });
  assert.throws(() => member.addMembership('10.0.0.1'), { code: 'EINVAL' });
});

test('a datagram that is too large is an error of send()', async (t) => {
  const client = await bound(t);
  const error = await new Promise((resolve) =>
    client.send(Buffer.alloc(70000), 9, '127.0.0.1', resolve),
  );
  assert.strictEqual(error.code, 'EMSGSIZE');
  assert.strictEqual(error.syscall, 'send');
});

test('a port that is in use is an error event', async (t) => {
  const { port } = (await bound(t)).address();
  const second = dgram.createSocket('udp4');
  t.after(() => second[Symbol.asyncDispose]());
  second.bind(port);
  const [error] = await once(second, 'error');
  assert.deepStrictEqual([error.code, error.syscall, error.port], ['EADDRINUSE', 'bind', port]);
});

test('options have effect and limits', async (t) => {
  const socket = await bound(t, { type: 'udp4', recvBufferSize: 10000 });
  assert.strictEqual(socket.getRecvBufferSize(), 20000); // socket(7): the kernel doubles it
  socket.setSendBufferSize(12000);
  assert.strictEqual(socket.getSendBufferSize(), 24000);
  assert.throws(() => socket.setSendBufferSize(-1), { code: 'ERR_SOCKET_BAD_BUFFER_SIZE' });
  assert.strictEqual(socket.setTTL(5), 5);
  assert.throws(() => socket.setTTL(256), { code: 'EINVAL' });
  socket.setBroadcast(true);
  assert.deepStrictEqual([socket.getSendQueueSize(), socket.getSendQueueCount()], [0, 0]);
});

test('wrong calls are errors', async (t) => {
  assert.throws(() => dgram.createSocket('udp5'), { code: 'ERR_SOCKET_BAD_TYPE' });
  const socket = await bound(t);
  assert.throws(() => socket.bind(0), { code: 'ERR_SOCKET_ALREADY_BOUND' });
  assert.throws(() => socket.send('x', 65536), { code: 'ERR_SOCKET_BAD_PORT' });
  assert.throws(() => socket.send(3, 1), { code: 'ERR_INVALID_ARG_TYPE' });
  const closed = dgram.createSocket('udp4');
  await new Promise((resolve) => closed.close(resolve));
  for (const call of ['close', 'address', 'bind', 'remoteAddress'])
    assert.throws(() => closed[call](), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
});

test('an aborted signal closes a socket', async () => {
  const controller = new AbortController();
  const socket = dgram.createSocket({ type: 'udp4', signal: controller.signal });
  controller.abort();
  await once(socket, 'close');
});

test('a socket keeps the process unless it is not referenced', () => {
  const code = "require('dgram').createSocket('udp4').bind(0).unref()";
  assert.strictEqual(spawnSync(process.execPath, ['-e', code], { timeout: 50000 }).status, 0);
});
