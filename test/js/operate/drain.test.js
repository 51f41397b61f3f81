'use strict';
// server.drain(): how servers leave, and what becomes of their connections.
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');
const { spawnSync } = require('child_process');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve, pair, collect, closed, until } = require('../../helpers/net');
const { startServer } = require('../../helpers/server');
const { pairOf, ca } = require('../../helpers/tls');
const { loopback, stop, master, event, toSub } = require('../groups/group');

const NOW = { jitter: 0, deadline: 20000 };

/** How often each close code is in what a server saw end. */
function codesOf(server) {
  const codes = {};
  for (const { closeReason } of server.recent({ limit: 10000 }))
    codes[closeReason.code] = (codes[closeReason.code] ?? 0) + 1;
  return codes;
}

test('idle connections are ended, and the answer tells how many', async (t) => {
  const { server, connect } = await serve(t, (one) => one.resume());
  const clients = [1, 2, 3].map(() => connect().resume());
  await until(() => server._connections === 3);
  const ends = clients.map((client) => closed(client));
  const result = await server.drain(NOW);
  await Promise.all(ends);
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 0, ended: 3, forced: 0, ms: 0 });
  assert.deepStrictEqual(codesOf(server), { drain: 3 });
  assert.strictEqual(server.listening, false);
  assert.strictEqual(server.draining, false);
});

test('goaway leaves the end to the program, with the time that is left', async (t) => {
  let left;
  const { server, connect } = await serve(t, (one) => {
    one.on('goaway', ({ deadline }) => {
      left = deadline;
      one.end('bye');
    });
  });
  const all = collect(connect());
  await until(() => server._connections === 1);
  const result = await server.drain(NOW);
  assert.strictEqual(String(await all), 'bye');
  assert.ok(left > 0 && left <= NOW.deadline, String(left));
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 1, ended: 0, forced: 0, ms: 0 });
});

test('the accept queue is emptied before listening ends', async (t) => {
  const { server, connect } = await serve(t, (one) => one.pipe(one));
  const clients = [];
  server.once('connection', () => {
    // These are in the backlog when the server stops to accept: nothing turns the loop between.
    const { execFileSync } = require('child_process');
    const code = `
      import socket
      s = [socket.create_connection(('127.0.0.1', ${server.address().port})) for _ in range(20)]
      import os, time
      if os.fork() > 0: os._exit(0)
      os.close(1); os.close(2)
      for one in s: one.sendall(b'hello'); one.shutdown(socket.SHUT_WR)
      ok = all(one.recv(10) == b'hello' for one in s)
      open('${file}', 'w').write(str(ok))
    `.replace(/^ {6}/gm, '');
    execFileSync('python3', ['-c', code]);
  });
  const file = `/tmp/sluice-drain-${process.pid}`;
  t.after(() => fs.rmSync(file, { force: true }));
  clients.push(connect());
  await once(server, 'connection');
  const result = await server.drain({ jitter: 0, deadline: 20000 });
  assert.strictEqual(result.closed + result.ended, 21);
  await until(() => fs.existsSync(file) && fs.readFileSync(file, 'utf8') !== '');
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'True');
});

test('during grace connections are accepted, and the server says that it drains', async (t) => {
  const { server, connect } = await serve(t, (one) => one.pipe(one));
  const stopping = new AbortController();
  const draining = server.drain({ grace: 20000, deadline: 20001, signal: stopping.signal });
  await until(() => server.draining);
  const client = connect();
  client.end('hello');
  assert.strictEqual(String(await collect(client)), 'hello');
  stopping.abort();
  await assert.rejects(draining, { name: 'AbortError' });
  assert.deepStrictEqual([server.listening, server.draining], [true, false]);
});

test('what is open at the deadline is reset: drain-deadline', async (t) => {
  const { server, connect } = await serve(t, (one) => {
    one.on('error', () => {});
    one.on('goaway', () => {}); // and nothing more
  });
  const client = connect();
  client.on('error', () => {});
  await until(() => server._connections === 1);
  const gone = closed(client);
  const result = await server.drain({ jitter: 0, deadline: 200 });
  await gone;
  assert.strictEqual(result.forced, 1);
  assert.deepStrictEqual(codesOf(server), { 'drain-deadline': 1 });
  assert.strictEqual(client.closeReason.code, 'peer-reset');
});

/** A server with one connection, which does not leave by itself. */
async function withOneThatStays(t) {
  const { server, connect } = await serve(t, (one) =>
    one.on('goaway', () => {}).on('error', () => {}),
  );
  connect().on('error', () => {});
  await until(() => server._connections === 1);
  return server;
}

test('asked for again, the deadline may come nearer and the answer is the same', async (t) => {
  const server = await withOneThatStays(t);
  const first = server.drain({ deadline: 50000, jitter: 0 });
  const second = server.drain({ deadline: 300, jitter: 0 });
  assert.deepStrictEqual(await first, await second);
  assert.strictEqual((await first).forced, 1);
});

