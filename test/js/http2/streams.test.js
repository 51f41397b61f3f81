'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const http2 = require('http2');
const { once } = require('events');
const { Readable } = require('stream');
const { answer, serve } = require('./http2');

const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;

test('a request is answered, with fields both ways', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream, headers, flags, raw) => {
    assert.strictEqual(headers[':method'], 'GET');
    assert.strictEqual(headers['x-one'], 'a');
    assert.strictEqual(raw[raw.indexOf(':method') + 1], 'GET');
    stream.respond({ ':status': 201, 'Set-Cookie': ['a=1', 'b=2'], 'x-many': ['1', '2'] });
    stream.end(`path ${headers[':path']}`);
  });
  const { headers, text } = await answer(connect().request({ ':path': '/p', 'X-One': 'a' }));
  assert.strictEqual(headers[':status'], 201);
  assert.deepStrictEqual(headers['set-cookie'], ['a=1', 'b=2']);
  assert.strictEqual(headers['x-many'], '1, 2');
  assert.ok(headers.date);
  assert.strictEqual(text, 'path /p');
});

test('4 MiB go both ways on each of ten streams at once, and arrive as they were', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    stream.respond();
    stream.pipe(stream);
  });
  const session = connect();
  const sent = Buffer.alloc(4 << 20, 'sluice of bytes');
  const all = Array.from({ length: 10 }, async () => {
    const stream = session.request({ ':method': 'POST' });
    stream.end(sent);
    return Buffer.concat(await stream.toArray());
  });
  for (const back of await Promise.all(all)) assert.ok(back.equals(sent));
});

test('who does not read stops who writes, at the window and the high-water mark', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const stream = connect().request({ ':method': 'POST' });
  let written = 0;
  const chunk = Buffer.alloc(16384, 'x');
  const more = () => {
    while (written < 4 << 20) {
      written += chunk.length;
      if (!stream.write(chunk)) return;
    }
    stream.end();
  };
  stream.on('drain', more);
  more();
  const [other] = await accepted;
  other.respond();
  // Another stream of the session has a window of its own.
  await new Promise((resolve, reject) => {
    other.session.ping((error) => (error ? reject(error) : resolve()));
  });
  await new Promise((resolve, reject) => {
    stream.session.ping((error) => (error ? reject(error) : resolve()));
  });
  assert.ok(written < 512 * 1024, `${written}`);
  let read = 0;
  for await (const part of other) read += part.length;
  assert.strictEqual(read, 4 << 20);
  other.end();
  stream.resume();
  await once(stream, 'close');
});

test('trailers go both ways', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    stream.on('trailers', (fields) => {
      stream.respond({}, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-after': `${fields['x-sum']}!` }));
      stream.end('body');
    });
    stream.resume();
  });
  const stream = connect().request({ ':method': 'POST' }, { waitForTrailers: true });
  assert.throws(() => stream.sendTrailers({}), { code: 'ERR_HTTP2_TRAILERS_NOT_READY' });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'x-sum': '7' });
    assert.throws(() => stream.sendTrailers({}), { code: 'ERR_HTTP2_TRAILERS_ALREADY_SENT' });
  });
  stream.end('data');
  const trailers = once(stream, 'trailers');
  assert.strictEqual((await answer(stream)).text, 'body');
  assert.strictEqual((await trailers)[0]['x-after'], '7!');
});

test('information comes before the answer', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a>' });
    assert.throws(() => stream.additionalHeaders({ ':status': 101 }), {
      code: 'ERR_HTTP2_STATUS_101',
    });
    stream.respond();
    assert.throws(() => stream.additionalHeaders({ ':status': 103 }), {
      code: 'ERR_HTTP2_HEADERS_AFTER_RESPOND',
    });
    assert.throws(() => stream.respond(), { code: 'ERR_HTTP2_HEADERS_SENT' });
    stream.end();
  });
  const stream = connect().request();
  const told = once(stream, 'headers');
  assert.strictEqual((await answer(stream)).headers[':status'], 200);
  const [information] = await told;
  assert.deepStrictEqual([information[':status'], information.link], [103, '</a>']);
});

