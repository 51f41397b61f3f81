'use strict';
const { test } = require('../../helpers/test');
const { serve, pair, closed, collect, until } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const { Duplex } = require('stream');
const { once } = require('events');

test('a Socket is a Duplex', () => {
  assert.ok(new net.Socket() instanceof Duplex);
});

test('a fresh socket has the properties of no connection', () => {
  const fresh = new net.Socket();
  assert.deepStrictEqual(fresh.address(), {});
  assert.strictEqual(fresh.bufferSize, 0);
  assert.strictEqual(fresh.bytesRead, 0);
  assert.strictEqual(fresh.bytesWritten, 0);
  assert.strictEqual(fresh.connecting, false);
  assert.strictEqual(fresh.destroyed, false);
  assert.strictEqual(fresh.pending, true);
  assert.strictEqual(fresh.readyState, 'open');
  assert.strictEqual(fresh.encrypted, false);
  for (const name of [
    'localAddress',
    'localPort',
    'remoteAddress',
    'remoteFamily',
    'remotePort',
    'timeout',
  ])
    assert.strictEqual(fresh[name], undefined, name);
  assert.ok(Number.isInteger(fresh.id) && fresh.id >= 1);
});

test('the two ends of a connection name each other', async (t) => {
  const { client, accepted, port } = await pair(t);
  assert.deepStrictEqual(client.address(), {
    port: client.localPort,
    family: 'IPv4',
    address: '127.0.0.1',
  });
  assert.strictEqual(client.remotePort, port);
  assert.strictEqual(client.remoteAddress, '127.0.0.1');
  assert.strictEqual(client.remoteFamily, 'IPv4');
  assert.strictEqual(accepted.remotePort, client.localPort);
  assert.strictEqual(accepted.localPort, port);
  assert.strictEqual(accepted.encrypted, client.encrypted);
});

test('ids are positive, differ, and stay readable after close', async (t) => {
  const { client, accepted } = await pair(t);
  const { id } = accepted;
  assert.ok(Number.isInteger(id) && id >= 1);
  assert.notStrictEqual(id, client.id);
  client.destroy();
  await closed(accepted);
  assert.strictEqual(accepted.id, id);
});

test('read-only properties do not change when they are assigned', async (t) => {
  const { client } = await pair(t);
  const before = client.remotePort;
  assert.throws(() => {
    client.remotePort = 1;
  }, TypeError);
  assert.strictEqual(client.remotePort, before);
});

test('bytesRead and bytesWritten count, also after close', async (t) => {
  const { client, accepted } = await pair(t);
  const got = collect(accepted);
  client.write('12345');
  client.write(Buffer.alloc(5));
  client.end();
  await got;
  await Promise.all([closed(client), closed(accepted)].slice(1));
  assert.strictEqual(client.bytesWritten, 10);
  assert.strictEqual(accepted.bytesRead, 10);
});

test('write returns true when everything reached the kernel', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.resume();
  assert.strictEqual(client.write('small'), true);
  assert.strictEqual(client.write(Buffer.alloc(20000)), true);
  assert.strictEqual(client.bufferSize, 0);
});

test('write returns false while bytes are queued, and one drain follows', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  let falses = 0;
  let drains = 0;
  client.on('drain', () => drains++);
  const piece = Buffer.alloc(256 * 1024);
  while (client.write(piece));
  falses++;
  assert.ok(client.bufferSize > 0);
  assert.strictEqual(client.bufferSize, client.writableLength);
  assert.strictEqual(client.write('more'), false);
  accepted.resume();
  await once(client, 'drain');
  assert.strictEqual(client.bufferSize, 0);
  assert.strictEqual(drains, falses);
});

test('the callback of write runs when the data is written out', async (t) => {
  const { client, accepted } = await pair(t);
  const order = [];
  accepted.pause();
  client.write('a', () => order.push('a'));
  client.write('b', 'utf8', () => order.push('b'));
  const big = client.write(Buffer.alloc(16 << 20), () => order.push('big'));
  assert.strictEqual(big, false);
  await until(() => order.length === 2);
  assert.deepStrictEqual(order, ['a', 'b']);
  accepted.resume();
  await until(() => order.length === 3);
});

test('strings are written in their encoding', async (t) => {
  const { client, accepted } = await pair(t);
  const got = collect(accepted);
  client.write('\u00e9', 'latin1');
  client.write('\u00e9');
  client.write('6162', 'hex');
  client.end('Y2Q=', 'base64');
  assert.strictEqual((await got).toString('hex'), 'e9c3a961626364');
});

test('a Uint8Array that is no Buffer is written', async (t) => {
  const { client, accepted } = await pair(t);
  const got = collect(accepted);
  client.end(new Uint8Array([1, 2, 3]));
  assert.deepStrictEqual([...(await got)], [1, 2, 3]);
});

