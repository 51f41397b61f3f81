'use strict';
// Sockets as streams: reading in every mode, and what waits to be written.
const { test } = require('../../helpers/test');
const { pair, serve, collect, closed, pattern, until } = require('../../helpers/net');
const assert = require('assert');
const { once } = require('events');
const net = require('net');
const { Writable, Transform, pipeline } = require('stream');

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('read(n) in paused mode takes exactly n bytes, and null while there are fewer', async (t) => {
  const { client, accepted } = await pair(t);
  client.write('abcdefgh');
  accepted.on('readable', () => {});
  await until(() => accepted.readableLength === 8);
  accepted.removeAllListeners('readable');
  assert.strictEqual(accepted.read(100), null);
  assert.strictEqual(String(accepted.read(3)), 'abc');
  assert.strictEqual(String(accepted.read(2)), 'de');
  accepted.unshift(Buffer.from('XY'));
  assert.strictEqual(String(accepted.read()), 'XY');
  assert.strictEqual(String(accepted.read()), 'fgh');
  assert.strictEqual(accepted.read(), null);
  client.end('z');
  const rest = [];
  accepted.on('readable', () => {
    for (let chunk; (chunk = accepted.read()) !== null;) rest.push(String(chunk));
  });
  await once(accepted, 'end');
  assert.deepStrictEqual(rest, ['z']);
});

test('readable added before connect, and after it, sees all bytes', async (t) => {
  const data = pattern(1 << 20);
  const { connect } = await serve(t, (socket) => socket.end(data));
  for (const late of [false, true]) {
    const client = connect();
    if (late) await once(client, 'connect');
    const chunks = [];
    client.on('readable', () => {
      for (let chunk; (chunk = client.read()) !== null;) chunks.push(chunk);
    });
    await once(client, 'end');
    assert.ok(Buffer.concat(chunks).equals(data));
  }
});

test('a listener of readable that does not read lets no more than the high-water mark in', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.on('readable', () => {});
  client.write(Buffer.alloc(32 << 20));
  for (let i = 0; i < 200; i++) await turn();
  assert.ok(accepted.readableLength <= 256 * 1024, `${accepted.readableLength}`);
  assert.ok(client.writableLength > 0);
});

test('unshift of bytes in a data listener gives them to the next reader', async (t) => {
  const { client, accepted } = await pair(t);
  const parts = [];
  accepted.once('data', (chunk) => {
    accepted.pause();
    accepted.unshift(chunk.subarray(4));
    parts.push(String(chunk.subarray(0, 4)));
    accepted.on('data', (more) => parts.push(String(more)));
    accepted.resume();
  });
  client.end('headbody');
  await once(accepted, 'end');
  assert.deepStrictEqual([parts[0], parts.slice(1).join('')], ['head', 'body']);
});

test('setEncoding with pause and resume keeps characters whole and in order', async (t) => {
  const { client, accepted } = await pair(t);
  const text = 'h\u00e9 \u20ac \u{1f600} '.repeat(2000);
  const bytes = Buffer.from(text);
  accepted.setEncoding('utf8');
  let got = '';
  accepted.on('data', (chunk) => {
    assert.strictEqual(typeof chunk, 'string');
    got += chunk;
    accepted.pause();
    setImmediate(() => accepted.resume());
  });
  for (let i = 0; i < bytes.length; i += 997) {
    client.write(bytes.subarray(i, i + 997));
    await turn();
  }
  client.end();
  await once(accepted, 'end');
  assert.strictEqual(got, text);
});

test('setEncoding on bytes that are buffered already decodes them', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  client.end(Buffer.from('\u20ac\u20ac'));
  await once(accepted, 'readable');
  accepted.setEncoding('utf8');
  let got = '';
  accepted.on('data', (chunk) => (got += chunk));
  accepted.resume();
  await once(accepted, 'end');
  assert.strictEqual(got, '\u20ac\u20ac');
});

test('pipe to a slow writer pushes back on the sender', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(8 << 20);
  const chunks = [];
  const held = [];
  let free = false;
  const slow = new Writable({
    highWaterMark: 1024,
    write(chunk, encoding, done) {
      chunks.push(Buffer.from(chunk));
      if (free) setImmediate(done);
      else held.push(done);
    },
  });
  accepted.pipe(slow);
  client.end(data);
  for (let i = 0; i < 200; i++) await turn();
  assert.ok(chunks.length <= 2);
  assert.ok(accepted.readableLength <= 256 * 1024);
  assert.ok(client.writableLength > 0);
  free = true;
  held.forEach((done) => done());
  await once(slow, 'finish');
  assert.ok(Buffer.concat(chunks).equals(data));
});