test('a server pushes a stream that the client did not ask for', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      assert.ifError(error);
      assert.throws(() => pushed.pushStream({}, () => {}), { code: 'ERR_HTTP2_NESTED_PUSH' });
      pushed.respond({ 'x-push': 'yes' });
      pushed.end('pushed');
      stream.respond();
      stream.end('asked');
    });
  });
  const session = connect();
  const came = new Promise((resolve) => {
    session.on('stream', (pushed, headers) => {
      const fields = once(pushed, 'push');
      const text = pushed.setEncoding('utf8').toArray();
      resolve(Promise.all([headers, fields, text]));
    });
  });
  const asked = answer(session.request());
  const [headers, [fields], text] = await came;
  assert.strictEqual(headers[':path'], '/pushed');
  assert.strictEqual(fields['x-push'], 'yes');
  assert.strictEqual(text.join(''), 'pushed');
  assert.strictEqual((await asked).text, 'asked');
});

test('a client that wants no pushes gets none', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    assert.strictEqual(stream.pushAllowed, false);
    assert.throws(() => stream.pushStream({}, () => {}), { code: 'ERR_HTTP2_PUSH_DISABLED' });
    stream.respond();
    stream.end('ok');
  });
  const session = connect({ settings: { enablePush: false } });
  assert.strictEqual((await answer(session.request())).text, 'ok');
});

test('a stream that the client cancels is aborted at the server, and is no error', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const stream = connect().request({ ':method': 'POST' });
  const [other] = await accepted;
  other.respond();
  other.write('some');
  await once(stream, 'data');
  const ends = Promise.all([once(other, 'aborted'), once(other, 'close')]);
  stream.close(NGHTTP2_CANCEL);
  await ends;
  assert.deepStrictEqual([other.aborted, other.rstCode], [true, NGHTTP2_CANCEL]);
});

test('a stream that ends with a code is an error with its name', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.close(NGHTTP2_REFUSED_STREAM);
  });
  const stream = connect().request();
  const [error] = await once(stream, 'error');
  assert.strictEqual(error.code, 'ERR_HTTP2_STREAM_ERROR');
  assert.strictEqual(error.message, 'Stream closed with error code NGHTTP2_REFUSED_STREAM');
  assert.strictEqual(stream.rstCode, NGHTTP2_REFUSED_STREAM);
});

test('an error of the server destroys one stream, and the others go on', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream, headers) => {
    stream.respond();
    if (headers[':path'] !== '/bad') {
      stream.end('good');
      return;
    }
    stream.on('error', (error) => assert.strictEqual(error.message, 'mine'));
    stream.destroy(new Error('mine'));
  });
  const session = connect();
  const bad = session.request({ ':path': '/bad' });
  bad.resume();
  assert.strictEqual((await once(bad, 'error'))[0].code, 'ERR_HTTP2_STREAM_ERROR');
  assert.strictEqual(bad.rstCode, NGHTTP2_INTERNAL_ERROR);
  assert.strictEqual((await answer(session.request())).text, 'good');
});

test('a signal ends a request', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const controller = new AbortController();
  const stream = connect().request({}, { signal: controller.signal });
  const [other] = await accepted;
  controller.abort();
  assert.strictEqual((await once(stream, 'error'))[0].name, 'AbortError');
  await once(other, 'close');
  assert.strictEqual(other.rstCode, NGHTTP2_CANCEL);
});

test('a file and a part of one are answered, and what is none is an error', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream, headers) => {
    const path = headers[':path'];
    if (path === '/part') stream.respondWithFile(__filename, {}, { offset: 3, length: 10 });
    else if (path === '/fd') {
      const fd = fs.openSync(__filename);
      stream.on('close', () => fs.closeSync(fd));
      stream.respondWithFD(fd);
    } else if (path === '/none') {
      const onError = (error) => {
        stream.respond({ ':status': 404 });
        stream.end(error.code);
      };
      stream.respondWithFile('/not/there', {}, { onError });
    } else {
      const statCheck = (stat, fields) => {
        fields['x-size'] = stat.size;
      };
      stream.respondWithFile(__filename, { 'content-type': 'text/plain' }, { statCheck });
    }
  });
  const session = connect();
  const source = fs.readFileSync(__filename, 'utf8');
  const whole = await answer(session.request());
  assert.strictEqual(whole.text, source);
  assert.strictEqual(whole.headers['x-size'], `${source.length}`);
  assert.strictEqual(whole.headers['content-length'], `${source.length}`);
  assert.strictEqual(
    (await answer(session.request({ ':path': '/part' }))).text,
    source.slice(3, 13),
  );
  assert.strictEqual((await answer(session.request({ ':path': '/fd' }))).text, source);
  assert.strictEqual((await answer(session.request({ ':path': '/none' }))).text, 'ENOENT');
});