for (const bad of [undefined, 5, true, {}, [1]])
  test(`write(${JSON.stringify(bad)}) throws ERR_INVALID_ARG_TYPE`, async (t) => {
    const { client } = await pair(t);
    assert.throws(() => client.write(bad), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' });
  });

test('write(null) throws ERR_STREAM_NULL_VALUES and an unknown encoding ERR_UNKNOWN_ENCODING', async (t) => {
  const { client } = await pair(t);
  assert.throws(() => client.write(null), { code: 'ERR_STREAM_NULL_VALUES' });
  assert.throws(() => client.write('x', 'no-such'), { code: 'ERR_UNKNOWN_ENCODING' });
});

test('write after end is an error, and goes to the callback', async (t) => {
  const { client } = await pair(t);
  client.end();
  const failed = once(client, 'error');
  const [error] = await new Promise((resolve) => {
    assert.strictEqual(
      client.write('x', (...args) => resolve(args)),
      false,
    );
  });
  assert.strictEqual(error.code, 'ERR_STREAM_WRITE_AFTER_END');
  assert.strictEqual((await failed)[0], error);
});

test('end() in its forms: data, encoding, callback on finish', async (t) => {
  for (const [args, expected] of [
    [['x'], 'x'],
    [['78', 'hex'], 'x'],
    [[Buffer.from('x')], 'x'],
    [[], ''],
  ]) {
    const { client, accepted } = await pair(t);
    const got = collect(accepted);
    const finished = new Promise((resolve) => {
      assert.strictEqual(client.end(...args, resolve), client);
    });
    assert.strictEqual(String(await got), expected);
    await finished;
  }
});

test('end(data) arrives whole although the kernel is full', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  client.end(Buffer.alloc(16 << 20, 7));
  let size = 0;
  accepted.on('data', (chunk) => {
    size += chunk.length;
  });
  accepted.resume();
  await once(accepted, 'end');
  assert.strictEqual(size, 16 << 20);
});

test('finish comes after end() when all is sent, once', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.resume();
  let finished = 0;
  client.on('finish', () => finished++);
  client.write('x');
  client.end();
  await closed(client);
  assert.strictEqual(finished, 1);
});

test('the own side ends by itself when the peer ends', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.end('bye');
  client.resume();
  await once(client, 'end');
  assert.strictEqual(await closed(client), false);
});

test('with allowHalfOpen the own side stays open after end', async (t) => {
  const { client, accepted } = await pair(t, { client: { allowHalfOpen: true } });
  accepted.end();
  const got = collect(accepted);
  client.resume();
  await once(client, 'end');
  assert.strictEqual(client.readyState, 'writeOnly');
  assert.strictEqual(client.write('still'), true);
  client.end(' here');
  assert.strictEqual(String(await got), 'still here');
});

test('allowHalfOpen set on an accepted socket is honoured', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.allowHalfOpen = true;
  const got = collect(client);
  accepted.resume();
  client.end();
  await once(accepted, 'end');
  accepted.end('later');
  assert.strictEqual(String(await got), 'later');
});

test('after the own end the socket is readOnly and still receives', async (t) => {
  const { client, accepted } = await pair(t, { server: { allowHalfOpen: true } });
  client.end();
  await once(client, 'finish');
  assert.strictEqual(client.readyState, 'readOnly');
  const got = collect(client);
  const ended = closed(client);
  accepted.end('late');
  assert.strictEqual(String(await got), 'late');
  await ended;
  assert.strictEqual(client.readyState, 'closed');
});

test('setEncoding makes data strings that keep characters whole', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.setEncoding('utf8');
  let text = '';
  accepted.on('data', (chunk) => {
    assert.strictEqual(typeof chunk, 'string');
    text += chunk;
  });
  const bytes = Buffer.from('\u20ac');
  client.write(bytes.subarray(0, 1));
  client.write(bytes.subarray(1, 2));
  client.end(bytes.subarray(2));
  await once(accepted, 'end');
  assert.strictEqual(text, '\u20ac');
});

test('bytes that come before anybody listens are kept', async (t) => {
  const { client, accepted } = await pair(t);
  client.end('early');
  await until(() => accepted.bytesRead === 5);
  assert.strictEqual(String(await collect(accepted)), 'early');
});

test('destroy() closes once, without error, and is idempotent', async (t) => {
  const { client } = await pair(t);
  let closes = 0;
  client.on('close', () => closes++);
  client.on('error', assert.fail);
  assert.strictEqual(client.destroy(), client);
  assert.strictEqual(client.destroyed, true);
  assert.strictEqual(await closed(client), false);
  client.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  assert.strictEqual(closes, 1);
});

test('destroy(error) emits error, then close(true)', async (t) => {
  const { client } = await pair(t);
  const problem = new Error('mine');
  const order = [];
  client.on('error', (error) => order.push(error));
  client.on('close', (hadError) => order.push(hadError));
  client.destroy(problem);
  await closed(client);
  assert.deepStrictEqual(order, [problem, true]);
});

