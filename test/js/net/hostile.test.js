'use strict';
// Values of a program that are not what they say.
const { test } = require('../../helpers/test');
const { pair, pattern } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

function readAll(stream, size) {
  return new Promise((resolve, reject) => {
    const parts = [];
    let length = 0;
    stream.on('error', reject);
    stream.on('data', (part) => {
      parts.push(part);
      length += part.length;
      if (length >= size) resolve(Buffer.concat(parts));
    });
  });
}

const define = (object, name, value) => Object.defineProperty(object, name, { value });
for (const [name, shadow] of [
  ['a `buffer` of its own', (view) => define(view, 'buffer', new ArrayBuffer(8))],
  ['no `buffer`', (view) => define(view, 'buffer', undefined)],
  ['a `resizable` that says false', ({ buffer }) => define(buffer, 'resizable', false)],
])
  test(`a view with ${name} whose memory shrinks is written as it was`, async (t) => {
    const { client, accepted } = await pair(t);
    const size = 8 << 20;
    const memory = new ArrayBuffer(size, { maxByteLength: size });
    const view = new Uint8Array(memory);
    view.set(pattern(size));
    const expected = Buffer.from(view);
    shadow(view);
    client.write(view);
    memory.resize(0);
    assert.ok((await readAll(accepted, size)).equals(expected));
  });

for (const [what, makeBuffer, takeAway] of [
  ['transferred', () => new Uint8Array(100), ({ buffer }) => buffer.transfer(0)],
  [
    'made empty',
    () => new Uint8Array(new ArrayBuffer(100, { maxByteLength: 100 })),
    ({ buffer }) => buffer.resize(0),
  ],
])
  test(`a buffer for reading that was ${what} is an error of its socket`, async (t) => {
    const server = net.createServer((socket) => socket.on('error', () => {}).end('x'.repeat(5000)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const buffer = makeBuffer();
    const onread = { buffer, callback: () => takeAway(buffer) };
    const socket = net.connect({ port: server.address().port, host: '127.0.0.1', onread });
    const [error] = await once(socket, 'error');
    assert.strictEqual(error.code, 'ENOBUFS');
  });

test('a subclass sees what is written and what is read', async (t) => {
  const server = net.createServer((socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const seen = [];
  class Watched extends net.Socket {
    _write(chunk, encoding, done) {
      seen.push(`written ${chunk}`);
      super._write(chunk, encoding, done);
    }
    push(chunk, encoding) {
      if (chunk !== null) seen.push(`read ${chunk}`);
      return super.push(chunk, encoding);
    }
  }
  const socket = new Watched();
  socket.connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  for (const text of ['a', Buffer.from('b')]) {
    socket.write(text);
    await once(socket, 'data');
  }
  socket.end();
  await once(socket, 'close');
  assert.deepStrictEqual(seen, ['written a', 'read a', 'written b', 'read b']);
});

test('what comes a byte at a time to a socket that is not read is kept in few pieces', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.setNoDelay(true);
  const count = 3000;
  client.read(0);
  const send = (left) => accepted.write('x', () => left > 1 && send(left - 1));
  send(count);
  const state = client._readableState;
  while (state.length < count) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(state.buffer.length < 100, `${state.length} bytes in ${state.buffer.length} pieces`);
  assert.strictEqual(String(client.read(10)), 'x'.repeat(10));
  accepted.end('end');
  const rest = Buffer.concat(await client.toArray());
  assert.strictEqual(rest.toString(), `${'x'.repeat(count - 10)}end`);
});

test('pieces that waited together come in order, by whatever way they are read', async (t) => {
  const all = Array.from({ length: 2000 }, (_, i) => `${i},`);
  for (const read of [
    (socket) => socket.toArray().then((parts) => parts.map(String).join('')),
    (socket) =>
      socket
        .setEncoding('utf8')
        .toArray()
        .then((parts) => parts.join('')),
    async (socket) => {
      let text = '';
      socket.on('readable', () => {
        for (let part; (part = socket.read(7) ?? socket.read()) !== null;) text += part;
      });
      await once(socket, 'end');
      return text;
    },
    async (socket) => {
      socket.unshift('before,');
      return `${Buffer.concat(await socket.toArray())}`.replace('before,', '');
    },
  ]) {
    const { client, accepted } = await pair(t);
    accepted.setNoDelay(true);
    client.read(0);
    for (const part of all.slice(0, 1000)) await new Promise((next) => accepted.write(part, next));
    accepted.write(Buffer.alloc(5000, '.'));
    const reading = read(client);
    for (const part of all.slice(1000)) accepted.write(part);
    accepted.end();
    const expected = [...all.slice(0, 1000), '.'.repeat(5000), ...all.slice(1000)].join('');
    assert.strictEqual(await reading, expected);
  }
});
