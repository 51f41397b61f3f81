'use strict';
// Requests and responses as those of http.
const { test } = require('../../helpers/test');
const assert = require('assert');
const http2 = require('http2');
const { once } = require('events');
const { answer, serve } = require('./http2');

test('a request and its response are as those of http', async (t) => {
  const { connect } = await serve(t, {}, (req, res) => {
    assert.deepStrictEqual(
      [req.method, req.url, req.httpVersion, req.httpVersionMajor, req.scheme],
      ['POST', '/a?b', '2.0', 2, 'http'],
    );
    assert.strictEqual(req.authority, req.headers[':authority']);
    assert.strictEqual(req.socket.remoteAddress, '127.0.0.1');
    assert.strictEqual(res.req, req);
    let text = '';
    req.setEncoding('utf8');
    req.on('data', (part) => {
      text += part;
    });
    req.on('end', () => {
      assert.strictEqual(req.complete, true);
      res.setHeader('X-A', 'b');
      assert.deepStrictEqual([res.getHeader('x-a'), res.headersSent], ['b', false]);
      res.appendHeader('x-list', '1').appendHeader('x-list', '2');
      res.writeHead(202, { 'content-type': 'text/plain' });
      assert.strictEqual(res.headersSent, true);
      assert.throws(() => res.setHeader('c', 'd'), { code: 'ERR_HTTP2_HEADERS_SENT' });
      res.write(text.toUpperCase());
      res.end('.');
      assert.deepStrictEqual([res.finished, res.writableEnded], [true, true]);
    });
  });
  const stream = connect().request({ ':method': 'POST', ':path': '/a?b' });
  stream.end('some text');
  const { headers, text } = await answer(stream);
  assert.strictEqual(headers[':status'], 202);
  assert.deepStrictEqual([headers['x-a'], headers['x-list']], ['b', '1, 2']);
  assert.strictEqual(text, 'SOME TEXT.');
});

test('a response ends with finish and close, and its trailers arrive', async (t) => {
  const events = [];
  const { connect } = await serve(t, {}, (req, res) => {
    for (const name of ['finish', 'close']) res.on(name, () => events.push(name));
    res.setTrailer('x-sum', '3');
    res.end('body', () => events.push('callback'));
  });
  const session = connect();
  const stream = session.request();
  const trailers = once(stream, 'trailers');
  assert.strictEqual((await answer(stream)).text, 'body');
  assert.strictEqual((await trailers)[0]['x-sum'], '3');
  session.close();
  await once(session, 'close');
  assert.deepStrictEqual(events, ['finish', 'callback', 'close']);
});

test('fields of HTTP/1 connections are left out, pseudo-fields refused', async (t) => {
  const { connect } = await serve(t, {}, (req, res) => {
    res.setHeader('Connection', 'keep-alive');
    res.setHeader('Transfer-Encoding', 'chunked');
    assert.throws(() => res.setHeader(':status', 200), {
      code: 'ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED',
    });
    assert.throws(() => res.setHeader('a', undefined), { code: 'ERR_HTTP2_INVALID_HEADER_VALUE' });
    assert.throws(
      () => {
        res.statusCode = 100;
      },
      { code: 'ERR_HTTP2_INFO_STATUS_NOT_ALLOWED' },
    );
    res.end();
  });
  const { headers } = await answer(connect().request());
  assert.deepStrictEqual(
    [headers.connection, headers['transfer-encoding']],
    [undefined, undefined],
  );
});

test('expect: 100-continue is answered, or is the program’s', async (t) => {
  const { server, connect } = await serve(t, {}, (req, res) => req.pipe(res));
  const session = connect();
  for (let own = 0; own < 2; own++) {
    if (own)
      server.on('checkContinue', (req, res) => {
        res.writeContinue();
        req.pipe(res);
      });
    const stream = session.request({ ':method': 'POST', expect: '100-continue' });
    const response = answer(stream);
    await once(stream, 'continue');
    stream.end('go on');
    assert.strictEqual((await response).text, 'go on');
  }
});

test('early hints come before the response', async (t) => {
  const { connect } = await serve(t, {}, (req, res) => {
    res.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'] });
    res.end();
  });
  const stream = connect().request();
  const hints = once(stream, 'headers');
  await answer(stream);
  assert.strictEqual((await hints)[0].link, '</a>; rel=preload, </b>; rel=preload');
});

test('a large body that is not read stops its sender, and then arrives', async (t) => {
  const { connect } = await serve(t, {}, async (req, res) => {
    let size = 0;
    for await (const part of req) {
      size += part.length;
      await new Promise(setImmediate);
    }
    res.end(`${size}`);
  });
  const stream = connect().request({ ':method': 'POST' });
  stream.end(Buffer.alloc(2 << 20));
  assert.strictEqual((await answer(stream)).text, `${2 << 20}`);
});

test('a client that goes away aborts its request', async (t) => {
  const seen = [];
  let closed;
  const { connect } = await serve(t, {}, (req, res) => {
    req.on('aborted', () => seen.push('aborted'));
    res.on('close', () => closed());
    stream.close(http2.constants.NGHTTP2_CANCEL);
  });
  const stream = connect().request({ ':method': 'POST' });
  await new Promise((resolve) => {
    closed = resolve;
  });
  assert.deepStrictEqual(seen, ['aborted']);
});

test('a response may be pushed', async (t) => {
  const { connect } = await serve(t, {}, (req, res) => {
    res.createPushResponse({ ':path': '/p' }, (error, pushed) => {
      assert.ifError(error);
      pushed.end('pushed');
      res.end('asked');
    });
  });
  const session = connect();
  const pushed = new Promise((resolve) => {
    session.on('stream', (stream) => resolve(stream.setEncoding('utf8').toArray()));
  });
  assert.strictEqual((await answer(session.request())).text, 'asked');
  assert.deepStrictEqual(await pushed, ['pushed']);
});