test('unpipe stops the flow and another pipe goes on', async (t) => {
  const { client, accepted } = await pair(t);
  const sink = () => {
    const chunks = [];
    return Object.assign(
      new Writable({ write: (chunk, e, done) => (chunks.push(chunk), done()) }),
      { chunks },
    );
  };
  const one = sink();
  const two = sink();
  accepted.pipe(one);
  client.write('one');
  await until(() => one.chunks.length > 0);
  accepted.unpipe(one);
  client.write('two');
  for (let i = 0; i < 20; i++) await turn();
  accepted.pipe(two);
  client.end();
  await once(two, 'finish');
  assert.strictEqual(Buffer.concat(one.chunks).toString(), 'one');
  assert.strictEqual(Buffer.concat(two.chunks).toString(), 'two');
});

test('pipeline through a transform and back ends both sides', async (t) => {
  const { client, accepted } = await pair(t);
  const upper = new Transform({
    transform: (chunk, e, done) => done(null, String(chunk).toUpperCase()),
  });
  const over = new Promise((resolve) => pipeline(accepted, upper, accepted, resolve));
  client.end('shout');
  assert.strictEqual(String(await collect(client)), 'SHOUT');
  assert.strictEqual(await over, undefined);
});

test('destroySoon writes what is queued, then destroys', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(8 << 20);
  const received = collect(accepted);
  client.write(data);
  client.destroySoon();
  assert.strictEqual(client.destroyed, false);
  assert.strictEqual(await closed(client), false);
  assert.ok((await received).equals(data));
});

test('cork keeps writes back until uncork; nested corks need as many', async (t) => {
  const { client, accepted } = await pair(t);
  const chunks = [];
  accepted.on('data', (chunk) => chunks.push(String(chunk)));
  client.cork();
  client.cork();
  assert.strictEqual(client.write('a'), true, 'below the high-water mark');
  client.write('b');
  client.uncork();
  for (let i = 0; i < 20; i++) await turn();
  assert.deepStrictEqual(chunks, []);
  assert.strictEqual(client.writableLength, 2);
  client.uncork();
  await until(() => chunks.join('') === 'ab');
});

test('end within cork sends all', async (t) => {
  const { client, accepted } = await pair(t);
  client.cork();
  client.write('a');
  client.end('b');
  assert.strictEqual(String(await collect(accepted)), 'ab');
});

test('write callbacks come in order, each once, also those of failed writes', async (t) => {
  const { client, accepted } = await pair(t);
  const order = [];
  for (let i = 0; i < 5; i++)
    client.write(i === 2 ? Buffer.alloc(8 << 20) : 'x', () => order.push(i));
  accepted.resume();
  await until(() => order.length === 5);
  assert.deepStrictEqual(order, [0, 1, 2, 3, 4]);
  accepted.pause();
  const results = [];
  client.on('error', () => {});
  for (let i = 0; i < 3; i++)
    client.write(Buffer.alloc(16 << 20), (error) => results.push(error?.code));
  client.destroy();
  await closed(client);
  assert.deepStrictEqual(results, [
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_DESTROYED',
  ]);
});

test('write() after destroy fails through the callback alone', async (t) => {
  const { client } = await pair(t);
  client.destroy();
  const error = await new Promise((resolve) =>
    assert.strictEqual(client.write('x', resolve), false),
  );
  assert.strictEqual(error.code, 'ERR_STREAM_DESTROYED');
});

test('drain comes once after several writes that returned false', async (t) => {
  const { client, accepted } = await pair(t);
  let drains = 0;
  client.on('drain', () => drains++);
  for (let i = 0; i < 4; i++) client.write(Buffer.alloc(8 << 20));
  accepted.resume();
  await until(() => accepted.bytesRead === 32 << 20); // the kernel has room again
  await turn();
  assert.strictEqual(drains, 1);
  assert.strictEqual(client.write('x'), true);
  for (let i = 0; i < 4; i++) await turn();
  assert.strictEqual(drains, 1);
});

test('a small write while connecting returns false, and drain follows', async (t) => {
  const { connect } = await serve(t, (socket) => socket.resume());
  const client = connect();
  assert.strictEqual(client.write('x'), false);
  assert.strictEqual(client.bufferSize, 1);
  await once(client, 'drain');
  assert.strictEqual(client.bufferSize, 0);
});

test('a Buffer that is changed after its write callback does not change what was sent', async (t) => {
  const { client, accepted } = await pair(t);
  const data = pattern(4 << 20);
  const copy = Buffer.from(data);
  const received = collect(accepted);
  client.end(data, () => data.fill(0));
  assert.ok((await received).equals(copy));
});

test('views of any kind are written: DataView, typed arrays, parts of a buffer', async (t) => {
  const { client, accepted } = await pair(t);
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  client.write(new Uint8Array(bytes.buffer, 2, 3));
  client.write(new DataView(bytes.buffer, 5, 1));
  client.write(new Uint16Array(bytes.buffer, 6, 1));
  client.end(new Uint8Array(0));
  assert.deepStrictEqual([...(await collect(accepted))], [3, 4, 5, 6, 7, 8]);
});

