'use strict';
// net.promises, and servers whose connections are iterated.
const { test } = require('node:test');
const assert = require('node:assert');
const net = require('net');
const { once } = require('events');

const serve = async (t, options) => {
  const server = await net.promises.listen({ port: 0, host: '127.0.0.1', ...options });
  t.after(() => server.close());
  return server;
};

test('net/promises is what net.promises is', () => {
  assert.strictEqual(require('net/promises'), net.promises);
});

test('listen() resolves with a server that listens, connect() with a socket that is connected', async (t) => {
  const server = await serve(t, { connectionListener: (socket) => socket.end('hello') });
  assert.strictEqual(server.listening, true);
  const socket = await net.promises.connect(server.address().port, '127.0.0.1');
  assert.strictEqual(socket.readyState, 'open');
  assert.strictEqual((await socket.setEncoding('utf8').toArray()).join(''), 'hello');
});

test('what fails rejects', async (t) => {
  const server = await serve(t);
  const { port } = server.address();
  await assert.rejects(serve(t, { port }), { code: 'EADDRINUSE' });
  server.close();
  await once(server, 'close');
  await assert.rejects(net.promises.connect(port, '127.0.0.1'), { code: 'ECONNREFUSED' });
});

test('bad arguments reject, and leave nothing behind', async () => {
  await assert.rejects(net.promises.listen(5), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(net.promises.listen({ port: -1 }), { code: 'ERR_SOCKET_BAD_PORT' });
  await assert.rejects(net.promises.listen({ port: 0, signal: 'x' }), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  await assert.rejects(net.promises.connect({}), { code: 'ERR_MISSING_ARGS' });
});

test('a signal that aborted lets nothing listen', async () => {
  const reason = new Error('why');
  await assert.rejects(net.promises.listen({ port: 0, signal: AbortSignal.abort(reason) }), reason);
});

test('the connections of a server come one after another, until it closes', async (t) => {
  const server = await serve(t);
  const { port } = server.address();
  const texts = [];
  const peers = ['a', 'b'].map((text) => net.connect(port, '127.0.0.1').end(text));
  for await (const socket of server) {
    texts.push((await socket.setEncoding('utf8').toArray()).join(''));
    socket.end();
    if (texts.length === peers.length) server.close();
  }
  assert.deepStrictEqual(texts.sort(), ['a', 'b']);
  assert.strictEqual(server.listenerCount('connection'), 0);
});

test('who leaves the loop has the connections destroyed that nobody has', async (t) => {
  const server = await serve(t);
  const { port } = server.address();
  const peers = [net.connect(port, '127.0.0.1'), net.connect(port, '127.0.0.1')];
  const ends = Promise.all(peers.map((peer) => peer.on('error', () => {}) && once(peer, 'close')));
  peers.forEach((peer) => peer.resume());
  let accepted = 0;
  const both = new Promise((resolve) =>
    server.on('connection', function count() {
      if (++accepted < peers.length) return;
      server.off('connection', count);
      resolve();
    }),
  );
  for await (const socket of server) {
    await both;
    socket.destroy();
    break;
  }
  await ends;
});

test('what a server tells as error is thrown', async (t) => {
  const server = await serve(t);
  process.nextTick(() => server.emit('error', new Error('mine')));
  await assert.rejects(server[Symbol.asyncIterator]().next(), { message: 'mine' });
});
