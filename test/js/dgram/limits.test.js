'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const dgram = require('dgram');
const { BlockList } = require('net');

test('options of a socket that is not open yet fail with EBADF', (t) => {
  const socket = dgram.createSocket('udp4');
  t.after(() => socket.close());
  for (const run of [
    () => socket.setBroadcast(true),
    () => socket.setTTL(5),
    () => socket.setMulticastTTL(5),
    () => socket.setMulticastLoopback(true),
    () => socket.setMulticastInterface('127.0.0.1'),
  ])
    assert.throws(run, { code: 'EBADF' });
  assert.throws(() => socket.getRecvBufferSize(), {
    code: 'ERR_SOCKET_BUFFER_SIZE',
    name: 'SystemError',
  });
});

test('addresses of block lists are neither sent to nor heard', async (t) => {
  const list = new BlockList();
  list.addAddress('127.0.0.1');
  const deaf = dgram.createSocket({ type: 'udp4', receiveBlockList: list });
  const open = dgram.createSocket('udp4');
  const mute = dgram.createSocket({ type: 'udp4', sendBlockList: list });
  t.after(() => [deaf, open, mute].forEach((socket) => socket.close()));
  deaf.on('message', () => assert.fail('a message arrived'));
  deaf.bind(0, '127.0.0.1');
  open.bind(0, '127.0.0.1');
  await Promise.all([once(deaf, 'listening'), once(open, 'listening')]);
  const error = await new Promise((resolve) =>
    mute.send('x', open.address().port, '127.0.0.1', resolve),
  );
  assert.strictEqual(error.code, 'ERR_IP_BLOCKED');
  await new Promise((resolve) => open.send('x', deaf.address().port, '127.0.0.1', resolve));
  open.send('to itself', open.address().port, '127.0.0.1');
  await once(open, 'message');
});

test('a socket connects once at a time', async (t) => {
  const socket = dgram.createSocket('udp4');
  t.after(() => socket.close());
  socket.connect(9, '127.0.0.1');
  assert.throws(() => socket.connect(9), { code: 'ERR_SOCKET_DGRAM_IS_CONNECTED' });
  assert.throws(() => socket.disconnect(), { code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
  await once(socket, 'connect');
  socket.disconnect();
});