test('who asks again and gives up hears so, and the drain goes on', async (t) => {
  const server = await withOneThatStays(t);
  const first = server.drain({ deadline: 300, jitter: 0 });
  const controller = new AbortController();
  const second = server.drain({ deadline: 300, jitter: 0, signal: controller.signal });
  controller.abort();
  await assert.rejects(second, { code: 'ABORT_ERR' });
  assert.strictEqual((await first).forced, 1);
});

test('a listener of goaway that throws holds up neither others nor the end', () => {
  const code = `
    const net = require('net');
    process.on('uncaughtException', ({ message }) => console.log(message));
    let count = 0;
    const server = net.createServer((one) => {
      one.on('error', () => {}).resume();
      if (++count === 1) one.on('goaway', () => { throw new Error('of a listener'); });
      if (count < 3) connect();
      else server.drain({ deadline: 3000, jitter: 0 }).then(({ ended, forced }) => {
        console.log(ended, forced);
      });
    });
    const connect = () => net.connect(server.address().port).on('error', () => {}).resume();
    server.listen(0, connect);
  `;
  const { stdout } = spawnSync(process.execPath, ['-e', code]);
  assert.strictEqual(String(stdout), 'of a listener\n2 1\n');
});

test('a server that drains listens again only once it has left', async (t) => {
  const { server, connect } = await serve(t, (one) => one.on('goaway', () => {}).resume());
  const client = connect().resume();
  await until(() => server._connections === 1);
  const draining = server.drain(NOW);
  assert.throws(() => server.listen(0), { code: 'ERR_SERVER_ALREADY_LISTEN' });
  await until(() => !server.listening);
  assert.throws(() => server.listen(0), { code: 'ERR_SERVER_ALREADY_LISTEN' });
  client.end();
  await draining;
  await once(server.listen(0), 'listening');
});

test('what the peer still sends after the own end is read', async (t) => {
  const { client, accepted, server } = await pair(t, { client: { allowHalfOpen: true } });
  const all = collect(accepted);
  client.resume();
  client.on('end', () => client.end('the last words'));
  await server.drain(NOW);
  assert.strictEqual(String(await all), 'the last words');
});

test('a handshake that goes on is cut at the deadline', async (t) => {
  const server = tls.createServer(pairOf('server-ec'));
  const { port } = await startServer(t, server);
  server.on('tlsClientError', () => {});
  const client = net.connect(port, '127.0.0.1');
  client.on('error', () => {});
  client.resume();
  await until(() => server._connections === 1);
  await Promise.all([server.drain({ jitter: 0, deadline: 200 }), closed(client)]);
  assert.deepStrictEqual(codesOf(server), { 'drain-deadline': 1 });
});

for (const [name, make] of [
  ['net.createServer({tlsOpt})', (fn) => net.createServer({ tlsOpt: pairOf('server-ec') }, fn)],
  ['tls.createServer()', (fn) => tls.createServer(pairOf('server-ec'), fn)],
])
  test(`a handshake that ends during the drain is told goaway: ${name}`, async (t) => {
    const server = make((one) => one.resume().on('goaway', () => one.end('going')));
    const { port } = await startServer(t, server);
    const raw = net.connect(port, '127.0.0.1');
    await until(() => server._connections === 1);
    const drained = server.drain(NOW);
    await until(() => !server.listening);
    const client = tls.connect({ socket: raw, ca: ca(), servername: 'localhost' });
    assert.strictEqual(String(await collect(client)), 'going');
    await drained;
    assert.deepStrictEqual(codesOf(server), { 'local-end': 1 });
  });

test('tls connections are ended with close_notify', async (t) => {
  const server = tls.createServer(pairOf('server-ec'), (one) => one.resume());
  const { port } = await startServer(t, server);
  const client = tls.connect({ port, ca: ca(), servername: 'localhost' }).resume();
  await once(client, 'secureConnect');
  await until(() => server._connections === 1);
  const gone = closed(client);
  const result = await server.drain(NOW);
  await gone;
  assert.strictEqual(result.ended, 1);
  assert.strictEqual(client.truncated, false);
});

