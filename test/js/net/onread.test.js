'use strict';
// Reading into memory of the program's own (onread): whatever that is, bytes come once and in order.
const { test } = require('../../helpers/test');
const { serve, closed, pattern, transport } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { once } = require('events');

const SIZE = 3 << 20;
const wasm = (pages) => new WebAssembly.Memory({ initial: pages, maximum: 64 });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A server that sends bytes to each connection, and a client that reads them with onread. */
async function reader(t, bytes, onread, listener = (socket) => socket.end(bytes)) {
  const { connect } = await serve(t, listener);
  return connect({ onread });
}

// ---- Kinds of memory

const memories = {
  'a Buffer of 64 KiB': () => Buffer.alloc(64 << 10),
  'a Buffer of 16 KiB': () => Buffer.alloc(16 << 10),
  'a Uint8Array of 1 MiB': () => new Uint8Array(1 << 20),
  'a few bytes': () => new Uint8Array(700),
  'a part of a larger one': () => new Uint8Array(new ArrayBuffer(100_000), 77, 70_003),
  'memory that is shared': () => new Uint8Array(new SharedArrayBuffer(70_000)),
  'memory of WebAssembly': () => new Uint8Array(wasm(2).buffer, 5, 100_000),
  'memory that can be resized': () =>
    new Uint8Array(new ArrayBuffer(60_000, { maxByteLength: 100_000 })),
  'memory that a subclass views': () => new (class Mine extends Uint8Array {})(50_000),
};

for (const [name, make] of Object.entries(memories))
  test(`${name} gets all bytes in order`, async (t) => {
    const bytes = pattern(SIZE);
    const buffer = make();
    const parts = [];
    const client = await reader(t, bytes, {
      buffer,
      callback(count, same) {
        assert.strictEqual(same, buffer);
        assert.strictEqual(this, client);
        assert.ok(count > 0 && count <= buffer.length);
        parts.push(Buffer.from(buffer.subarray(0, count)));
      },
    });
    client.on('data', () => assert.fail('data with onread'));
    assert.strictEqual(await closed(client), false);
    assert.ok(Buffer.concat(parts).equals(bytes));
    assert.strictEqual(client.bytesRead, SIZE);
  });

test('nothing is written beside the view, nor behind what was read', async (t) => {
  const memory = new Uint8Array(100_000).fill(0xaa);
  const buffer = memory.subarray(1000, 99_000);
  let least = memory.length;
  const client = await reader(t, Buffer.alloc(5000, 'x'), {
    buffer,
    callback: (count) => {
      least = Math.min(least, 1000 + count);
    },
  });
  await closed(client);
  assert.ok(memory.subarray(0, 1000).every((byte) => byte === 0xaa));
  assert.ok(memory.subarray(1000, least).every((byte) => byte === 120));
  assert.ok(memory.subarray(6000).every((byte) => byte === 0xaa));
});

// ---- A function gives the memory

for (const [name, size] of [
  ['of one size', () => 20_000],
  ['ever smaller', (n) => Math.max(1000, 100_000 - 5000 * n)],
  ['of any size', (n) => 1 + ((n * 7919) % 70_000)],
])
  test(`memory ${name} that a function gives is the program's from then on`, async (t) => {
    const bytes = pattern(SIZE);
    const parts = [];
    let made = 0;
    const client = await reader(t, bytes, {
      buffer: () => new Uint8Array(size(made++)),
      callback: (count, buffer) => {
        parts.push(buffer.subarray(0, count));
      },
    });
    await closed(client);
    assert.ok(Buffer.concat(parts).equals(bytes));
    assert.strictEqual(made, parts.length + 1); // one waits for the next bytes
  });

test('memory that nobody else holds is kept while it is read into', async (t) => {
  const bytes = pattern(16 << 20);
  let at = 0;
  const client = await reader(t, bytes, {
    buffer: () => new Uint8Array(64 << 10),
    callback(count, buffer) {
      assert.ok(bytes.subarray(at, at + count).equals(buffer.subarray(0, count)));
      at += count;
      void Array.from({ length: 100 }, () => new Uint8Array(10_000)); // for the collector
    },
  });
  await closed(client);
  assert.strictEqual(at, bytes.length);
});

test('memory is another one also after a callback that paused', async (t) => {
  const bytes = pattern(300_000);
  const parts = [];
  const client = await reader(t, bytes, {
    buffer: () => new Uint8Array(30_000),
    callback(count, buffer) {
      parts.push(buffer.subarray(0, count));
      setImmediate(() => client.resume());
      return false;
    },
  });
  await closed(client);
  assert.ok(Buffer.concat(parts).equals(bytes));
});

test('a function that gives no Uint8Array keeps the memory that was', async (t) => {
  const first = new Uint8Array(1000);
  const answers = [first, undefined, 5, new Uint16Array(4), null];
  const seen = new Set();
  const client = await reader(t, pattern(20_000), {
    buffer: () => answers.shift(),
    callback: (_, buffer) => void seen.add(buffer),
  });
  await closed(client);
  assert.deepStrictEqual([...seen], [first]);
});

test('a function that begins with no Uint8Array is an error that names it', () => {
  assert.throws(() => new net.Socket({ onread: { buffer: () => 'x', callback() {} } }), {
    code: 'ERR_INVALID_RETURN_VALUE',
    message: /onread\.buffer/,
  });
});

// ---- Memory that goes away

