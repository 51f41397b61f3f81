'use strict';
// Clients that mean harm.
const { test } = require('../../helpers/test');
const assert = require('assert');
const net = require('net');
const { once } = require('events');
const { exchange, serve } = require('./http');

const HOST = 'Host: a\r\n';

test('a line of blanks with a control character behind costs its length alone', async (t) => {
  const { port } = await serve(t, () => assert.fail('it was served'));
  const line = `X:${' '.repeat(16000)}\x01`;
  for (let i = 0; i < 200; i++)
    assert.match(
      await exchange(port, `GET / HTTP/1.1\r\n${HOST}${line}\r\n\r\n`),
      /^HTTP\/1.1 400/,
    );
});

test('blanks around a value are no part of it, and others are', async (t) => {
  const { port } = await serve(t, (req, res) => res.end(JSON.stringify(req.rawHeaders)));
  const fields = 'A: \t x y \t\r\nB:\xa0\r\nC:\r\nConnection: close\r\n';
  const answer = await exchange(port, `GET / HTTP/1.1\r\n${HOST}${fields}\r\n`);
  assert.ok(
    answer.endsWith(
      Buffer.from(
        JSON.stringify(['Host', 'a', 'A', 'x y', 'B', '\xa0', 'C', '', 'Connection', 'close']),
      ).toString('latin1'),
    ),
    answer,
  );
});

// Without a collector nothing is freed, and AddressSanitizer keeps what was.
const testMemory =
  process.env.JSC_useGC === '0' || process.env.ASAN_OPTIONS !== undefined
    ? (name) => test.skip(name, 'memory is not given back')
    : test;

testMemory('what follows a request that cannot be read is dropped, and told once', async (t) => {
  const { server, port } = await serve(t, () => assert.fail('it was served'));
  const errors = [];
  server.on('clientError', (error, socket) => {
    errors.push(error.code);
    socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const [connection] = await Promise.all([
    once(server, 'connection'),
    (async () => {
      const client = net.connect(port, '127.0.0.1');
      t.after(() => client.destroy());
      client.write('bad\x01\r\n\r\n');
      await once(client, 'data');
      const part = Buffer.alloc(1 << 20, 'GET / HTTP/1.1\r\n\r\n');
      for (let i = 0; i < 64; i++) if (!client.write(part)) await once(client, 'drain');
      client.end();
      await once(client, 'finish');
    })(),
  ]);
  await new Promise((resolve) => connection[0].once('end', resolve));
  assert.deepStrictEqual(errors, ['HPE_INVALID_METHOD']);
  assert.strictEqual(connection[0].bytesRead, 64 * (1 << 20) + 'bad\x01\r\n\r\n'.length);
  assert.ok(process.memoryUsage().rss < 400e6, `${process.memoryUsage().rss} bytes are held`);
});

test('the clock of the wall has no part in time-outs', async (t) => {
  const wall = Date.now;
  t.after(() => {
    Date.now = wall;
  });
  const options = { headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 5 };
  const { server, port } = await serve(t, options, (req, res) => res.end('served'));
  server.on('clientError', (error, socket) => socket.destroy(error));
  const client = net.connect(port, '127.0.0.1');
  client.on('error', () => {});
  client.write(`GET / HTTP/1.1\r\n${HOST}`);
  await once(server, 'connection');
  Date.now = () => wall() + 3600e3;
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setTimeout(resolve, 5));
  client.write('Connection: close\r\n\r\n');
  let text = '';
  for await (const part of client) text += part;
  assert.match(text, /served$/);
  // And a clock that was put back keeps nobody.
  Date.now = () => wall() - 3600e3;
  const late = net.connect(port, '127.0.0.1');
  late.on('error', () => {});
  late.write('GET');
  await once(late, 'close');
});

testMemory('a byte of a request that does not come keeps no more than itself', async (t) => {
  const { port } = await serve(t, (req, res) => req.resume().on('end', () => res.end()));
  const busy = net.connect(port, '127.0.0.1');
  t.after(() => busy.destroy());
  const body = 'x'.repeat(3500);
  const idle = [];
  t.after(() => idle.forEach((client) => client.destroy()));
  const hold = async () => {
    const client = net.connect(port, '127.0.0.1');
    idle.push(client);
    await once(client, 'connect');
    client.write('G');
    // Bytes of others, which fill the memory that the byte lies in.
    for (let i = 0; i < 16; i++) {
      busy.write(`POST / HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`);
      await once(busy, 'data');
    }
  };
  for (let i = 0; i < 100; i++) await hold();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 500; i++) await hold();
  const held = (process.memoryUsage().rss - before) / 500;
  assert.ok(held < 40000, `${held} bytes for each`);
});

test('a body in chunks of a byte that nobody reads is kept in few pieces', async (t) => {
  let request;
  const { server, port } = await serve(t, (req) => (request = req));
  const client = net.connect(port, '127.0.0.1');
  t.after(() => client.destroy());
  client.write(`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
  client.write('1\r\nx\r\n'.repeat(20000));
  await once(server, 'request');
  const state = request._readableState;
  while (state.length < Math.min(20000, state.highWaterMark))
    await new Promise((resolve) => setImmediate(resolve));
  assert.ok(state.buffer.length < 100, `${state.length} bytes in ${state.buffer.length} pieces`);
  client.write('2\r\nyz\r\n0\r\n\r\n');
  const whole = Buffer.concat(await request.toArray());
  assert.strictEqual(whole.toString(), `${'x'.repeat(20000)}yz`);
});

test('a link with many parameters that is none is refused at once', async (t) => {
  const link = `</a>${'; a=b'.repeat(100)} c`;
  const { port } = await serve(t, (req, res) => {
    assert.throws(() => res.writeEarlyHints({ link }), { code: 'ERR_INVALID_ARG_VALUE' });
    res.writeEarlyHints({ link: '</a>; rel=preload; as="style" ; crossorigin' });
    res.end('served');
  });
  const answer = await exchange(port, `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
  assert.match(answer, /^HTTP\/1.1 103 [^]*served$/);
});
