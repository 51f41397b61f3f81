'use strict';
// Channels that built-in modules publish on: what packages that watch programs listen to.
const assert = require('assert');
const channels = require('diagnostics_channel');
const { once } = require('events');
const http = require('http');
const { test } = require('../../helpers/test');

/** Listens to channels until the test ends. @returns {[string, string[]][]} names, with the members told */
function listen(t, names) {
  const told = [];
  for (const name of names) {
    const hear = (message) => told.push([name, Object.keys(message).sort()]);
    channels.subscribe(name, hear);
    t.after(() => channels.unsubscribe(name, hear));
  }
  return told;
}

async function listening(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server.address().port;
}

test('a request of http is told by client and server', async (t) => {
  const told = listen(t, [
    'http.client.request.created',
    'http.client.request.start',
    'http.client.response.finish',
    'http.server.request.start',
    'http.server.response.created',
    'http.server.response.finish',
  ]);
  const port = await listening(
    t,
    http.createServer((request, response) => response.end('x')),
  );
  const request = http.get({ port, agent: false });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'close');
  const server = ['request', 'response', 'server', 'socket'];
  assert.deepStrictEqual(told, [
    ['http.client.request.created', ['request']],
    ['http.client.request.start', ['request']],
    ['http.server.response.created', ['request', 'response']],
    ['http.server.request.start', server],
    ['http.server.response.finish', server],
    ['http.client.response.finish', ['request', 'response']],
  ]);
});

test('a field may be set when a request of http was made', async (t) => {
  const add = ({ request }) => request.setHeader('x-trace', 'one');
  channels.subscribe('http.client.request.created', add);
  t.after(() => channels.unsubscribe('http.client.request.created', add));
  const port = await listening(
    t,
    http.createServer((request, response) => response.end(request.headers['x-trace'])),
  );
  const [response] = await once(http.get({ port, agent: false }), 'response');
  assert.strictEqual(String(await once(response, 'data')), 'one');
});

test('a request that fails is told before its error event', async (t) => {
  const told = listen(t, ['http.client.request.error']);
  const request = http.get({ port: 1, host: '127.0.0.1', agent: false });
  await once(request, 'error').catch(() => {});
  request.on('error', () => {});
  assert.deepStrictEqual(told, [['http.client.request.error', ['error', 'request']]]);
});

test('a stream of HTTP/2 is told by client and server', async (t) => {
  const http2 = require('http2');
  const kinds = ['created', 'start', 'finish'];
  const told = listen(
    t,
    ['client', 'server'].flatMap((side) => kinds.map((one) => `http2.${side}.stream.${one}`)),
  );
  const server = http2.createServer();
  server.on('stream', (stream) => stream.respond({ ':status': 204 }));
  const client = http2.connect(`http://127.0.0.1:${await listening(t, server)}`);
  t.after(() => client.destroy());
  await once(client.request({ ':path': '/' }), 'response');
  assert.deepStrictEqual(told, [
    ['http2.client.stream.created', ['headers', 'stream']],
    ['http2.client.stream.start', ['headers', 'stream']],
    ['http2.server.stream.created', ['headers', 'stream']],
    ['http2.server.stream.start', ['headers', 'stream']],
    ['http2.server.stream.finish', ['flags', 'headers', 'stream']],
    ['http2.client.stream.finish', ['flags', 'headers', 'stream']],
  ]);
});

test('processes, threads and sockets of dgram are told when they are made', async (t) => {
  const told = listen(t, ['child_process', 'udp.socket', 'worker_threads']);
  const child = require('child_process').spawn('true');
  require('dgram').createSocket('udp4').close();
  const { Worker } = require('worker_threads');
  const worker = new Worker('', { eval: true });
  await Promise.all([once(child, 'exit'), once(worker, 'exit')]);
  assert.deepStrictEqual(told, [
    ['child_process', ['process']],
    ['udp.socket', ['socket']],
    ['worker_threads', ['worker']],
  ]);
});

test('require() and import() are traced, also where they fail', async (t) => {
  const told = listen(t, [
    'tracing:module.require:start',
    'tracing:module.require:end',
    'tracing:module.require:error',
    'tracing:module.import:asyncEnd',
    'tracing:module.import:error',
  ]);
  require('os');
  assert.throws(() => require('./none'), { code: 'MODULE_NOT_FOUND' });
  await import('node:os');
  await assert.rejects(import('./none.mjs'), { code: 'ERR_MODULE_NOT_FOUND' });
  assert.deepStrictEqual(
    told.map(([name]) => name.replace('tracing:module.', '')),
    [
      'require:start',
      'require:end',
      'require:start',
      'require:error',
      'require:end',
      'import:asyncEnd',
      'import:error',
      'import:asyncEnd',
    ],
  );
});

test('what the console prints is told', (t) => {
  const told = listen(t, ['console.log', 'console.error']);
  const silent = new (require('stream').Writable)({ write: (chunk, encoding, done) => done() });
  const console = new (require('console').Console)(silent, silent);
  console.log('one', 2);
  console.error('three');
  assert.deepStrictEqual(told, [
    ['console.log', ['0', '1']],
    ['console.error', ['0']],
  ]);
});
