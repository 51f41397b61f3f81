'use strict';
// bindSync() and connectSync(): what is done when they return, and what they throw.
const { test } = require('../../helpers/test');
const assert = require('assert');
const dgram = require('dgram');
const { BlockList } = require('net');
const { once } = require('events');

const HOST = '127.0.0.1';

function made(t, options = 'udp4') {
  const socket = dgram.createSocket(options);
  t.after(() => socket[Symbol.asyncDispose]());
  return socket;
}
function bound(t) {
  const socket = made(t);
  return { socket, port: socket.bindSync({ address: HOST }).port };
}

test('bindSync() returns where it is bound, and listening follows', async (t) => {
  const socket = made(t);
  let told = false;
  socket.on('listening', () => (told = true));
  const address = socket.bindSync({ address: HOST, port: 0 });
  assert.deepStrictEqual(address, socket.address());
  assert.deepStrictEqual([address.address, address.family], [HOST, 'IPv4']);
  assert.strictEqual(told, false);
  await once(socket, 'listening');
});

test('without options it is bound to every address and any port', (t) => {
  assert.strictEqual(made(t).bindSync().address, '0.0.0.0');
  assert.strictEqual(made(t, 'udp6').bindSync().address, '::');
});

test('messages arrive at a socket that was bound at once', async (t) => {
  const { socket, port } = bound(t);
  made(t).send('hi', port, HOST);
  const [message] = await once(socket, 'message');
  assert.strictEqual(String(message), 'hi');
});

test('what bind(2) refuses is thrown, and the socket can be bound elsewhere', (t) => {
  const { port } = bound(t);
  const socket = made(t);
  assert.throws(() => socket.bindSync({ address: HOST, port }), {
    code: 'EADDRINUSE',
    syscall: 'bind',
    address: HOST,
    port,
  });
  assert.ok(socket.bindSync({ address: HOST }).port > 0);
});

test('bindSync() looks no name up and binds once', (t) => {
  const socket = made(t);
  assert.throws(() => socket.bindSync({ address: 'localhost' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => socket.bindSync({ port: 'x' }), { code: 'ERR_SOCKET_BAD_PORT' });
  socket.bind(0, HOST);
  assert.throws(() => socket.bindSync(), { code: 'ERR_SOCKET_ALREADY_BOUND' });
});

test('connectSync() binds and connects, and both events follow', async (t) => {
  const { socket: server, port } = bound(t);
  const socket = made(t);
  const told = [];
  for (const name of ['listening', 'connect']) socket.on(name, () => told.push(name));
  assert.strictEqual(socket.connectSync(port, HOST), undefined);
  assert.deepStrictEqual(socket.remoteAddress(), { address: HOST, family: 'IPv4', port });
  assert.strictEqual(told.length, 0);
  socket.send('hi');
  const [message] = await once(server, 'message');
  assert.strictEqual(String(message), 'hi');
  assert.deepStrictEqual(told, ['listening', 'connect']);
});

test('what connect(2) refuses is thrown, and the socket is not connected', (t) => {
  const socket = made(t);
  assert.throws(() => socket.connectSync(9, '255.255.255.255'), {
    code: 'EACCES',
    syscall: 'connect',
  });
  assert.throws(() => socket.remoteAddress(), { code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
  socket.connectSync(9, HOST);
  assert.throws(() => socket.connectSync(9, HOST), { code: 'ERR_SOCKET_DGRAM_IS_CONNECTED' });
});

test('connectSync() keeps to the list of addresses that are not sent to', (t) => {
  const sendBlockList = new BlockList();
  sendBlockList.addAddress(HOST);
  const socket = made(t, { type: 'udp4', sendBlockList });
  assert.throws(() => socket.connectSync(9, HOST), { code: 'ERR_IP_BLOCKED' });
  assert.throws(() => socket.address(), { code: 'EBADF' });
});

test('a socket that is closed at once tells nothing more', async () => {
  const socket = dgram.createSocket('udp4');
  socket.on('listening', () => assert.fail('listening'));
  socket.on('connect', () => assert.fail('connect'));
  socket.connectSync(9, HOST);
  socket.close();
  await once(socket, 'close');
  assert.throws(() => socket.bindSync(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
});

test('a group is joined by a socket that nobody bound', async (t) => {
  const socket = made(t);
  socket.addMembership('224.0.0.114', HOST);
  assert.strictEqual(socket.address().address, '0.0.0.0');
  await once(socket, 'listening');
});

test('a lookup of the program is asked for every address', async (t) => {
  const asked = [];
  const lookup = (name, family, done) => {
    asked.push([name, family]);
    process.nextTick(done, null, HOST, 4);
  };
  const { socket: server, port } = bound(t);
  const socket = made(t, { type: 'udp4', lookup });
  socket.send('x', port, 'some.name');
  await once(server, 'message');
  assert.deepStrictEqual(asked, [
    ['0.0.0.0', 4],
    ['some.name', 4],
  ]);
});

test('sizes that are none are refused, and the class is called without new', (t) => {
  const { socket } = bound(t);
  for (const name of ['setRecvBufferSize', 'setSendBufferSize']) {
    assert.throws(() => socket[name](), { code: 'ERR_SOCKET_BAD_BUFFER_SIZE' });
    assert.throws(() => socket[name](2 ** 31), { code: 'ERR_SOCKET_BUFFER_SIZE' });
  }
  assert.ok(dgram.Socket('udp4') instanceof dgram.Socket);
});

test('a descriptor that is no UDP socket is refused', (t) => {
  assert.throws(() => made(t).bind({ fd: 99999 }), { code: 'ERR_INVALID_FD_TYPE' });
});