test('an answer to HEAD has no body, nor has one of 204', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': headers[':method'] === 'HEAD' ? 200 : 204, 'content-length': 0 });
    stream.end();
  });
  const session = connect();
  for (const method of ['HEAD', 'DELETE'])
    assert.strictEqual((await answer(session.request({ ':method': method }))).text, '');
});

test('fields that HTTP/2 forbids are refused, with the codes of Node', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => stream.respond({}, { endStream: true }));
  const session = connect();
  for (const [headers, code] of [
    [{ connection: 'close' }, 'ERR_HTTP2_INVALID_CONNECTION_HEADERS'],
    [{ te: 'gzip' }, 'ERR_HTTP2_INVALID_CONNECTION_HEADERS'],
    [{ ':status': 200 }, 'ERR_HTTP2_INVALID_PSEUDOHEADER'],
    [{ 'content-type': ['a', 'b'] }, 'ERR_HTTP2_HEADER_SINGLE_VALUE'],
    [{ 'b c': '1' }, 'ERR_INVALID_HTTP_TOKEN'],
    [{ a: 'x\r\ny' }, 'ERR_INVALID_CHAR'],
    [{ a: 'x\0y' }, 'ERR_INVALID_CHAR'],
    [{ ':method': 'CONNECT' }, 'ERR_HTTP2_CONNECT_AUTHORITY'],
  ])
    assert.throws(() => session.request(headers), { code }, JSON.stringify(headers));
  assert.strictEqual((await answer(session.request({ te: 'trailers' }))).headers[':status'], 200);
});

test('a sensitive field arrives marked as one', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  connect()
    .request({ 'x-key': 'secret', [http2.sensitiveHeaders]: ['X-Key'] })
    .resume();
  const [stream, headers] = await accepted;
  assert.deepStrictEqual(headers[http2.sensitiveHeaders], ['x-key']);
  assert.strictEqual(headers['x-key'], 'secret');
  stream.respond({}, { endStream: true });
});

test('fields may be a list, in its order', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream, headers, flags, raw) => {
    stream.respond([':status', 200, 'x-b', '1', 'x-a', '2'], { sendDate: false });
    stream.end(raw.filter((one) => one.startsWith('x-')).join());
  });
  const stream = connect().request([':path', '/', 'x-z', '1', 'x-y', '2']);
  const response = once(stream, 'response');
  const text = (await stream.setEncoding('utf8').toArray()).join('');
  assert.deepStrictEqual((await response)[2], [':status', '200', 'x-b', '1', 'x-a', '2']);
  assert.strictEqual(text, 'x-z,x-y');
});

test('what is piped in small parts arrives in order, however the peer reads', async (t) => {
  const { server, connect } = await serve(t);
  const parts = Array.from({ length: 5000 }, (_, i) => `part ${i}\n`);
  server.on('stream', (stream) => {
    stream.respond();
    Readable.from(parts).pipe(stream);
  });
  const stream = connect().request();
  let text = '';
  for await (const part of stream) {
    text += part;
    if (text.length % 7 === 0) await new Promise(setImmediate);
  }
  assert.strictEqual(text, parts.join(''));
});

test('a listener that throws loses nothing of the other streams', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream, headers) => {
    stream.respond({}, { endStream: true });
    if (headers[':path'] === '/throw') throw new Error('in a listener');
  });
  const seen = [];
  const harness = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => seen.push(error.message));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    harness.forEach((listener) => process.on('uncaughtException', listener));
  });
  const session = connect();
  await once(session, 'connect');
  const all = ['/a', '/throw', '/b', '/c'].map((path) =>
    answer(session.request({ ':path': path })),
  );
  for (const { headers } of await Promise.all(all)) assert.strictEqual(headers[':status'], 200);
  assert.deepStrictEqual(seen, ['in a listener']);
});
