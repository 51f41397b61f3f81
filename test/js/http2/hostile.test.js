'use strict';
// Peers that do what none should: each is bounded, and costs its own connection at most.
const { test } = require('../../helpers/test');
const assert = require('assert');
const http2 = require('http2');
const net = require('net');
const { once } = require('events');
const { answer, serve } = require('./http2');

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_REFUSED_STREAM } = http2.constants;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;
// :method GET, :scheme http, :path /, :authority a; of the static table.
const REQUEST = Buffer.from([0x82, 0x86, 0x84, 0x41, 1, 0x61]);

function frame(type, flags, id, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

/** A raw connection that has said hello; codes() gives those of the GOAWAYs when it has ended. */
async function raw(t, port) {
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  let bytes = Buffer.alloc(0);
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part]);
  });
  socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]));
  await once(socket, 'connect');
  const frames = () => {
    const list = [];
    for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
      list.push({
        type: bytes[at + 3],
        payload: bytes.subarray(at + 9, at + 9 + bytes.readUIntBE(at, 3)),
      });
    return list;
  };
  const codes = async () => {
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    return frames()
      .filter(({ type }) => type === GOAWAY)
      .map(({ payload }) => payload.readUInt32BE(4));
  };
  return { socket, codes };
}

/** A server that answers everything; the first error of a session. */
async function noting(t, options) {
  const served = await serve(t, options);
  const failed = once(served.server, 'sessionError');
  served.server.on('stream', (stream) => {
    stream.on('error', () => {});
    if (!stream.closed) stream.respond({}, { endStream: true });
  });
  return { ...served, failed };
}

test('a client that begins and resets streams for ever is told to be calm', async (t) => {
  const { port, failed } = await noting(t, { streamResetBurst: 50, streamResetRate: 1 });
  const { socket, codes } = await raw(t, port);
  const cancel = Buffer.from([0, 0, 0, 8]);
  for (let id = 1; id < 400; id += 2) {
    socket.write(frame(HEADERS, END_HEADERS, id, REQUEST));
    socket.write(frame(RST_STREAM, 0, id, cancel));
  }
  assert.ok((await codes()).includes(NGHTTP2_ENHANCE_YOUR_CALM));
  assert.strictEqual((await failed)[0].code, 'ERR_HTTP2_ERROR');
});

test('a client may reset as many streams as the program allows', async (t) => {
  const { server, connect } = await serve(t, { streamResetBurst: 3000 });
  server.on('stream', (stream) => stream.respond());
  const session = connect();
  for (let i = 0; i < 30; i++) {
    const all = Array.from({ length: 50 }, async () => {
      const stream = session.request();
      await once(stream, 'response');
      stream.close(http2.constants.NGHTTP2_CANCEL);
      await once(stream, 'close');
    });
    await Promise.all(all);
  }
  assert.strictEqual(session.closed, false);
});

test('a block of fields in CONTINUATION frames without end ends the connection', async (t) => {
  const { port, failed } = await noting(t);
  const { socket, codes } = await raw(t, port);
  socket.write(frame(HEADERS, END_STREAM, 1, REQUEST));
  for (let i = 0; i < 1000; i++) socket.write(frame(CONTINUATION, 0, 1, Buffer.alloc(0)));
  await codes();
  assert.strictEqual((await failed)[0].code, 'ERR_HTTP2_ERROR');
});

