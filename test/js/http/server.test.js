'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { exchange, fetch, serve } = require('./http');

test('a response has a length, chunks, or ends its connection', async (t) => {
  const { port } = await serve(t, (req, res) => {
    if (req.url === '/whole') res.end('abc');
    else if (req.url === '/none') res.end();
    else if (req.url === '/204') res.writeHead(204).end();
    else {
      res.write('ab');
      res.end('c');
    }
  });
  const whole = await fetch({ port, path: '/whole' });
  assert.deepStrictEqual([whole.text, whole.res.headers['content-length']], ['abc', '3']);
  const parts = await fetch({ port, path: '/parts' });
  assert.deepStrictEqual([parts.text, parts.res.headers['transfer-encoding']], ['abc', 'chunked']);
  const none = await fetch({ port, path: '/none' });
  assert.deepStrictEqual([none.text, none.res.headers['content-length']], ['', '0']);
  const empty = await fetch({ port, path: '/204' });
  assert.deepStrictEqual(
    [empty.res.statusCode, empty.res.headers['content-length']],
    [204, undefined],
  );
  const old = await exchange(port, 'GET /parts HTTP/1.0\r\n\r\n');
  assert.match(old, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(old, /\r\nConnection: close\r\n\r\nabc$/);
  const head = await fetch({ port, path: '/whole', method: 'HEAD' });
  assert.strictEqual(head.text, '');
});

test('fields are set, read and removed in any case', async (t) => {
  const { port } = await serve(t, (req, res) => {
    res.setHeader('X-One', 1);
    res.setHeader('Set-Cookie', ['a=1', 'b=2']);
    res.appendHeader('x-more', 'a').appendHeader('X-More', 'b');
    res.setHeader('x-gone', 'x');
    res.removeHeader('X-GONE');
    assert.strictEqual(res.getHeader('x-one'), 1);
    assert.strictEqual(res.hasHeader('X-ONE'), true);
    assert.deepStrictEqual(res.getHeaderNames(), ['x-one', 'set-cookie', 'x-more']);
    assert.deepStrictEqual(res.getRawHeaderNames(), ['X-One', 'Set-Cookie', 'x-more']);
    assert.strictEqual(res.headersSent, false);
    res.writeHead(201, 'Made', { 'X-Two': 2 });
    assert.strictEqual(res.headersSent, true);
    assert.throws(() => res.setHeader('a', 'b'), { code: 'ERR_HTTP_HEADERS_SENT' });
    res.end(JSON.stringify([req.headers['x-a'], req.headers.cookie, req.rawHeaders.length]));
  });
  const { res, text } = await fetch({
    port,
    headers: { 'X-A': ['1', '2'], Cookie: ['a=b', 'c=d'] },
  });
  assert.deepStrictEqual([res.statusCode, res.statusMessage], [201, 'Made']);
  assert.deepStrictEqual(res.headers['set-cookie'], ['a=1', 'b=2']);
  assert.deepStrictEqual(
    [res.headers['x-one'], res.headers['x-two'], res.headers['x-more']],
    ['1', '2', 'a, b'],
  );
  assert.strictEqual(res.headers['x-gone'], undefined);
  assert.deepStrictEqual(res.headersDistinct['x-more'], ['a', 'b']);
  assert.ok(res.headers.date);
  assert.deepStrictEqual(JSON.parse(text).slice(0, 2), ['1, 2', 'a=b; c=d']);
});

test('fields that would split a response are refused', async (t) => {
  const { port } = await serve(t, (req, res) => {
    assert.throws(() => res.setHeader('X', 'a\r\nSet-Cookie: b'), { code: 'ERR_INVALID_CHAR' });
    assert.throws(() => res.setHeader('X\r\n', 'a'), { code: 'ERR_INVALID_HTTP_TOKEN' });
    assert.throws(() => res.setHeader('X', undefined), { code: 'ERR_HTTP_INVALID_HEADER_VALUE' });
    assert.throws(() => res.setHeader('X', ['a', 'b\n']), { code: 'ERR_INVALID_CHAR' });
    assert.throws(() => res.writeHead(200, 'a\r\nb'), { code: 'ERR_INVALID_CHAR' });
    assert.throws(() => res.writeHead(99), { code: 'ERR_HTTP_INVALID_STATUS_CODE' });
    assert.throws(() => res.addTrailers({ X: 'a\r\nb' }), { code: 'ERR_INVALID_CHAR' });
    res.statusMessage = 'OK';
    res.end('fine');
  });
  assert.strictEqual((await fetch({ port })).text, 'fine');
});

test('trailers follow a chunked body', async (t) => {
  const { port } = await serve(t, (req, res) => {
    res.setHeader('Trailer', 'X-Sum');
    res.write('abc');
    res.addTrailers({ 'X-Sum': '3' });
    res.end();
  });
  const { res } = await fetch({ port });
  assert.deepStrictEqual(res.trailers, { 'x-sum': '3' });
  assert.deepStrictEqual(res.rawTrailers, ['X-Sum', '3']);
});

test('Expect: 100-continue is answered before the body comes', async (t) => {
  const { server, port } = await serve(t, (req, res) => req.pipe(res));
  const send = async () => {
    const req = http.request({
      port,
      method: 'POST',
      headers: { Expect: '100-continue', 'Content-Length': 4 },
    });
    req.flushHeaders();
    await once(req, 'continue');
    req.end('body');
    const [res] = await once(req, 'response');
    return (await res.setEncoding('utf8').toArray()).join('');
  };
  assert.strictEqual(await send(), 'body');
  server.once('checkContinue', (req, res) => {
    res.writeHead(413);
    res.end('no');
  });
  const { res } = await fetch({
    port,
    method: 'POST',
    headers: { Expect: '100-continue', 'Content-Length': 4 },
  });
  assert.strictEqual(res.statusCode, 413);
  const other = await fetch({ port, method: 'POST', headers: { Expect: 'miracles' } });
  assert.strictEqual(other.res.statusCode, 417);
});

test('interim responses come before the final one', async (t) => {
  const { port } = await serve(t, (req, res) => {
    res.writeProcessing();
    res.writeEarlyHints({ link: '</a.css>; rel=preload' });
    res.end('final');
  });
  const req = http.get({ port });
  const seen = [];
  req.on('information', (info) => seen.push([info.statusCode, info.headers.link]));
  const [res] = await once(req, 'response');
  assert.strictEqual((await res.toArray()).join(''), 'final');
  assert.deepStrictEqual(seen, [
    [102, undefined],
    [103, '</a.css>; rel=preload'],
  ]);
});

test('an upgrade hands over the connection and what came with the head', async (t) => {
  const { server, port } = await serve(t, (req, res) => res.end('plain'));
  server.on('upgrade', (req, socket, head) => {
    assert.strictEqual(req.headers.upgrade, 'echo');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
    );
    socket.write(head);
    socket.pipe(socket);
  });
  const headers = 'Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: echo\r\n\r\n';
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`GET / HTTP/1.1\r\n${headers}early`);
  let text = '';
  socket.setEncoding('latin1').on('data', (part) => (text += part));
  while (!text.endsWith('early')) await once(socket, 'data');
  socket.end('late');
  await once(socket, 'end');
  assert.match(text, /^HTTP\/1\.1 101 [^]*\r\n\r\nearlylate$/);
  assert.strictEqual((await fetch({ port })).text, 'plain');
});

