'use strict';
// Options of sockets, and reading into a buffer of the program's own that it pauses.
const { test } = require('../../helpers/test');
const { serve } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

test('a program that pauses reading into its own buffer gets all, though the peer ended', async (t) => {
  const { port } = await serve(t, (socket) => socket.end('hello world'));
  let text = '';
  const buffer = Buffer.alloc(5);
  const socket = net.connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer,
      callback(size) {
        text += buffer.toString('latin1', 0, size);
        setTimeout(() => socket.resume(), 5);
        return false;
      },
    },
  });
  await once(socket, 'close');
  assert.strictEqual(text, 'hello world');
});

test('the type of service of a new socket is set and checked', async (t) => {
  const { port } = await serve(t, (socket) => socket.resume());
  assert.strictEqual(new net.Socket({ typeOfService: 16 }).getTypeOfService(), 16);
  for (const typeOfService of [256, -1, 'x', 1.5])
    assert.throws(() => new net.Socket({ typeOfService }), /options.typeOfService/);
  const socket = new net.Socket({ typeOfService: 8 }).connect(port, '127.0.0.1');
  await once(socket, 'connect');
  assert.strictEqual(socket.getTypeOfService(), 8);
  socket.destroy();
});

test('keep-alive takes an interval and a count, in both forms', async (t) => {
  const { port } = await serve(t, (socket) => socket.resume());
  const socket = net.connect(port, '127.0.0.1');
  assert.strictEqual(socket.setKeepAlive(true, 1000, 2000, 3), socket);
  await once(socket, 'connect');
  const options = { enable: true, initialDelay: 1000, interval: 1000, count: 5 };
  assert.strictEqual(socket.setKeepAlive(options), socket);
  assert.strictEqual(socket.setKeepAlive(false), socket);
  socket.destroy();
});
