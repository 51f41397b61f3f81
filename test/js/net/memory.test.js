'use strict';
// Memory that JavaScript and C++ share while bytes are on their way.
const { test } = require('../../helpers/test');
const assert = require('assert');
const net = require('net');

/** A connected pair: [accepted, client]; both end with the test. */
function pair(t) {
  return new Promise((resolve) => {
    const server = net.createServer((accepted) => {
      server.close();
      t.after(() => (accepted.destroy(), client.destroy()));
      resolve([accepted, client]);
    });
    let client;
    server.listen(0, '127.0.0.1', () => {
      client = net.connect(server.port(), '127.0.0.1');
    });
  });
}

const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

test('a program cannot take away the memory that is read into', async (t) => {
  const [accepted, client] = await pair(t);
  for (const text of ['one', 'two', 'three']) {
    client.write(text);
    const data = await once(accepted, 'data');
    const copy = data.buffer.transfer();
    assert.notStrictEqual(copy, data.buffer);
    assert.strictEqual(data.toString(), text);
  }
});

test('a resizable buffer that shrinks while it waits to be written arrives whole', async (t) => {
  const [accepted, client] = await pair(t);
  const memory = new ArrayBuffer(16 << 20, { maxByteLength: 32 << 20 });
  new Uint8Array(memory).fill(7);
  accepted.pause();
  assert.strictEqual(client.write(new Uint8Array(memory)), false);
  memory.resize(16);
  client.end();
  let size = 0;
  let sum = 0;
  accepted.on('data', (data) => {
    size += data.length;
    sum += data[0];
    if (data[0] !== 7 || data.at(-1) !== 7) accepted.destroy(new Error('other bytes'));
  });
  accepted.resume();
  await once(accepted, 'end');
  assert.strictEqual(size, 16 << 20);
  assert.ok(sum > 0);
});

test('bytes of several calls of _write() all live until they are written', async (t) => {
  const [accepted, client] = await pair(t);
  if (client.connecting) await once(client, 'connect');
  accepted.pause();
  const size = 1 << 20;
  let done = 0;
  for (let i = 0; i < 24; i++) client._write(Buffer.alloc(size, i + 1), 'buffer', () => done++);
  for (let i = 0; i < 200; i++) Buffer.alloc(size, 255); // what would take the place of freed memory
  const counts = new Map();
  accepted.on('data', (data) => {
    for (let i = 0; i < data.length; i += 4096) {
      const at = i + ((4096 - ((total + i) % 4096)) % 4096);
      if (at < data.length) counts.set(data[at], (counts.get(data[at]) ?? 0) + 1);
    }
    total += data.length;
    if (total === 24 * size) accepted.emit('all');
  });
  let total = 0;
  accepted.resume();
  await once(accepted, 'all');
  assert.deepStrictEqual(
    [...counts.keys()],
    Array.from({ length: 24 }, (_, i) => i + 1),
  );
  while (done < 24) await new Promise(setImmediate);
});

test('a local port that is none is refused', () => {
  for (const localPort of [-1, 65536, 1e300, 1.5])
    assert.throws(() => net.connect({ port: 1, host: '127.0.0.1', localPort }), {
      code: 'ERR_SOCKET_BAD_PORT',
    });
});

test('an accepted connection that echoed has one object, two states and its listeners', async (t) => {
  const [accepted, client] = await pair(t);
  accepted.on('data', (data) => accepted.write(data));
  client.write('x');
  await once(client, 'data');
  const own = (object) => Reflect.ownKeys(object).map((key) => key.description ?? key);
  // What the engine has room for in the object itself (AcceptedSocket in internal/net/socket).
  assert.strictEqual(own(accepted).length, 12);
  assert.deepStrictEqual(own(accepted._readableState), ['state', 'length', 'flowing', 'kPaused']);
  assert.deepStrictEqual(own(accepted._writableState), ['owner']);
  assert.deepStrictEqual(own(accepted._events), ['end', 'data']);
});
