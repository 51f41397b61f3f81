'use strict';
const { test } = require('../../helpers/test');
const { pair, collect, pattern, until, closed } = require('../../helpers/net');
const assert = require('assert');
const { once } = require('events');

// A checksum that notices lost, doubled and swapped bytes (RFC 1950 section 9).
class Adler {
  a = 1;
  b = 0;
  size = 0;
  add(bytes) {
    let { a, b } = this;
    for (let i = 0; i < bytes.length;) {
      const stop = Math.min(i + 3800, bytes.length);
      for (; i < stop; i++) b += a += bytes[i];
      a %= 65521;
      b %= 65521;
    }
    this.a = a;
    this.b = b;
    this.size += bytes.length;
    return this;
  }
  get value() {
    return `${this.size}:${this.b}:${this.a}`;
  }
}

test('64 MiB to a paused reader stay with the sender, and arrive whole', async (t) => {
  const { client, accepted } = await pair(t);
  const piece = pattern(1 << 20);
  const sent = new Adler();
  const received = new Adler();
  accepted.pause();
  let drains = 0;
  client.on('drain', () => drains++);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 64; i++) {
    sent.add(piece);
    client.write(piece);
  }
  assert.ok(client.writableLength > 32 << 20);
  for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(accepted.readableLength <= 256 * 1024, `receiver holds ${accepted.readableLength}`);
  // Every write queued the same megabyte: what grew is the receiver's, and the kernel's is not ours.
  assert.ok(process.memoryUsage().rss - before < 48 << 20);
  accepted.on('data', (chunk) => received.add(chunk));
  accepted.resume();
  client.end();
  await once(accepted, 'end');
  assert.strictEqual(received.value, sent.value);
  assert.strictEqual(client.writableLength, 0);
  assert.ok(drains <= 1);
});

test('pausing and resuming at every chunk loses nothing', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(8 << 20);
  const received = new Adler();
  accepted.on('data', (chunk) => {
    received.add(chunk);
    accepted.pause();
    setImmediate(() => accepted.resume());
  });
  client.end(data);
  await once(accepted, 'end');
  assert.strictEqual(received.value, new Adler().add(data).value);
});

test('one byte at a time arrives in order', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(20000);
  const got = collect(accepted);
  for (let i = 0; i < data.length; i++) client.write(data.subarray(i, i + 1));
  client.end();
  assert.ok((await got).equals(data));
});

test('16 MiB in one write arrive whole', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(16 << 20);
  const received = new Adler();
  accepted.on('data', (chunk) => received.add(chunk));
  client.write(data);
  client.end();
  await once(accepted, 'end');
  assert.strictEqual(received.value, new Adler().add(data).value);
});

test('an echo of 16 MiB with writes from within data comes back whole', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.on('data', (chunk) => accepted.write(chunk));
  accepted.on('end', () => accepted.end());
  accepted.allowHalfOpen = true;
  const data = pattern(16 << 20);
  const received = new Adler();
  client.on('data', (chunk) => received.add(chunk));
  client.end(data);
  await once(client, 'end');
  assert.strictEqual(received.value, new Adler().add(data).value);
});

test('a Buffer that the program keeps is not overwritten by later reads', async (t) => {
  const { client, accepted } = await pair(t);
  const kept = [];
  accepted.on('data', (chunk) => kept.push(chunk));
  const data = pattern(4 << 20);
  client.end(data);
  await once(accepted, 'end');
  assert.ok(Buffer.concat(kept).equals(data));
});

test('writes of many sizes while the reader stops and goes arrive in order', async (t) => {
  const { client, accepted } = await pair(t);
  const sent = new Adler();
  const received = new Adler();
  accepted.on('data', (chunk) => {
    received.add(chunk);
    if (received.size % 3 === 0) {
      accepted.pause();
      setTimeout(() => accepted.resume(), 1);
    }
  });
  const data = pattern(1 << 20);
  let seed = 7;
  for (let i = 0; i < 2000; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const piece = data.subarray(0, seed % 9000);
    sent.add(piece);
    if (!client.write(piece) && i % 5 === 0) await once(client, 'drain');
  }
  client.end();
  await once(accepted, 'end');
  assert.strictEqual(received.value, sent.value);
});