test('bad options, and a server that does not run, are refused', async () => {
  const server = net.createServer();
  await assert.rejects(server.drain(), { code: 'ERR_SERVER_NOT_RUNNING' });
  for (const [options, code] of [
    [{ gracious: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [{ deadline: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ deadline: 10, grace: 11 }, 'ERR_OUT_OF_RANGE'],
    [{ deadline: 10, jitter: 11 }, 'ERR_OUT_OF_RANGE'],
    [{ close: 'kindly' }, 'ERR_INVALID_ARG_VALUE'],
    [{ signal: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ])
    await assert.rejects(server.drain(options), { code });
});

// ---- Groups

test('the members of a group drain as their master, which tells of all', async (t) => {
  const server = net.createServer('draining', 2, './fixtures/drained', loopback());
  server.on('connection', (one) => one.resume());
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  const clients = Array.from({ length: 9 }, () => net.connect(server.port(), '127.0.0.1').resume());
  await until(() => server.stats().every(({ connections }) => connections === 3));
  const texts = clients.map((client) => collect(client));
  const result = await server.drain(NOW);
  // Each sub tells two of its three, by their number, and the rest is ended.
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 4, ended: 5, forced: 0, ms: 0 });
  const said = (await Promise.all(texts)).map(String);
  assert.strictEqual(said.filter((text) => text === 'farewell').length, 4);
});

test('a deadline that comes nearer is that of subs too', async (t) => {
  const module_ = path.join(__dirname, '../groups/fixtures/stopping');
  const server = net.createServer('stopping', 1, module_, loopback());
  server.balance = (candidates) => candidates.at(-1);
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  const client = net.connect(server.port(), '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'readable');
  const drain = server.drain({ ...NOW, jitter: 20000 });
  await until(() => !server.listening);
  server.drain({ deadline: 5000, jitter: 0, close: 'reset' });
  const result = await drain;
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 0, ended: 1, forced: 0, ms: 0 });
});

test('what subs have open goes on where a drain is given up, and they hear stopping', async (t) => {
  const module_ = path.join(__dirname, '../groups/fixtures/stopping');
  const server = net.createServer('stopping', 1, module_, loopback());
  server.balance = (candidates) => candidates.at(-1);
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  const client = net.connect(server.port(), '127.0.0.1');
  const all = collect(client);
  await once(client, 'readable');
  const abort = new AbortController();
  const drain = server.drain({ ...NOW, jitter: 10000, signal: abort.signal });
  await until(() => !server.listening);
  abort.abort();
  await assert.rejects(drain, { name: 'AbortError' });
  assert.strictEqual(String(await all), 'hello true true true');
  await once(server, 'close');
});

test('a sub that is stuck is ended soon after the deadline', async (t) => {
  const server = net.createServer('draining', 1, './fixtures/drained', loopback());
  server.balance = (candidates) => candidates.at(-1);
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  const client = net.connect(server.port(), '127.0.0.1');
  client.on('error', () => {});
  client.write('stick');
  await once(client, 'data');
  const result = await server.drain({ deadline: 300, jitter: 0 });
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 0, ended: 0, forced: 1, ms: 0 });
});

test('a sub that ended before is not started again, nor waited for', async (t) => {
  const server = await master(t, 'answer', 2, path.join(__dirname, '../groups/fixtures/answer'));
  const idle = net.connect(server.port(), '127.0.0.1').resume();
  await once(idle, 'connect');
  const ended = event(server, 'exit');
  (await toSub(server, 'exit')).resume();
  await ended;
  const result = await server.drain(NOW);
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: 0, ended: 1, forced: 0, ms: 0 });
  const types = server.events.map((one) => one.type);
  assert.deepStrictEqual(types, ['spawn', 'spawn', 'exit', 'exit']);
});

// ---- Many

const line = fs.readFileSync('/proc/self/limits', 'utf8').match(/Max open files\s+(\d+)/);
const COUNT = Math.min(5000, Math.floor((Number(line[1]) - 200) / 2));
const SPREAD = 2000;
const BUCKETS = 10;

test(`${COUNT} connections have their turns spread evenly, and none is lost`, async (t) => {
  const turns = [];
  const { server, port } = await serve(t, (one) => {
    one.on('goaway', ({ deadline }) => {
      turns.push(deadline);
      one.end('bye');
    });
    one.resume();
  });
  const texts = [];
  for (let made = 0; made < COUNT;) {
    const batch = [];
    for (let i = 0; i < 200 && made < COUNT; i++, made++) {
      const client = net.connect(port, '127.0.0.1');
      texts.push(collect(client));
      batch.push(once(client, 'connect'));
    }
    await Promise.all(batch);
  }
  await until(() => server._connections === COUNT);
  const deadline = 50000;
  const result = await server.drain({ jitter: SPREAD, deadline });
  assert.deepStrictEqual({ ...result, ms: 0 }, { closed: COUNT, ended: 0, forced: 0, ms: 0 });
  for (const text of await Promise.all(texts)) assert.strictEqual(String(text), 'bye');
  // By the plan: the time that each was told to have left says when its turn was.
  const buckets = new Array(BUCKETS).fill(0);
  const first = Math.max(...turns);
  for (const left of turns)
    buckets[Math.min(BUCKETS - 1, Math.floor(((first - left) / SPREAD) * BUCKETS))]++;
  for (const count of buckets)
    assert.ok(Math.abs(count * BUCKETS - COUNT) <= 0.3 * COUNT, String(buckets));
  for (let i = 1; i < turns.length; i++) assert.ok(turns[i] <= turns[i - 1], 'in their order');
});