test('without a listener for upgrades the request is a plain one, and CONNECT ends', async (t) => {
  const { port } = await serve(t, (req, res) => res.end(`plain ${req.upgrade}`));
  const { text } = await fetch({ port, headers: { Connection: 'Upgrade', Upgrade: 'x' } });
  assert.strictEqual(text, 'plain false');
  await assert.rejects(fetch({ port, method: 'CONNECT', path: 'a:1' }), { code: 'ECONNRESET' });
});

test('a client that goes away closes its request and its response', async (t) => {
  const events = [];
  const done = Promise.withResolvers();
  const { port } = await serve(t, (req, res) => {
    req.on('aborted', () => events.push('aborted'));
    req.on('error', (error) => events.push(error.code));
    res.on('close', () => {
      events.push('close');
      assert.strictEqual(res.writableFinished, false);
      assert.strictEqual(res.write('nobody hears it'), false);
      done.resolve();
    });
    socket.destroy();
  });
  const socket = net.connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
  await done.promise;
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.deepStrictEqual(events.sort(), ['ECONNRESET', 'aborted', 'close']);
});

test('clientError tells what is wrong with a request, and answers', async (t) => {
  const { server, port } = await serve(t, () => {});
  server.on('clientError', (error, socket) => {
    assert.strictEqual(error.code, 'HPE_INVALID_METHOD');
    assert.ok(Buffer.isBuffer(error.rawPacket));
    socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
  });
  assert.match(await exchange(port, 'nothing\r\n\r\n'), /^HTTP\/1\.1 418/);
});

test('a request that does not arrive in time is answered with 408', async (t) => {
  const options = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 10 };
  const { port } = await serve(t, options, (req) => req.resume().on('error', () => {}));
  for (const text of [
    'GET / HTTP/1.1\r\n',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na',
    '',
  ])
    assert.match(await exchange(port, text), /^HTTP\/1\.1 408 Request Timeout\r\n/);
});