test('both directions at once do not stop each other', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(8 << 20);
  const there = collect(accepted);
  const back = collect(client);
  client.end(data);
  accepted.end(data);
  const [one, two] = await Promise.all([there, back]);
  assert.ok(one.equals(data) && two.equals(data));
});

test('bytesWritten counts what is queued, once, while the kernel takes it', async (t) => {
  const { client, accepted } = await pair(t);
  const SIZE = 8 << 20;
  client.write(Buffer.alloc(SIZE));
  assert.strictEqual(client.bytesWritten, SIZE);
  client.write(Buffer.alloc(5));
  assert.strictEqual(client.bytesWritten, SIZE + 5);
  client.end('123');
  assert.strictEqual(client.bytesWritten, SIZE + 8);
  accepted.on('data', () => assert.strictEqual(client.bytesWritten, SIZE + 8));
  await once(accepted, 'end');
});

test('bytesWritten stays what it was when the socket is destroyed with a full queue', async (t) => {
  const { client } = await pair(t);
  client.write(Buffer.alloc(20 << 20));
  const before = client.bytesWritten;
  client.destroy();
  assert.strictEqual(client.bytesWritten, before);
});

test('bytes of a WebAssembly memory that grows while they wait arrive as they were', async (t) => {
  const { client, accepted } = await pair(t);
  const memory = new WebAssembly.Memory({ initial: 160 });
  const others = [];
  for (let i = 0; i < 8; i++) others.push(new WebAssembly.Memory({ initial: 1 }));
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(65);
  const { length } = bytes;
  assert.strictEqual(client.write(bytes), false);
  memory.grow(100);
  for (let i = 0; i < 10; i++) others.push(new Uint8Array(length).fill(66));
  client.end();
  const got = await collect(accepted);
  assert.strictEqual(got.length, length);
  assert.ok(got.every((byte) => byte === 65));
});

test('what _writev() is given is kept until it is written, however it was made', async (t) => {
  const { client, accepted } = await pair(t);
  const chunks = new Proxy([], {
    get: (target, name) =>
      name === 'length'
        ? 4
        : /^\d+$/.test(String(name))
          ? { chunk: Buffer.alloc(1 << 20, 65) }
          : Reflect.get(target, name),
  });
  const written = new Promise((resolve) => client._writev(chunks, resolve));
  const others = [];
  for (let i = 0; i < 20; i++) others.push(Buffer.alloc(1 << 20, 66));
  const got = collect(accepted);
  await written;
  client.end();
  const all = await got;
  assert.strictEqual(all.length, 4 << 20);
  assert.ok(all.every((byte) => byte === 65));
});

test('destroy with a full queue drops it and closes both ends', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.on('error', () => {});
  client.write(Buffer.alloc(32 << 20));
  await until(() => accepted.readableLength > 0);
  client.destroy();
  accepted.resume();
  await Promise.all([closed(client), closed(accepted)]);
  assert.ok(accepted.bytesRead < 32 << 20);
});

test('a socket with a high-water mark of its own keeps the contract of a stream', async (t) => {
  const options = { writableHighWaterMark: 10 };
  const { client, accepted } = await pair(t, { client: options, server: { highWaterMark: 10 } });
  for (const socket of [client, accepted]) {
    assert.strictEqual(socket.writableHighWaterMark, 10);
    assert.strictEqual(socket.write('12345'), true);
    // What the kernel took at once is not queued.
    const whole = socket.write('1234567890');
    assert.strictEqual(whole, socket.writableLength === 0);
    if (!whole) await once(socket, 'drain');
    const drained = once(socket, 'drain');
    socket.cork();
    assert.strictEqual(socket.write('1234567890'), false);
    socket.uncork();
    await drained;
    assert.strictEqual(socket.write('1'), true);
  }
  const usual = await pair(t);
  const taken = usual.client.write(Buffer.alloc(100_000));
  assert.strictEqual(taken, usual.client.writableLength === 0); // the kernel has it, or only a part
});
