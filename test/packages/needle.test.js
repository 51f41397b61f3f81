'use strict';
const assert = require('assert');
const http = require('http');
const zlib = require('zlib');
const { once } = require('events');
const { suite } = require('./harness');

const { load, test } = suite('needle');
const needle = load('needle');

async function serve(t, answer) {
  const server = http.createServer(answer).listen(0);
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

test('answers are followed, decompressed and parsed', async (t) => {
  const url = await serve(t, (req, res) => {
    if (req.url === '/') res.writeHead(302, { Location: '/json' }).end();
    else
      res
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
        .end(zlib.gzipSync('{"a":1}'));
  });
  const { body } = await needle('get', url, { follow_max: 1, compressed: true });
  assert.deepStrictEqual(body, { a: 1 });
});

test('an answer that does not come in time is an error', async (t) => {
  const url = await serve(t, () => {});
  await assert.rejects(needle('get', url, { response_timeout: 50 }), { code: 'ECONNRESET' });
});
