'use strict';
// server.health() and server.agent().
const assert = require('assert');
const http = require('http');
const net = require('net');
const { spawn } = require('child_process');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, until } = require('../../helpers/net');
const { loopback, stop } = require('../groups/group');

/** [status, body] of a path. */
function get(port, path, method = 'GET') {
  return new Promise((resolve, reject) => {
    http
      .request({ port, host: '127.0.0.1', path, method, agent: false }, async (response) =>
        resolve([response.statusCode, String(await collect(response))]),
      )
      .on('error', reject)
      .end();
  });
}

/** The line of an agent; its start is a ramp, so that the weight is left out where asked for. */
const agentLine = async (port, text = '') => {
  const client = net.connect(port, '127.0.0.1');
  client.write(text);
  return String(await collect(client));
};

test('/ready follows the server: starting, ready, draining; /live says that the loop turns', async (t) => {
  const server = net.createServer((one) => one.on('goaway', () => {}).on('error', () => {}));
  const { port } = server.health({ port: 0 });
  assert.deepStrictEqual(await get(port, '/ready'), [503, 'starting\n']);
  assert.deepStrictEqual(await get(port, '/live'), [200, 'live\n']);
  server.listen(0, '127.0.0.1');
  t.after(() => stop(server));
  await once(server, 'listening');
  assert.deepStrictEqual(await get(port, '/ready?x=1'), [200, 'ready\n']);
  assert.deepStrictEqual(await get(port, '/ready', 'HEAD'), [200, '']);
  assert.deepStrictEqual(await get(port, '/ready', 'POST'), [405, 'GET or HEAD\n']);
  assert.deepStrictEqual(await get(port, '/'), [404, 'there are /live and /ready\n']);
  const client = net.connect(server.address().port, '127.0.0.1');
  client.on('error', () => {});
  await until(() => server._connections === 1);
  const drained = server.drain({ deadline: 60000, grace: 30000 });
  assert.deepStrictEqual(await get(port, '/ready'), [503, 'draining\n']);
  assert.deepStrictEqual(await get(port, '/live'), [200, 'live\n']);
  server.drain({ deadline: 1, jitter: 0 });
  await drained;
  await assert.rejects(get(port, '/ready'), { code: 'ECONNREFUSED' });
});

