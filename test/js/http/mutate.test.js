'use strict';
// Requests and responses with random faults, in random parts: each ends in an answer, an error or the
// end of its connection, whole and in parts alike. FUZZ_SEED repeats a run, FUZZ_RUNS makes it long.
const { test } = require('../../helpers/test');
const { serve } = require('./http');
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e6);
const runs = Number(process.env.FUZZ_RUNS ?? 300);
console.log(`seed ${seed}, ${runs} runs`);

let state = seed >>> 0;
function below(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}

const PARTS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '0',
  '1',
  '5',
  'a',
  '\x7f',
  '\xff',
  '\r\n\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 05\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Connection: upgrade\r\nUpgrade: x\r\n',
  'Expect: 100-continue\r\n',
  'HTTP/1.0',
  'HTTP/1.1 ',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  `${'x'.repeat(20000)}`,
  'ffffffff\r\n',
];

function mutate(text) {
  let bytes = text;
  for (let i = 1 + below(4); i > 0; i--) {
    const at = below(bytes.length + 1);
    const cut = below(3) === 0 ? below(20) : 0;
    const part = below(4) === 0 ? String.fromCharCode(below(256)) : PARTS[below(PARTS.length)];
    bytes = bytes.slice(0, at) + part + bytes.slice(at + cut);
  }
  return bytes;
}

const REQUESTS = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: v\r\n\r\n',
  'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
];
const RESPONSES = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.0 200 OK\r\n\r\nuntil the end',
];

test('a server reads the same of a request in one part and in many', async (t) => {
  const seen = [];
  const { port } = await serve(t, { keepAliveTimeout: 1 }, (req, res) => {
    const one = { method: req.method, url: req.url, headers: req.rawHeaders, body: '' };
    seen.push(one);
    req.on('error', () => {});
    req.setEncoding('latin1');
    req.on('data', (part) => (one.body += part));
    res.end('ok');
  });
  const send = async (text, size) => {
    seen.length = 0;
    // A request that never ends does so by the end of its connection.
    const answer = exchangeEnding(port, text, size);
    await answer;
    return JSON.stringify(seen);
  };
  for (let i = 0; i < runs; i++) {
    const text = mutate(REQUESTS[below(REQUESTS.length)]) + REQUESTS[0];
    const whole = await send(text, Infinity);
    const parts = await send(text, text.length > 5000 ? 1000 : 1 + below(9));
    assert.strictEqual(parts, whole, JSON.stringify(text));
  }
});

/** exchange(), whose client ends when it has sent all. */
function exchangeEnding(port, text, size) {
  return new Promise((resolve) => {
    const bytes = Buffer.from(text, 'latin1');
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.resume();
    socket.on('end', () => socket.end());
    for (let i = 0; i < bytes.length; i += size) socket.write(bytes.subarray(i, i + size));
    socket.end();
  });
}

test('a client ends with every response', async (t) => {
  let text = '';
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    const size = 1 + below(40);
    socket.once('data', () => {
      const bytes = Buffer.from(text, 'latin1');
      for (let i = 0; i < bytes.length; i += size) socket.write(bytes.subarray(i, i + size));
      socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address();
  for (let i = 0; i < runs; i++) {
    text = mutate(RESPONSES[below(RESPONSES.length)]);
    const request = http.get({ port, host: '127.0.0.1', agent: false });
    await new Promise((resolve) => {
      request.on('error', resolve);
      request.on('close', resolve);
      request.on('upgrade', (response, socket) => socket.destroy());
      request.on('response', (response) => response.on('error', () => {}).resume());
    });
  }
});