test('writes of nothing have their callbacks and send nothing', async (t) => {
  const { client, accepted } = await pair(t);
  const calls = [];
  assert.strictEqual(
    client.write('', () => calls.push('a')),
    true,
  );
  client.write(Buffer.alloc(0), () => calls.push('b'));
  client.end('');
  assert.strictEqual((await collect(accepted)).length, 0);
  assert.deepStrictEqual(calls, ['a', 'b']);
});

test('for await leaves a destroyed socket when the loop breaks', async (t) => {
  const { client, accepted } = await pair(t);
  client.on('error', () => {});
  client.write('x'.repeat(100));
  let chunks = 0;
  for await (const chunk of accepted) {
    assert.ok(chunk.length > 0);
    if (++chunks === 1) break;
  }
  assert.strictEqual(accepted.destroyed, true);
  await closed(client);
});

test('for await throws when the connection is reset', async (t) => {
  const { client, accepted } = await pair(t);
  client.resetAndDestroy();
  await assert.rejects(
    async () => {
      for await (const chunk of accepted) assert.fail(String(chunk));
    },
    { code: 'ECONNRESET' },
  );
});

test('a reset while paused is told when the socket is read again, or at once', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  const failed = once(accepted, 'error');
  client.resetAndDestroy();
  accepted.resume();
  assert.strictEqual((await failed)[0].code, 'ECONNRESET');
});

test('await using and asyncDispose destroy a socket and close a server', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  const [accepted] = await once(server, 'connection');
  await accepted[Symbol.asyncDispose]();
  assert.strictEqual(accepted.destroyed, true);
  await client[Symbol.asyncDispose]();
  assert.strictEqual(client.destroyed, true);
  await server[Symbol.asyncDispose]();
  assert.strictEqual(server.listening, false);
  await server[Symbol.asyncDispose]();
});

test('the timeout runs while the socket is paused, and no read puts it off', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  accepted.setTimeout(20);
  const feed = setInterval(() => client.write('x'), 2);
  t.after(() => clearInterval(feed));
  await once(accepted, 'timeout');
  accepted.setTimeout(0);
});

test('onread: a function gives the buffer of each chunk, and chunks larger than it come in pieces', async (t) => {
  const { connect } = await serve(t, (socket) => socket.end('0123456789'));
  const got = [];
  let buffers = 0;
  const client = connect({
    onread: {
      buffer: () => (buffers++, Buffer.alloc(4)),
      callback: (count, buffer) => {
        got.push(buffer.toString('latin1', 0, count));
      },
    },
  });
  client.on('data', () => assert.fail('no data with onread'));
  await closed(client);
  assert.strictEqual(got.join(''), '0123456789');
  assert.ok(got.every((piece) => piece.length <= 4));
  assert.strictEqual(buffers, got.length + 1); // one waits for the next chunk
});

test('onread: pause() within the callback holds the rest of the chunk until resume()', async (t) => {
  const { connect } = await serve(t, (socket) => socket.end('abcdef'));
  const got = [];
  let held = false;
  const client = connect({
    onread: {
      buffer: new Uint8Array(2),
      callback(count, buffer) {
        assert.strictEqual(held, false);
        held = true;
        got.push(Buffer.from(buffer.subarray(0, count)).toString());
        client.pause();
        setImmediate(() => {
          held = false;
          client.resume();
        });
      },
    },
  });
  await closed(client);
  assert.strictEqual(got.join(''), 'abcdef');
});

test('onread: destroy within the callback ends it', async (t) => {
  const { connect } = await serve(t, (socket) => socket.end('abcdef'));
  let calls = 0;
  const client = connect({
    onread: {
      buffer: Buffer.alloc(2),
      callback() {
        calls++;
        client.destroy();
      },
    },
  });
  assert.strictEqual(await closed(client), false);
  assert.strictEqual(calls, 1);
});

test('bytesRead and bytesWritten count through onread, cork and connecting', async (t) => {
  const { connect, server } = await serve(t, (socket) => socket.end('abcdef'));
  const client = connect({ onread: { buffer: Buffer.alloc(4), callback() {} } });
  client.cork();
  client.write('12');
  client.write('345');
  client.uncork();
  const [accepted] = await once(server, 'connection');
  accepted.resume();
  client.end();
  await closed(client);
  assert.strictEqual(client.bytesRead, 6);
  assert.strictEqual(client.bytesWritten, 5);
});

test('1000 sockets that are destroyed while they connect leave nothing', async (t) => {
  const { connect, server } = await serve(t, (socket) => socket.on('error', () => {}));
  const all = [];
  for (let i = 0; i < 1000; i++) {
    const client = connect();
    client.on('connect', () => assert.fail('connect after destroy'));
    client.destroy();
    all.push(closed(client));
  }
  assert.ok((await Promise.all(all)).every((hadError) => hadError === false));
  assert.ok(server.listening);
});

test('for await reads a socket that was paused before', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  for (let i = 0; i < 5; i++) await turn();
  client.end('after the pause');
  let text = '';
  for await (const chunk of accepted) text += chunk;
  assert.strictEqual(text, 'after the pause');
});
