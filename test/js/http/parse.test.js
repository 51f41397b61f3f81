'use strict';
// What is no request is refused, above all what two readers could understand in different ways.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { answerWith, exchange, fetch, serve } = require('./http');

const HOST = 'Host: a\r\n';
const refused = {
  'a bare LF after the request line': `GET / HTTP/1.1\n${HOST}\r\n`,
  'a bare LF after a field': `GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n`,
  'a bare CR in a field': `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`,
  'only LFs': `GET / HTTP/1.1\nHost: a\n\n`,
  'a folded field': `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`,
  'space before the colon': `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`,
  'a field without a colon': `GET / HTTP/1.1\r\n${HOST}nothing\r\n\r\n`,
  'a field without a name': `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`,
  'NUL in a field': `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`,
  'an unknown method': `NOPE / HTTP/1.1\r\n${HOST}\r\n`,
  'no target': `GET HTTP/1.1\r\n${HOST}\r\n`,
  'two spaces': `GET  / HTTP/1.1\r\n${HOST}\r\n`,
  'a space in the target': `GET /a b HTTP/1.1\r\n${HOST}\r\n`,
  'HTTP/2.0': `GET / HTTP/2.0\r\n${HOST}\r\n`,
  'HTTP/1.2': `GET / HTTP/1.2\r\n${HOST}\r\n`,
  'no Host': 'GET / HTTP/1.1\r\n\r\n',
  'two Hosts': `GET / HTTP/1.1\r\n${HOST}Host: b\r\n\r\n`,
  'Content-Length and Transfer-Encoding': `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'two lengths': `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
  'a list of lengths': `POST / HTTP/1.1\r\n${HOST}Content-Length: 3, 3\r\n\r\nabc`,
  'a negative length': `POST / HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\nabc`,
  'a length with a sign': `POST / HTTP/1.1\r\n${HOST}Content-Length: +3\r\n\r\nabc`,
  'a length in hexadecimal': `POST / HTTP/1.1\r\n${HOST}Content-Length: 0x3\r\n\r\nabc`,
  'an empty length': `POST / HTTP/1.1\r\n${HOST}Content-Length:\r\n\r\nabc`,
  'a huge length': `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999\r\n\r\nabc`,
  'a coding that is not the last': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'chunked twice': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'an unknown coding': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  'a quoted coding': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`,
  'a coding in HTTP/1.0': `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a chunk size with a sign': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n`,
  'a chunk size with 0x': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n`,
  'a chunk size with a space': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n`,
  'a huge chunk': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n`,
  'a chunk longer than its size': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n`,
  'a chunk that ends in LF': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n`,
  'a trailer without a colon': `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\nx\r\n\r\n`,
};

for (const [name, text] of Object.entries(refused)) {
  test(`${name} is refused with 400`, async (t) => {
    let served = 0;
    const { port } = await serve(t, (req, res) => {
      req.on('error', () => {});
      req.on('end', () => {
        served++;
        res.end();
      });
      req.resume();
    });
    const next = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`;
    for (const [all, size] of [
      [text + next, Infinity],
      [text + next, 1],
      [text, Infinity],
    ]) {
      const answer = await exchange(port, all, size);
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
      assert.strictEqual(answer.match(/HTTP\/1\.1 /g).length, 1);
    }
    assert.strictEqual(served, 0);
  });
}

test('a head that comes alone ends at its first empty line', async (t) => {
  const urls = [];
  const { port } = await serve(t, (req, res) => {
    urls.push(req.url);
    res.shouldKeepAlive = req.url !== '/last';
    res.end();
  });
  const long = 'x'.repeat(1990);
  for (const blank of ['\r\n', '\r\n\r\n', '\r\n\r\n\r\n'])
    for (const field of [
      '',
      'X: y\r\n',
      ...[0, 1, 2, 3, 4, 5].map((n) => `X: ${long}${'x'.repeat(4 * n)}\r\n`),
    ]) {
      const first = `GET /first HTTP/1.1\r\n${HOST}${field}${blank}`;
      const answer = exchange(port, [first, `GET /last HTTP/1.1\r\n${HOST}\r\n`]);
      assert.strictEqual((await answer).match(/HTTP\/1\.1 200 /g).length, 2);
      assert.deepStrictEqual(urls.splice(0), ['/first', '/last']);
    }
});