test('destroy inside data stops the data', async (t) => {
  const { client, accepted } = await pair(t);
  let calls = 0;
  accepted.on('data', () => {
    calls++;
    accepted.destroy();
  });
  client.on('error', () => {});
  client.write(Buffer.alloc(1 << 20));
  await closed(accepted);
  assert.strictEqual(calls, 1);
});

test('resetAndDestroy makes the peer see ECONNRESET', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.resume();
  const failed = once(accepted, 'error');
  const ended = closed(accepted);
  client.resetAndDestroy();
  const [error] = await failed;
  assert.strictEqual(error.code, 'ECONNRESET');
  assert.strictEqual(error.syscall, 'read');
  assert.strictEqual(error.message, 'read ECONNRESET');
  assert.strictEqual(await ended, true);
});

test('bytes before a reset arrive although the socket was paused meanwhile', async (t) => {
  const { client, accepted } = await pair(t);
  client.setNoDelay(); // what Nagle's algorithm holds back dies with the reset
  accepted.pause();
  client.write('last words');
  await new Promise((resolve) => client.write('!', resolve));
  client.resetAndDestroy();
  await closed(client);
  let text = '';
  accepted.on('data', (chunk) => {
    text += chunk;
  });
  accepted.resume();
  const [error] = await once(accepted, 'error');
  assert.strictEqual(error.code, 'ECONNRESET');
  assert.strictEqual(text, 'last words!');
});

test('writing to a peer that is gone is an error, not the end of the process', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.pause();
  client.destroy();
  await closed(client);
  const failed = once(accepted, 'error');
  const write = () => {
    if (accepted.destroyed) return;
    accepted.write('x');
    setImmediate(write);
  };
  write();
  const [error] = await failed;
  assert.ok(['EPIPE', 'ECONNRESET'].includes(error.code), error.code);
});

test('setNoDelay, setKeepAlive, ref and unref return the socket, before and after connect', async (t) => {
  const { connect } = await serve(t);
  const client = connect();
  for (let i = 0; i < 2; i++) {
    assert.strictEqual(client.setNoDelay(), client);
    assert.strictEqual(client.setNoDelay(false), client);
    assert.strictEqual(client.setKeepAlive(true, 1500), client);
    assert.strictEqual(client.setKeepAlive(), client);
    assert.strictEqual(client.unref(), client);
    assert.strictEqual(client.ref(), client);
    if (i === 0) await once(client, 'connect');
  }
});

test('an accepted socket without an error listener warns and closes; the server lives', async (t) => {
  const warned = once(process, 'warning');
  const { connect, open } = await serve(t, (one) => one.resume());
  const client = connect();
  await until(() => open.size === 1);
  client.resetAndDestroy();
  const [warning] = await warned;
  assert.match(warning.message, /ECONNRESET/);
  assert.match(warning.message, /127\.0\.0\.1/);
  const again = connect();
  await once(again, 'connect');
});

test('a chunk of onread goes to the own buffer, and false pauses', async (t) => {
  const { connect } = await serve(t, (one) => one.end('abcdef'));
  const buffer = Buffer.alloc(2);
  let text = '';
  let pauses = 0;
  const client = connect({
    onread: {
      buffer,
      callback(count, same) {
        assert.strictEqual(same, buffer);
        text += same.toString('latin1', 0, count);
        if (text.length === 4) {
          pauses++;
          setImmediate(() => client.resume());
          return false;
        }
        return true;
      },
    },
  });
  client.on('data', () => assert.fail('data'));
  await once(client, 'end');
  assert.strictEqual(text, 'abcdef');
  assert.strictEqual(pauses, 1);
});

test('pipe and async iteration work', async (t) => {
  const { connect } = await serve(t, (one) => one.pipe(one));
  const client = connect();
  client.end('through the pipe');
  let text = '';
  for await (const chunk of client) text += chunk;
  assert.strictEqual(text, 'through the pipe');
});

test('cork gathers writes', async (t) => {
  const { client, accepted } = await pair(t);
  const got = collect(accepted);
  client.cork();
  client.write('a');
  client.write('b');
  assert.strictEqual(client.writableLength, 2);
  assert.strictEqual(client.bytesWritten, 2);
  client.uncork();
  client.end('c');
  assert.strictEqual(String(await got), 'abc');
});

test('a socket that is made to be read only takes no writes', async () => {
  const socket = new net.Socket({ writable: false });
  assert.strictEqual(socket.writable, false);
  socket.write('x');
  const [error] = await once(socket, 'error');
  assert.strictEqual(error.code, 'ERR_STREAM_WRITE_AFTER_END');
  assert.strictEqual(new net.Socket({ readable: false }).readable, false);
});