test('an idle connection ends after keepAliveTimeout', async (t) => {
  const { port } = await serve(t, { keepAliveTimeout: 20 }, (req, res) => res.end('x'));
  const answer = await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.match(answer, /\r\nConnection: keep-alive\r\n/);
});

test('a request may take longer than keepAliveTimeout, and nobody is told of a timeout', async (t) => {
  const told = [];
  const options = { keepAliveTimeout: 20, keepAliveTimeoutBuffer: 0 };
  const { server, port } = await serve(t, options, (req, res) => {
    if (req.url === '/slow') setTimeout(() => res.end('slow'), 100);
    else res.end('x');
  });
  server.on('connection', (socket) => socket.on('timeout', () => told.push(socket.timeout)));
  const one = (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const answer = await exchange(port, one('/') + one('/slow') + one('/'));
  assert.strictEqual(answer.match(/\r\n\r\n(x|slow)/g).length, 3);
  assert.deepStrictEqual(told, [20]); // of the silence after the last answer
});

test('what is written in one turn goes as it is, whatever it is made of', async (t) => {
  const parts = ['abc', 'é', Buffer.from('ü'), '', 'z', Buffer.from([0, 255])];
  const whole = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { port } = await serve(t, (req, res) => {
    if (req.url === '/length') res.setHeader('Content-Length', whole.length);
    for (const part of parts) res.write(part);
    res.end(req.url === '/tail' ? 'é' : '');
  });
  for (const path of ['/', '/length', '/tail']) {
    const { text } = await fetch({ port, path });
    const tail = path === '/tail' ? 'é' : '';
    assert.strictEqual(text, Buffer.concat([whole, Buffer.from(tail)]).toString('latin1'), path);
  }
});

test('a request that nobody read is finished when it is answered', async (t) => {
  const { finished } = require('stream');
  const states = [];
  const { port } = await serve(t, (req, res) => {
    res.on('close', () => {
      const { destroyed, readableEnded, aborted } = req;
      finished(req, (error) => states.push([destroyed, readableEnded, aborted, error]));
    });
    res.end('x');
  });
  await fetch({ port });
  await fetch({ port });
  assert.deepStrictEqual(states[0], [true, true, false, undefined]);
});

test('after maxRequestsPerSocket the connection closes', async (t) => {
  const { server, port } = await serve(t, (req, res) => res.end(req.url));
  server.maxRequestsPerSocket = 2;
  const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const answer = await exchange(port, one + one + one);
  assert.strictEqual(answer.match(/HTTP\/1\.1 200/g).length, 2);
  assert.match(answer, /Connection: close\r\n/);
});

test('close() ends idle connections and lets requests finish', async (t) => {
  const { server, port } = await serve(t, (req, res) => {
    if (req.url === '/slow') {
      server.close();
      setImmediate(() => res.end('done'));
    } else res.end();
  });
  const agent = new http.Agent({ keepAlive: true });
  await fetch({ port, agent });
  const { text } = await fetch({ port, path: '/slow', agent: false });
  assert.strictEqual(text, 'done');
  await once(server, 'close');
  agent.destroy();
});

test('a slow reader holds up the response', async (t) => {
  let written = 0;
  const full = Promise.withResolvers();
  const { port } = await serve(t, (req, res) => {
    const chunk = Buffer.alloc(64 * 1024);
    const write = () => {
      while (written < 64e6) {
        written += chunk.length;
        if (!res.write(chunk)) {
          res.once('drain', write);
          setImmediate(full.resolve);
          return;
        }
      }
      res.end();
    };
    write();
  });
  const req = http.get({ port, agent: false });
  const [res] = await once(req, 'response');
  await full.promise;
  assert.ok(written < 64e6);
  let got = 0;
  for await (const part of res) got += part.length;
  assert.strictEqual(got, written);
});

test('an unread body does not hold up the next request', async (t) => {
  const { port } = await serve(t, (req, res) => res.end(req.url));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const big = Buffer.alloc(1 << 20);
  assert.strictEqual((await fetch({ port, agent, method: 'POST', path: '/1' }, big)).text, '/1');
  assert.strictEqual((await fetch({ port, agent, path: '/2' })).text, '/2');
});

test('a rejected listener of a request is answered with 500', async (t) => {
  const before = require('events').captureRejections;
  require('events').captureRejections = true;
  t.after(() => (require('events').captureRejections = before));
  const { port } = await serve(t, async (req, res) => {
    res.setHeader('secret', 'x');
    if (req.url === '/late') res.write('part');
    throw new Error('rejected');
  });
  const { res, text } = await fetch({ port, path: '/' });
  assert.deepStrictEqual(
    [res.statusCode, res.headers.secret, text],
    [500, undefined, 'Internal Server Error'],
  );
  await assert.rejects(fetch({ port, path: '/late' }), { code: 'ECONNRESET' });
});