test('more fields, and longer ones, than are allowed reset the stream only', async (t) => {
  const { connect } = await noting(t, {
    maxHeaderListPairs: 20,
    settings: { maxHeaderListSize: 4000 },
  });
  const session = connect();
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x-${i}`, 'v']));
  for (const headers of [many, { 'x-long': 'v'.repeat(5000) }]) {
    const stream = session.request(headers);
    stream.resume();
    assert.strictEqual((await once(stream, 'error'))[0].code, 'ERR_HTTP2_STREAM_ERROR');
    assert.strictEqual(stream.rstCode, NGHTTP2_ENHANCE_YOUR_CALM);
  }
  assert.strictEqual((await answer(session.request())).headers[':status'], 200);
});

test('pings and settings whose answers are not read end the connection', async (t) => {
  for (const one of [frame(PING, 0, 0, Buffer.alloc(8)), frame(SETTINGS, 0, 0)]) {
    const { server, port } = await serve(t);
    const errors = [];
    server.on('sessionError', (error) => errors.push(error.code));
    const { socket, codes } = await raw(t, port);
    socket.pause();
    const many = Buffer.concat(Array(2000).fill(one));
    const flood = () => {
      while (!socket.destroyed) if (!socket.write(many)) return;
    };
    socket.on('drain', flood);
    flood();
    await once(server, 'sessionError');
    socket.resume();
    await codes();
    assert.deepStrictEqual(errors, ['ERR_HTTP2_ERROR']);
  }
});

test('bytes that are no HTTP/2 end the connection with an error of the session', async (t) => {
  const { server, port } = await noting(t);
  const failed = once(server, 'sessionError');
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\n\r\n');
  socket.resume();
  assert.strictEqual((await failed)[0].code, 'ERR_HTTP2_ERROR');
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
});

for (const form of ['stream', 'request'])
  test(`data a byte a frame that nobody reads are kept in few pieces, of their own (${form})`, async (t) => {
    const { server, port } = await serve(t);
    const begun = once(server, form);
    const { socket } = await raw(t, port);
    const POST = Buffer.from([0x83, 0x86, 0x84, 0x41, 1, 0x61]);
    const count = 20000;
    const bytes = Array(count).fill(frame(DATA, 0, 1, Buffer.from('x')));
    socket.write(Buffer.concat([frame(HEADERS, END_HEADERS, 1, POST), ...bytes]));
    const [stream] = await begun;
    const state = stream._readableState;
    const kept = () => [...state.buffer].reduce((sum, piece) => sum + piece.buffer.byteLength, 0);
    if (form === 'request') stream.read(0);
    while (state.length < Math.min(count, state.highWaterMark))
      await new Promise((resolve) => setImmediate(resolve));
    assert.ok(state.buffer.length < 100, `${state.length} bytes in ${state.buffer.length} pieces`);
    assert.ok(kept() < 4 * state.length + 1024, `${kept()} bytes are kept`);
    socket.write(frame(DATA, END_STREAM, 1, Buffer.from('yz')));
    const whole = Buffer.concat(await stream.toArray());
    assert.strictEqual(whole.toString(), `${'x'.repeat(count)}yz`);
  });

// Without a collector nothing is freed, and AddressSanitizer keeps what was.
const testMemory =
  process.env.JSC_useGC === '0' || process.env.ASAN_OPTIONS !== undefined
    ? (name) => test.skip(name, 'memory is not given back')
    : test;

testMemory('answers that nobody takes are not copied', async (t) => {
  const { server, port } = await serve(t);
  const body = Buffer.alloc(4 << 20);
  const count = 200;
  let begun = 0;
  const all = new Promise((resolve) => {
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respond();
      stream.end(body);
      if (++begun === count) setImmediate(resolve);
    });
  });
  const before = process.memoryUsage().rss;
  const { socket } = await raw(t, port);
  const requests = Array.from({ length: count }, (_, i) =>
    frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, REQUEST),
  );
  socket.write(Buffer.concat(requests));
  await all;
  const held = process.memoryUsage().rss - before;
  assert.ok(held < 100e6, `${held} bytes for ${count} answers of ${body.length}`);
});

test('streams beyond the number that the server allows are refused', async (t) => {
  const { server, port } = await serve(t, { settings: { maxConcurrentStreams: 2 } });
  const streams = [];
  server.on('stream', (stream) => streams.push(stream));
  const session = http2.connect(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  await once(session, 'remoteSettings');
  const all = Array.from({ length: 3 }, () => session.request());
  await new Promise((resolve, reject) => {
    session.ping((error) => (error ? reject(error) : resolve()));
  });
  // The third waits at the client.
  assert.strictEqual(streams.length, 2);
  const done = Promise.all(all.map(answer));
  server.on('stream', (stream) => stream.respond({}, { endStream: true }));
  for (const stream of streams) stream.respond({}, { endStream: true });
  assert.deepStrictEqual(
    (await done).map(({ headers }) => headers[':status']),
    [200, 200, 200],
  );
});

test('a session that keeps too much memory refuses new streams', async (t) => {
  const { server, connect } = await serve(t, { maxSessionMemory: 1 });
  server.on('stream', (stream) => stream.on('error', () => {})); // none is answered
  const session = connect({ peerMaxConcurrentStreams: 1000 });
  const refused = new Promise((resolve) => {
    for (let i = 0; i < 320; i++) {
      const stream = session.request();
      stream.on('error', () => resolve(stream.rstCode));
    }
  });
  assert.strictEqual(await refused, NGHTTP2_ENHANCE_YOUR_CALM);
});

test('a server without listeners refuses streams', async (t) => {
  const { connect } = await serve(t);
  const stream = connect().request();
  await once(stream, 'error');
  assert.strictEqual(stream.rstCode, NGHTTP2_REFUSED_STREAM);
});

/** Numbers that follow from a seed. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

/** A frame that is right, or nearly. @param {() => number} next  number of a new stream */
function someFrame(below, next, last) {
  const number = (bytes) => Buffer.from(Array.from({ length: bytes }, () => below(256)));
  const odd = below(15) === 0;
  const type = odd
    ? below(11)
    : [0, HEADERS, HEADERS, 2, RST_STREAM, SETTINGS, PING, 8, 10][below(9)];
  const bodies = {
    0: number(below(40)),
    [HEADERS]: REQUEST,
    2: Buffer.from([0, 0, 0, 0, below(256)]), // PRIORITY
    [RST_STREAM]: Buffer.from([0, 0, 0, below(14)]),
    [SETTINGS]: Buffer.from([0, 4, 0, 0, below(256), below(256)]), // the window of streams
    [PING]: number(8),
    8: Buffer.from([0, 0, below(256), 1]), // WINDOW_UPDATE
  };
  const whole = type === SETTINGS || type === PING || type === GOAWAY;
  let id = whole ? 0 : last;
  if (type === HEADERS) id = next();
  const flags = type === HEADERS ? END_HEADERS | below(2) : 0;
  const bytes = frame(
    type,
    odd ? below(256) : flags,
    odd ? below(20) : id,
    bodies[type] ?? number(8),
  );
  if (below(200) === 0) bytes.writeUIntBE(below(1 << 20), 0, 3);
  return bytes;
}

test('random frames cost their own connections at most', async (t) => {
  const { server, port, connect } = await serve(t);
  server.on('sessionError', () => {});
  let begun = 0;
  server.on('stream', (stream) => {
    begun++;
    stream.resume();
    stream.respond();
    stream.end(Buffer.alloc(30000));
  });
  for (let seed = 1; seed <= 200; seed++) {
    const below = numbers(seed);
    let id = -1;
    const next = () => (id += 2);
    const { socket } = await raw(t, port);
    const parts = [frame(HEADERS, END_HEADERS, next(), REQUEST)];
    while (parts.length < 40) parts.push(someFrame(below, next, Math.max(1, id - 2 * below(3))));
    socket.end(Buffer.concat(parts));
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  }
  assert.ok(begun > 200, `${begun}`);
  assert.strictEqual((await answer(connect().request())).headers[':status'], 200);
});
