'use strict';
const assert = require('assert');
const http = require('http');
const https = require('https');
const net = require('net');
const { once } = require('events');
const { suite } = require('./harness');

const { load, test } = suite('agentkeepalive', [], [], ['https-proxy-agent']);

async function listening(t, server) {
  server.listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  return server.address().port;
}

async function get(port, agent) {
  const [response] = await once(http.get({ port, agent, path: '/x' }), 'response');
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return text;
}

test('connections are kept, no more than it may have', async (t) => {
  const port = await listening(
    t,
    http.createServer((req, res) => res.end('ok')),
  );
  const agent = new (load('agentkeepalive').HttpAgent)({ maxSockets: 2 });
  t.after(() => agent.destroy());
  assert.deepStrictEqual(
    await Promise.all([1, 2, 3, 4].map(() => get(port, agent))),
    Array(4).fill('ok'),
  );
  const { createSocketCount, requestCount } = agent.getCurrentStatus();
  assert.deepStrictEqual([createSocketCount, requestCount], [2, 4]);
});

test('a request goes through the tunnel of a proxy', async (t) => {
  const port = await listening(
    t,
    http.createServer((req, res) => res.end('behind')),
  );
  const proxy = http.createServer().on('connect', (req, client) => {
    const target = net.connect(req.url.split(':')[1], '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) socket.on('error', () => {});
  });
  const { HttpsProxyAgent } = load('https-proxy-agent');
  const agent = new HttpsProxyAgent(`http://127.0.0.1:${await listening(t, proxy)}`);
  assert.strictEqual(await get(port, agent), 'behind');
});

test('a request of https, whose agent is told so by the stack, goes through the tunnel', async (t) => {
  const proxy = http
    .createServer()
    .on('connect', (req, client) => client.end('HTTP/1.1 502 No\r\n\r\n'));
  const { HttpsProxyAgent } = load('https-proxy-agent');
  const agent = new HttpsProxyAgent(`http://127.0.0.1:${await listening(t, proxy)}`);
  const req = https.get('https://x.invalid/', { agent });
  const [response] = await once(req, 'response');
  assert.strictEqual(response.statusCode, 502);
  response.resume();
});