for (const [what, make, takeAway] of [
  ['has no bytes', () => new Uint8Array(0), () => {}],
  [
    'structuredClone() transferred',
    () => new Uint8Array(50_000),
    ({ buffer }) => structuredClone(buffer, { transfer: [buffer] }),
  ],
  ['transfer() took', () => new Uint8Array(50_000), ({ buffer }) => buffer.transfer(10)],
])
  test(`memory that ${what} is an error of its socket`, async (t) => {
    const buffer = make();
    takeAway(buffer);
    const client = await reader(t, pattern(1000), { buffer, callback: () => assert.fail('told') });
    const [error] = await once(client, 'error');
    assert.strictEqual(error.code, 'ENOBUFS');
    assert.strictEqual(error.syscall, 'read');
  });

test('memory of WebAssembly that grew within the callback is an error of its socket', async (t) => {
  const memory = wasm(1);
  let calls = 0;
  const client = await reader(t, pattern(SIZE), {
    buffer: new Uint8Array(memory.buffer),
    callback() {
      calls++;
      memory.grow(1);
    },
  });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'ENOBUFS');
  assert.strictEqual(calls, 1);
});

test('a function gives the memory anew that grew', async (t) => {
  const memory = wasm(1);
  const bytes = pattern(1 << 20);
  const parts = [];
  const client = await reader(t, bytes, {
    buffer: () => new Uint8Array(memory.buffer),
    callback(count, buffer) {
      parts.push(Buffer.from(buffer.subarray(0, count)));
      if (parts.length < 10) memory.grow(1);
    },
  });
  await closed(client);
  assert.ok(Buffer.concat(parts).equals(bytes));
});

test('memory that shrinks and grows takes what it has room for', async (t) => {
  const memory = new ArrayBuffer(40_000, { maxByteLength: 80_000 });
  const buffer = new Uint8Array(memory);
  const bytes = pattern(1 << 20);
  const parts = [];
  const client = await reader(t, bytes, {
    buffer,
    callback(count) {
      parts.push(Buffer.from(buffer.subarray(0, count)));
      memory.resize(1 + ((parts.length * 7919) % 80_000));
    },
  });
  await closed(client);
  assert.ok(Buffer.concat(parts).equals(bytes));
});

test('bytes go where the view is, whatever its properties say', async (t) => {
  const buffer = new Uint8Array(5000);
  for (const [name, value] of [
    ['buffer', new ArrayBuffer(8)],
    ['byteOffset', 4096],
    ['byteLength', 1 << 30],
    ['length', 1 << 30],
  ])
    Object.defineProperty(buffer, name, { value });
  const parts = [];
  const view = new DataView(
    Reflect.getOwnPropertyDescriptor(
      Reflect.getPrototypeOf(Uint8Array.prototype),
      'buffer',
    ).get.call(buffer),
  );
  const client = await reader(t, Buffer.alloc(20_000, 'y'), {
    buffer,
    callback: (count) => void parts.push(count, view.getUint8(0), view.getUint8(count - 1)),
  });
  await closed(client);
  assert.strictEqual(
    parts.reduce((sum, count, i) => sum + (i % 3 === 0 ? count : 0), 0),
    20_000,
  );
  assert.ok(parts.every((byte, i) => i % 3 === 0 || byte === 121));
});

// ---- One memory for several sockets

test('sockets that share a memory, and others that write there, get their own bytes each', async (t) => {
  const count = 20;
  let next = 0;
  const memory = Buffer.alloc(64 << 10);
  const { connect, open } = await serve(t, (socket) => socket.on('error', () => {}));
  const got = [];
  const clients = [];
  for (let i = 0; i < count; i++) {
    const scribbles = i % 4 === 3;
    const client = connect(
      scribbles
        ? {}
        : {
            onread: {
              buffer: memory,
              callback: (size) => void got[i].push(Buffer.from(memory.subarray(0, size))),
            },
          },
    );
    got[i] = [];
    if (scribbles)
      client.on('data', (bytes) => {
        got[i].push(bytes);
        memory.fill(0);
      });
    clients.push(client);
    await once(client, 'connect');
    while (open.size < clients.length) await turn();
    [...open].at(-1).letter = Buffer.alloc(5000, 65 + next++);
  }
  // All of it is there when the next turn reads.
  for (let round = 0; round < 10; round++) for (const socket of open) socket.write(socket.letter);
  for (const socket of open) socket.end();
  await Promise.all(clients.map(closed));
  for (let i = 0; i < count; i++)
    assert.ok(Buffer.concat(got[i]).equals(Buffer.alloc(50_000, 65 + i)), `socket ${i}`);
});

// ---- What it takes

if (transport === 'tcp')
  test.needs('views')('a message takes one read and one call', async (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onread-'));
    t.after(() => fs.rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'socket');
    let accepted;
    const server = net.createServer((socket) => (accepted = socket)).listen(file);
    t.after(() => server.close());
    await once(server, 'listening');
    const counts = [];
    let wake = () => {};
    const client = net.connect({
      path: file,
      onread: {
        buffer: Buffer.alloc(64 << 10),
        callback(count) {
          counts.push(count);
          wake();
        },
      },
    });
    t.after(() => client.destroy());
    await once(client, 'connect');
    while (accepted === undefined) await turn();
    const sizes = [40_000, 1, 64, 20_000, 4097, 16_384, 60_000];
    for (const size of sizes) {
      const told = new Promise((resolve) => (wake = resolve));
      accepted.write(Buffer.alloc(size)); // the kernel has all of it at once
      await told;
    }
    assert.deepStrictEqual(counts, sizes);
  });
