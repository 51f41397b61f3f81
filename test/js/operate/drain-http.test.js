'use strict';
// server.drain() of servers of HTTP.
const assert = require('assert');
const http = require('http');
const https = require('https');
const net = require('net');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, closed, until } = require('../../helpers/net');
const { startServer } = require('../../helpers/server');
const { pairOf, ca } = require('../../helpers/tls');

const NOW = { jitter: 0, deadline: 20000 };

for (const [name, make, agentOf] of [
  ['http', (listener) => http.createServer(listener), () => new http.Agent({ keepAlive: true })],
  [
    'https',
    (listener) => https.createServer(pairOf('server-ec'), listener),
    () => new https.Agent({ keepAlive: true, ca: ca(), servername: 'localhost' }),
  ],
]) {
  const { get } = name === 'http' ? http : https;
  /** @returns {Promise<[string, string]>} body and Connection */
  const ask = (options) =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', ...options }, async (response) =>
        resolve([String(await collect(response)), response.headers.connection]),
      ).on('error', reject);
    });

  test(`${name}: the answer after goaway says Connection: close, and a request under way is answered`, async (t) => {
    let answer;
    const server = make((request, response) => {
      if (request.url === '/slow') answer = () => response.end('slow');
      else response.end('fast');
    });
    const { port } = await startServer(t, server);
    const agent = agentOf();
    t.after(() => agent.destroy());
    assert.deepStrictEqual(await ask({ port, agent }), ['fast', 'keep-alive']);
    const slow = ask({ port, agent, path: '/slow' });
    await until(() => answer !== undefined);
    const drained = server.drain(NOW);
    await until(() => !server.listening);
    await new Promise((resolve) => setTimeout(resolve, 10)); // its turn
    answer();
    assert.deepStrictEqual(await slow, ['slow', 'close']);
    const result = await drained;
    assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 0, ended: 1, forced: 0, ms: 0 });
  });
}

/** A server of HTTP that answers at once, and a client that has had its first answer. */
async function kept(t, options) {
  const server = http.createServer(options, (request, response) => response.end(request.url));
  const { port } = await startServer(t, server);
  const client = net.connect(port, '127.0.0.1');
  t.after(() => client.destroy());
  const ask = (path_) => client.write(`GET ${path_} HTTP/1.1\r\nHost: a\r\n\r\n`);
  ask('/first');
  const [answer] = await once(client, 'data');
  assert.match(String(answer), /\r\nConnection: keep-alive\r\n/);
  return { server, client, ask };
}

test('http: what is asked on an idle connection after a second of a drain is answered, as the last', async (t) => {
  const { server, client, ask } = await kept(t, { keepAliveTimeout: 10000 });
  const drained = server.drain(NOW);
  await new Promise((resolve) => setTimeout(resolve, 1500)); // longer than others may be silent
  ask('/second');
  const all = String(await collect(client));
  assert.match(all, /\r\nConnection: close\r\n[^]*\/second/);
  assert.strictEqual((await drained).ended, 1);
});

test('http: an idle connection ends once the silence that it was promised is over', async (t) => {
  const { server, client } = await kept(t, { keepAliveTimeout: 1500, keepAliveTimeoutBuffer: 500 });
  const gone = closed(client);
  const began = performance.now();
  const drained = server.drain(NOW);
  client.resume();
  await gone;
  const ms = performance.now() - began;
  assert.deepStrictEqual({ ...(await drained), ms: 0 }, { closed: 0, ended: 1, forced: 0, ms: 0 });
  assert.ok(ms >= 1500, `${ms} ms`); // others end after a second of silence
});

test('http: a connection that never asked was promised nothing', async (t) => {
  const server = http.createServer({ keepAliveTimeout: 60000 }, () => {});
  const { port } = await startServer(t, server);
  const client = net.connect(port, '127.0.0.1');
  client.resume();
  await once(server, 'connection');
  const { ended, ms } = await server.drain(NOW);
  assert.strictEqual(ended, 1);
  assert.ok(ms < NOW.deadline / 2, `${ms} ms`);
});

test('http: an idle connection still ends, and is not reset, when a drain is asked to hasten', async (t) => {
  const { server, client } = await kept(t, { keepAliveTimeout: 60000 });
  client.resume();
  const ended = once(client, 'end');
  const drained = server.drain({ jitter: 0, deadline: 60000 });
  await until(() => !server.listening);
  await new Promise((resolve) => setTimeout(resolve, 50)); // its turn
  server.drain({ jitter: 0, deadline: 4000 });
  await ended;
  const { forced } = await drained;
  assert.strictEqual(forced, 0);
});

test('http: without a limit of silence an idle connection ends at half of the time', async (t) => {
  const { server, client } = await kept(t, { keepAliveTimeout: 0 });
  client.resume();
  const { ended, ms } = await server.drain({ jitter: 0, deadline: 4000 });
  assert.strictEqual(ended, 1);
  assert.ok(ms >= 2000, `${ms} ms`);
});

test('http: a request that waits in the kernel when its connection is to end is answered', async (t) => {
  const { server, client, ask } = await kept(t, { keepAliveTimeout: 1000 });
  const drained = server.drain({ jitter: 0, deadline: 20000 });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  ask('/second');
  await new Promise((resolve) => client.write('', resolve)); // the kernel has it
  const until_ = performance.now() + 2000;
  while (performance.now() < until_); // the end is due, and the request not read
  assert.match(String(await collect(client)), /\r\nConnection: close\r\n[^]*\/second/);
  await drained;
});

test('http2: the session says GOAWAY, and its streams end first', async (t) => {
  const http2 = require('http2');
  let answer;
  const server = http2.createServer();
  server.on('stream', (stream) => {
    answer = () => {
      stream.respond();
      stream.end('done');
    };
  });
  const { port } = await startServer(t, server);
  const client = http2.connect(`http://127.0.0.1:${port}`);
  const goaway = once(client, 'goaway');
  const request = client.request();
  const all = collect(request);
  await until(() => answer !== undefined);
  const drained = server.drain(NOW);
  await goaway;
  answer();
  assert.strictEqual(String(await all), 'done');
  assert.strictEqual((await drained).forced, 0);
});
