'use strict';
const assert = require('assert');
const { once } = require('events');
const { suite } = require('./harness');
const { httpServer } = require('./websockets');

const { load, test } = suite('socket.io', [], [], ['socket.io-client']);
const { Server } = load('socket.io');
const { io } = load('socket.io-client');

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']])
  test(`events, answers and rooms work by ${transports.join(', then ')}`, async (t) => {
    const { server: web, port } = await httpServer(t);
    const server = new Server(web);
    t.after(() => server.close());
    const space = server.of('/space');
    space.on('connection', (socket) => {
      socket.join('room');
      socket.on('echo', (message, answer) => answer(message));
      socket.on('all', (message) => space.to('room').emit('told', message));
    });
    const client = io(`http://127.0.0.1:${port}/space`, { transports, forceNew: true });
    t.after(() => client.disconnect());
    await new Promise((resolve) => client.once('connect', resolve));
    const { engine } = client.io;
    if (transports.length > 1 && engine.transport.name !== transports.at(-1))
      await once(engine, 'upgrade');
    assert.strictEqual(engine.transport.name, transports.at(-1));
    const message = { text: 'x', bytes: Buffer.alloc(70000, 'ab') };
    assert.deepStrictEqual(await client.emitWithAck('echo', message), message);
    const told = new Promise((resolve) => client.once('told', resolve));
    client.emit('all', 'news');
    assert.strictEqual(await told, 'news');
  });
