'use strict';
// Encrypted connections whose bytes go to memory of the program's own (onread).
const { test } = require('../../helpers/test');
const { closed, pattern } = require('../../helpers/net');
const { ca, pairOf, serveTls } = require('../../helpers/tls');
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { Worker } = require('worker_threads');
const { once } = require('events');

const SIZE = 1 << 20;

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'])
  for (const size of [100, 16_384, 20_000, 65_536, 300_000])
    test(`all bytes of ${maxVersion} come in order to ${size} bytes of memory`, async (t) => {
      const bytes = pattern(SIZE);
      const { connect } = await serveTls(t, { maxVersion }, (socket) => socket.end(bytes));
      const memory = new Uint8Array(size + 2).fill(0xaa);
      const buffer = memory.subarray(1, size + 1);
      const parts = [];
      const client = connect({
        onread: {
          buffer,
          callback: (count) => void parts.push(Buffer.from(buffer.subarray(0, count))),
        },
      });
      client.on('data', () => assert.fail('data with onread'));
      assert.strictEqual(await closed(client), false);
      assert.ok(Buffer.concat(parts).equals(bytes));
      assert.strictEqual(client.bytesRead, SIZE);
      assert.deepStrictEqual([memory[0], memory.at(-1)], [0xaa, 0xaa]);
    });

test('memory that a function gives is the program’s from then on', async (t) => {
  const bytes = pattern(SIZE);
  const { connect } = await serveTls(t, {}, (socket) => socket.end(bytes));
  const parts = [];
  let made = 0;
  const client = connect({
    onread: {
      buffer: () => new Uint8Array(1 + ((made++ * 7919) % 70_000)),
      callback(count, buffer) {
        parts.push(buffer.subarray(0, count));
        if (parts.length % 7 !== 0) return true;
        setImmediate(() => client.resume());
        return false;
      },
    },
  });
  await closed(client);
  assert.ok(Buffer.concat(parts).equals(bytes));
});

test('memory that is shared gets the bytes', async (t) => {
  const bytes = pattern(SIZE);
  const { connect } = await serveTls(t, {}, (socket) => socket.end(bytes));
  const buffer = new Uint8Array(new SharedArrayBuffer(100_000));
  const parts = [];
  const client = connect({
    onread: {
      buffer,
      callback: (count) => void parts.push(Buffer.from(buffer).subarray(0, count)),
    },
  });
  await closed(client);
  assert.ok(Buffer.concat(parts).equals(bytes));
});

test.needs('views')('records of 16 KiB fill memory of as many bytes', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => {
    socket.write('ready');
    socket.once('data', () => socket.end(Buffer.alloc(8 * 16_384)));
  });
  const counts = [];
  const client = connect({
    onread: {
      buffer: new Uint8Array(16_384),
      callback(count) {
        counts.push(count);
        if (counts.length === 1) client.write('go');
      },
    },
  });
  await closed(client);
  assert.deepStrictEqual(counts, [5, ...Array(8).fill(16_384)]);
});

test('what is no data, as a ticket, does not stay in the memory', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => socket.once('data', () => socket.end('x')));
  const buffer = new Uint8Array(64 << 10);
  const client = connect({ onread: { buffer, callback: () => {} } });
  await once(client, 'session');
  assert.ok(buffer.every((byte) => byte === 0));
  client.write('go');
  await closed(client);
  assert.strictEqual(buffer[0], 120);
  assert.ok(buffer.subarray(1).every((byte) => byte === 0));
});

test('memory that is gone is an error of its socket', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => {
    socket.on('error', () => {});
    socket.end(pattern(SIZE));
  });
  const buffer = new Uint8Array(50_000);
  let calls = 0;
  const client = connect({
    onread: {
      buffer,
      callback() {
        calls++;
        structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
      },
    },
  });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'ENOBUFS');
  assert.strictEqual(calls, 1);
});

for (const size of [10, 64 << 10])
  test(`a callback that begins TLS over its socket leaves the rest to that, with ${size} bytes`, async (t) => {
    const server = net.createServer((plain) => {
      plain.write('begin!');
      const socket = new tls.TLSSocket(plain, {
        isServer: true,
        ...pairOf('server'),
      });
      socket.on('error', () => {});
      socket.end('secret');
    });
    server.listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const heard = Promise.withResolvers();
    let told = '';
    const plain = net.connect({
      port: server.address().port,
      host: '127.0.0.1',
      onread: {
        buffer: Buffer.alloc(size),
        callback(count, buffer) {
          told += buffer.toString('latin1', 0, count);
          if (told.length < 6) return;
          const socket = tls.connect({ socket: plain, ca: ca(), servername: 'localhost' });
          socket.on('data', (bytes) => heard.resolve(String(bytes)));
          socket.on('error', heard.reject);
        },
      },
    });
    t.after(() => plain.destroy());
    assert.strictEqual(await heard.promise, 'secret');
    assert.strictEqual(told, 'begin!');
  });

test('a worker reads into memory of its own', async (t) => {
  const bytes = pattern(SIZE);
  const { port } = await serveTls(t, {}, (socket) => socket.end(bytes));
  const worker = new Worker(
    `const tls = require('tls');
       const { parentPort, workerData } = require('worker_threads');
       const buffer = new Uint8Array(64 << 10);
       const parts = [];
       const socket = tls.connect({ ...workerData, host: '127.0.0.1', servername: 'localhost', onread: {
         buffer,
         callback: (count) => void parts.push(Buffer.from(buffer.subarray(0, count))),
       }});
       socket.on('close', () => parentPort.postMessage(Buffer.concat(parts)));`,
    { eval: true, workerData: { port, ca: ca() } },
  );
  t.after(() => worker.terminate());
  const [got] = await once(worker, 'message');
  assert.ok(Buffer.from(got).equals(bytes));
});
