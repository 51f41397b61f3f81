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
