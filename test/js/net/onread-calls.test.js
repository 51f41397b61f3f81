'use strict';
// What a callback of onread may do: pause, throw, turn the loop, end its socket.
const { test } = require('../../helpers/test');
const { serve, collect, closed, pattern, transport } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const iosched = require('iosched');
const { once } = require('events');

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A client that reads with onread what a server's listener sends. */
async function reader(t, bytes, onread, listener = (socket) => socket.end(bytes)) {
  const { connect } = await serve(t, listener);
  return connect({ onread });
}

for (const size of [1000, 64 << 10])
  test(`a callback that throws loses nothing, with ${size} bytes`, async (t) => {
    const bytes = pattern(400_000);
    const parts = [];
    let thrown = 0;
    process.setUncaughtExceptionCaptureCallback((error) => {
      assert.strictEqual(error.message, 'thrown');
      thrown++;
    });
    t.after(() => process.setUncaughtExceptionCaptureCallback(null));
    const buffer = new Uint8Array(size);
    const client = await reader(t, bytes, {
      buffer,
      callback(count) {
        parts.push(Buffer.from(buffer.subarray(0, count)));
        throw new Error('thrown');
      },
    });
    await closed(client);
    assert.ok(Buffer.concat(parts).equals(bytes));
    assert.strictEqual(thrown, parts.length);
  });

for (const size of [1000, 64 << 10])
  test(`a callback that turns the loop keeps its memory, with ${size} bytes`, async (t) => {
    const first = pattern(4000, 1);
    const second = pattern(30_000, 2);
    const buffer = new Uint8Array(size);
    const parts = [];
    let sent = false;
    let inside = 0;
    const client = await reader(
      t,
      null,
      {
        buffer,
        callback(count) {
          assert.strictEqual(inside++, 0);
          const bytes = Buffer.from(buffer.subarray(0, count));
          parts.push(bytes);
          if (parts.length === 1) {
            client.write('go');
            while (!sent) iosched.poll(10);
            for (let i = 0; i < 20; i++) iosched.poll(0);
          }
          assert.ok(bytes.equals(buffer.subarray(0, count)));
          inside--;
        },
      },
      (socket) => {
        socket.write(first);
        socket.once('data', () => socket.end(second, () => (sent = true)));
      },
    );
    await closed(client);
    assert.ok(Buffer.concat(parts).equals(Buffer.concat([first, second])));
  });

for (const size of [500, 64 << 10])
  test(`whatever pauses and resumes, all bytes come in order, with ${size} bytes`, async (t) => {
    const bytes = pattern(200_000);
    const buffer = new Uint8Array(size);
    const parts = [];
    const ways = [
      () => false,
      () => void client.pause(),
      () => void client.pause().resume(),
      () => (client.resume(), false),
      () => (client.pause(), client.read(0), client.read(), undefined),
      () => true,
    ];
    const client = await reader(t, bytes, {
      buffer,
      callback(count) {
        parts.push(Buffer.from(buffer.subarray(0, count)));
        setImmediate(() => client.resume());
        return ways[parts.length % ways.length]();
      },
    });
    await closed(client);
    assert.ok(Buffer.concat(parts).equals(bytes));
  });

test('a paused socket reads nothing into its memory', async (t) => {
  const buffer = Buffer.alloc(64 << 10);
  const client = await reader(t, pattern(1000), { buffer, callback: () => {} });
  client.pause();
  await once(client, 'connect');
  for (let i = 0; i < 20; i++) await turn();
  assert.ok(buffer.every((byte) => byte === 0));
  client.resume();
  await closed(client);
  assert.ok(buffer.subarray(0, 1000).equals(pattern(1000)));
});

for (const size of [10, 64 << 10])
  test(`a socket that was destroyed within its callback connects anew, with ${size} bytes`, async (t) => {
    let connection = 0;
    const { port } = await serve(t, (socket) => {
      socket.on('error', () => {});
      socket.write(Buffer.alloc(1000, 'a'.charCodeAt(0) + connection++));
    });
    if (transport !== 'tcp') t.skip('a socket of TLS connects once');
    const buffer = Buffer.alloc(size);
    let told = '';
    const client = new net.Socket({
      onread: {
        buffer,
        callback(count) {
          told += buffer.toString('latin1', 0, count).slice(0, 1);
          client.destroy();
        },
      },
    });
    for (let i = 0; i < 3; i++) {
      client.connect(port, '127.0.0.1');
      await closed(client);
    }
    assert.strictEqual(told, 'abc');
  });

test('the own side stays open behind the end of the peer, with allowHalfOpen', async (t) => {
  const got = Promise.withResolvers();
  const { connect } = await serve(
    t,
    (socket) => {
      socket.end('question');
      collect(socket).then(got.resolve);
    },
    { allowHalfOpen: true },
  );
  let told = '';
  const client = connect({
    allowHalfOpen: true,
    onread: {
      buffer: Buffer.alloc(64 << 10),
      callback: (count, buffer) => void (told += buffer.toString('latin1', 0, count)),
    },
  });
  await once(client, 'end');
  assert.strictEqual(told, 'question');
  client.end('answer');
  assert.strictEqual(String(await got.promise), 'answer');
});

test('bytes that go to the memory put off the timeout', async (t) => {
  let beat;
  const client = await reader(
    t,
    null,
    { buffer: Buffer.alloc(64 << 10), callback: () => {} },
    (socket) => {
      socket.on('error', () => {});
      beat = setInterval(() => socket.write('x'), 20);
    },
  );
  t.after(() => clearInterval(beat));
  await once(client, 'connect');
  let timedOut = false;
  client.setTimeout(600, () => (timedOut = true));
  const before = client.bytesRead;
  while (client.bytesRead < before + 50) await turn(); // which takes longer than the time-out
  assert.strictEqual(timedOut, false);
  clearInterval(beat);
  client.setTimeout(20);
  await once(client, 'timeout');
});

test('nothing changes memory that the callback of another socket looks at', async (t) => {
  const iosched = require('iosched');
  const peers = [];
  const { connect } = await serve(t, (socket) => {
    socket.on('error', () => {});
    peers.push(socket);
  });
  const buffer = Buffer.alloc(64 << 10);
  let inside = false;
  let told = '';
  const callback = function (count) {
    told += buffer.toString('latin1', 0, 1);
    assert.strictEqual(inside, false);
    if (this !== first) return;
    inside = true;
    peers[1].write(Buffer.alloc(1000, 'b'));
    let turns = 100;
    const more = setInterval(() => turns--, 1);
    while (turns > 0) iosched.poll(10);
    clearInterval(more);
    assert.strictEqual(buffer.toString('latin1', 0, count), 'a'.repeat(count));
    inside = false;
  };
  const first = connect({ onread: { buffer, callback } });
  while (peers.length < 1) await turn();
  const second = connect({ onread: { buffer, callback } });
  while (peers.length < 2) await turn();
  peers[0].write(Buffer.alloc(1000, 'a'));
  while (second.bytesRead < 1000 || told.length < 2) await turn();
  assert.strictEqual(told, 'ab');
  first.destroy();
  second.destroy();
});