test('names of fields are told in any case', async (t) => {
  const { port } = await serve(t, (req, res) =>
    res.end(`${req.headers.host} ${req.headers.hops} ${req.headersDistinct.hose}`),
  );
  for (const host of ['HOST', 'host', 'hOsT']) {
    const fields = `hops: 1\r\n${host}: a\r\nHose: 2\r\ncOnNeCtIoN: close\r\n`;
    assert.match(await exchange(port, `GET / HTTP/1.1\r\n${fields}\r\n`), /\r\n\r\na 1 2$/);
  }
});

test('a head that is too large is refused with 431', async (t) => {
  const { port } = await serve(t, { maxHeaderSize: 1000 }, (req, res) => res.end());
  const fields = 'X: y\r\n'.repeat(400);
  for (const text of [
    `GET / HTTP/1.1\r\n${HOST}${fields}\r\n`,
    `GET / HTTP/1.1\r\nX: ${'a'.repeat(2000)}`,
  ])
    assert.match(await exchange(port, text), /^HTTP\/1\.1 431 /);
  const many = await serve(t, (req, res) => res.end());
  many.server.maxHeadersCount = 10;
  assert.match(
    await exchange(many.port, `GET / HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(20)}\r\n`),
    /^HTTP\/1\.1 431 /,
  );
});

test('chunk extensions that are too large are refused with 413', async (t) => {
  const { port } = await serve(t, (req) => req.resume().on('error', () => {}));
  const text = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20000)}\r\na\r\n`;
  assert.match(await exchange(port, text), /^HTTP\/1\.1 413 /);
});

test('requests may come in any pieces and one after another', async (t) => {
  const { port } = await serve(t, (req, res) => {
    let body = '';
    req.on('data', (part) => (body += part));
    req.on('end', () =>
      setImmediate(() =>
        res.end(`${req.method} ${req.url} ${body} ${JSON.stringify(req.trailers)}|`),
      ),
    );
  });
  const text =
    `\r\nGET /1 HTTP/1.1\r\n${HOST}\r\n` +
    `POST /2 HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc` +
    `POST /3 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n00A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n` +
    `PUT /4 HTTP/1.1\r\nhOST:a\r\nContent-Length:0\r\nConnection: close\r\n\r\n`;
  for (const size of [Infinity, 1, 7]) {
    const answer = await exchange(port, text, size);
    assert.deepStrictEqual(answer.match(/[A-Z]+ \/\d [^|]*(?=\|)/g), [
      'GET /1  {}',
      'POST /2 abc {}',
      'POST /3 abc0123456789 {"t":"1"}',
      'PUT /4  {}',
    ]);
  }
});

const badResponses = {
  'text that is no HTTP': 'nothing\r\n\r\n',
  'both lengths':
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
  'a bare LF': 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n',
  'a status that is no number': 'HTTP/1.1 2x0 OK\r\n\r\n',
  'a head without end': `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(20000)}`,
};
for (const [name, text] of Object.entries(badResponses)) {
  test(`a client refuses a response with ${name}`, async (t) => {
    const port = await answerWith(t, text, { end: false });
    await assert.rejects(fetch({ port, agent: false }), {
      code: /^HPE_/,
      message: /^Parse Error: /,
    });
  });
}

test('a response of unknown length ends with its connection', async (t) => {
  const port = await answerWith(t, 'HTTP/1.0 200 OK\r\n\r\nall of it');
  const { res, text } = await fetch({ port, agent: false });
  assert.strictEqual(text, 'all of it');
  assert.strictEqual(res.complete, true);
});

test('a response that ends too early is an error', async (t) => {
  for (const text of [
    'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc',
  ]) {
    const port = await answerWith(t, text);
    await assert.rejects(fetch({ port, agent: false }), { code: 'ECONNRESET', message: 'aborted' });
  }
  const port = await answerWith(t, '');
  await assert.rejects(fetch({ port, agent: false }), {
    code: 'ECONNRESET',
    message: 'socket hang up',
  });
});