test('health() of a server that listens again and again keeps nothing on it', async (t) => {
  const server = net.createServer();
  t.after(() => stop(server));
  for (let i = 0; i < 3; i++) {
    server.health({ port: 0 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await stop(server);
    assert.strictEqual(server.listenerCount('listening'), 0);
  }
});

test('a server that closes says so until its last connection has ended', async (t) => {
  const server = net.createServer((one) => one.resume());
  const { port } = server.health({ port: 0 });
  const { port: agent } = server.agent({ port: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  t.after(() => client.destroy());
  await until(() => server._connections === 1);
  server.close();
  assert.deepStrictEqual(await get(port, '/ready'), [503, 'closing\n']);
  assert.strictEqual(await agentLine(agent), 'stopped #closing\n');
});

test('answers come while the loop is stuck, and say it', async () => {
  const code = `
    const server = require('net').createServer();
    const agent = server.agent({ port: 0 }).port;
    const { port } = server.health({ port: 0, ready: 50, live: 100 });
    server.listen(0, () => {
      console.log(port, agent);
      setTimeout(() => { require('fs').writeSync(2, 'stuck'); for (;;); }, 10);
    });
  `;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[line]] = await Promise.all([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  const [port, agent] = String(line).split(' ').map(Number);
  while ((await get(port, '/live'))[0] === 200);
  assert.deepStrictEqual(await get(port, '/live'), [503, 'stuck\n']);
  assert.deepStrictEqual(await get(port, '/ready'), [503, 'stuck\n']);
  assert.strictEqual(await agentLine(agent), 'down #stuck\n');
  child.kill('SIGKILL');
  await once(child, 'close');
});

test('a group without a ready sub is not ready', async (t) => {
  const server = net.createServer('draining', 1, './fixtures/drained', loopback());
  server.respawn = false;
  server.on('connection', (one) => one.on('error', () => {}).resume());
  const { port } = server.health({ port: 0 });
  const { port: agent } = server.agent({ port: 0 });
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  assert.strictEqual((await get(port, '/ready'))[0], 200);
  const client = net.connect(server.port(), '127.0.0.1');
  const other = net.connect(server.port(), '127.0.0.1');
  for (const one of [client, other]) {
    one.on('error', () => {}).write('exit');
    t.after(() => one.destroy());
  }
  await until(() => server.stats()[1].state === 'dead');
  assert.deepStrictEqual(await get(port, '/ready'), [503, 'no member ready\n']);
  assert.strictEqual(await agentLine(agent), 'down #no member ready\n');
});

test('the agent tells the weight, and the connections that there is room for', async (t) => {
  let weight = 50;
  const server = net.createServer((one) => one.resume());
  server.maxConnections = 100;
  const { port } = server.agent({ port: 0, balancers: 2, weight: () => weight });
  assert.strictEqual(await agentLine(port), 'down #starting\n');
  server.listen(0, '127.0.0.1');
  t.after(() => stop(server));
  await once(server, 'listening');
  assert.match(await agentLine(port, 'agent-send\n'), /^up ready \d+% maxconn:50\n$/);
  weight = 0;
  while ((await agentLine(port)) !== 'up ready 0% maxconn:50\n');
});

test('a weight that throws is an error of nobody who drains', async (t) => {
  const server = net.createServer((one) => one.resume());
  let fails = false;
  server.agent({
    port: 0,
    weight() {
      if (fails) throw new Error('of weight()');
      return 50;
    },
  });
  server.listen(0, '127.0.0.1');
  t.after(() => stop(server));
  await once(server, 'listening');
  fails = true;
  await server.drain();
});

test('limits of admission count: how many there may be, and how full the queue of handshakes is', async (t) => {
  const { serveTls } = require('../../helpers/tls');
  const { setTimeout } = require('timers/promises');
  const { server, port: served } = await serveTls(t, {
    SNICallback: () => {}, // a handshake that began does not end
  });
  server.on('tlsClientError', () => {});
  server.admission = { total: 80, handshakes: { concurrent: 2 } };
  const { port } = server.agent({ port: 0, balancers: 2 });
  const weight = async () => {
    const [, percent] = /^up ready (\d+)% maxconn:40\n$/.exec(await agentLine(port));
    return Number(percent);
  };
  const reaches = async (holds) => {
    while (!holds(await weight())) await setTimeout(100);
  };
  await reaches((percent) => percent >= 50); // it grows over 10 s
  const options = { port: served, host: '127.0.0.1', servername: 'any.test' };
  for (let i = 0; i < 4; i++) {
    const client = require('tls')
      .connect(options)
      .on('error', () => {});
    t.after(() => client.destroy());
  }
  await reaches((percent) => percent < 50);
});

test('while it drains the agent says so', async (t) => {
  const server = net.createServer();
  const { port } = server.agent({ port: 0 });
  server.listen(0, '127.0.0.1');
  t.after(() => stop(server));
  await once(server, 'listening');
  const stopping = new AbortController();
  const drained = server.drain({ grace: 30000, deadline: 60000, signal: stopping.signal });
  assert.strictEqual(await agentLine(port), 'up drain 0%\n');
  stopping.abort();
  await assert.rejects(drained, { name: 'AbortError' });
  assert.match(await agentLine(port), /^up ready \d+%\n$/);
});

test('bad options, and a port that is taken, are errors', async (t) => {
  const server = net.createServer();
  for (const [options, code] of [
    [{}, 'ERR_SOCKET_BAD_PORT'],
    [{ port: 0, path: '/x' }, 'ERR_INVALID_ARG_VALUE'],
    [{ port: 0, live: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ port: 0, host: 'example' }, 'ERR_INVALID_ARG_VALUE'],
  ])
    assert.throws(() => server.health(options), { code });
  assert.throws(() => server.agent({ port: 0, weight: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  const { port } = server.agent({ port: 0 });
  assert.throws(() => server.health({ port }), { code: 'EADDRINUSE' });
  server.listen(0);
  t.after(() => stop(server));
  await once(server, 'listening');
});

test('who holds all places without asking gives way to who asks', async (t) => {
  const server = net.createServer();
  const health = server.health({ port: 0 });
  const agent = server.agent({ port: 0 });
  server.listen(0, '127.0.0.1');
  t.after(() => stop(server));
  await once(server, 'listening');
  const silent = [];
  t.after(() => silent.forEach((one) => one.destroy()));
  for (const port of [health.port, agent.port])
    for (let i = 0; i < 40; i++) {
      const one = net.connect(port, '127.0.0.1');
      one.on('error', () => {}).write('G');
      silent.push(one);
    }
  await Promise.all(silent.slice(0, 16).map((one) => one.closed || once(one, 'close')));
  assert.deepStrictEqual(await get(health.port, '/ready'), [200, 'ready\n']);
  assert.match(await agentLine(agent.port), /^up /);
});
