'use strict';
// What a peer that does not read can make us hold.
const assert = require('assert');
const net = require('net');
const path = require('path');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve, pair, collect, closed, pattern, until } = require('../../helpers/net');
const { master } = require('../groups/group');

const MB = 1 << 20;
const code = (socket) => socket.closeReason?.code;

/** Writes until the socket's own queue holds at least so many bytes, for a peer that does not read. */
function fill(socket, bytes) {
  const piece = Buffer.alloc(64 * 1024, 1);
  while (!socket.destroyed && socket.writableLength < bytes) socket.write(piece);
}

test('a write that would pass hard is refused whole, and ends the connection by a reset', async (t) => {
  const { client, accepted } = await pair(t);
  client.pause();
  fill(accepted, 2 * MB);
  accepted.writeLimit = { hard: 4 * MB };
  const queued = accepted.writableLength;
  let failure;
  const error = once(accepted, 'error');
  assert.strictEqual(
    accepted.write(Buffer.alloc(3 * MB), (told) => (failure = told)),
    false,
  );
  assert.strictEqual((await error)[0].code, 'ERR_WRITE_LIMIT');
  await closed(accepted);
  assert.strictEqual(failure.code, 'ERR_WRITE_LIMIT');
  const { limit, size } = failure;
  assert.deepStrictEqual([limit, failure.queued, size], [4 * MB, queued, 3 * MB]);
  assert.deepStrictEqual(accepted.closeReason, { by: 'runtime', code: 'write-limit' });
});

test("with the policy 'refuse' what is queued arrives whole, and limit is told once", async (t) => {
  const { client, accepted } = await pair(t);
  client.pause();
  accepted.writeLimit = { hard: 4 * MB, policy: 'refuse' };
  const limits = [];
  accepted.on('limit', (told) => limits.push(told));
  const sent = [];
  let refused = 0;
  for (let i = 0; i < 200; i++) {
    const piece = pattern(100_000, i + 1);
    accepted.write(piece, (error) => {
      if (error) assert.strictEqual(error.code, 'ERR_WRITE_LIMIT');
    });
    if (limits.length === 0) sent.push(piece);
    else refused++;
  }
  assert.strictEqual(limits.length, 1);
  assert.ok(refused > 1);
  assert.ok(accepted.writableLength <= 4 * MB);
  client.resume();
  const all = collect(client);
  await once(accepted, 'drain');
  assert.strictEqual(accepted.write('the end'), true);
  accepted.end();
  assert.ok(Buffer.concat([...sent, Buffer.from('the end')]).equals(await all));
});

test('a write larger than hard is refused also while nothing waits; one that fits is written', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.writeLimit = { hard: 1000, policy: 'refuse' };
  const errors = [];
  accepted.write(Buffer.alloc(1001), (error) => errors.push(error.code));
  accepted.write('é'.repeat(501), (error) => errors.push(error.code));
  accepted.end('é'.repeat(500));
  assert.strictEqual((await collect(client)).length, 1000);
  assert.deepStrictEqual(errors, ['ERR_WRITE_LIMIT', 'ERR_WRITE_LIMIT']);
});

test('server.writeLimit is that of its sockets, also of those that pipe', async (t) => {
  const { server, connect } = await serve(t);
  server.writeLimit = { hard: 1 * MB };
  const client = connect();
  client.on('error', () => {});
  const [accepted] = await once(server, 'connection');
  assert.deepStrictEqual(accepted.writeLimit, {
    hard: 1 * MB,
    soft: [0, 0],
    stall: 0,
    policy: 'destroy',
  });
  client.pause();
  accepted.on('error', () => {});
  fill(accepted, 100 * MB);
  await closed(accepted);
  assert.strictEqual(code(accepted), 'write-limit');
});

test('more than soft for its time ends the connection', async (t) => {
  const { client, accepted } = await pair(t);
  client.pause();
  accepted.writeLimit = { soft: [1 * MB, 40] };
  fill(accepted, 2 * MB);
  await closed(accepted);
  assert.strictEqual(code(accepted), 'write-stall');
});

test('a peer that takes nothing for the time of stall is reset, one that reads slowly is not', async (t) => {
  const { client, accepted } = await pair(t);
  client.pause();
  const stall = 1000;
  accepted.writeLimit = { stall };
  fill(accepted, 64 * MB);
  // Reads for longer than the limit, and much more often.
  const end = performance.now() + 1.5 * stall;
  while (performance.now() < end) {
    client.resume();
    await once(client, 'data');
    client.pause();
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert.strictEqual(accepted.destroyed, false);
  await closed(accepted);
  assert.strictEqual(code(accepted), 'write-stall');
});

test('over the limit of a task the longest queues end, until 90 % are left', async (t) => {
  const sockets = [];
  const { connect } = await serve(t, (socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
  });
  for (let i = 0; i < 5; i++)
    connect()
      .on('error', () => {})
      .pause();
  await until(() => sockets.length === 5);
  for (const [i, socket] of sockets.entries()) fill(socket, (i + 1) * MB);
  t.after(() => (Task.writeLimit = 0));
  Task.writeLimit = 15 * MB;
  fill(sockets[0], 2 * MB);
  const left = () => sockets.filter((socket) => !socket.destroyed);
  await until(() => left().length < 5);
  await closed(sockets[4]);
  assert.deepStrictEqual(left(), sockets.slice(0, 4));
  assert.strictEqual(code(sockets[4]), 'write-limit');
});

test('one turn that writes without end to many stays within the limit', async (t) => {
  const sockets = [];
  const { connect } = await serve(t, (socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
  });
  for (let i = 0; i < 10; i++)
    connect()
      .on('error', () => {})
      .pause();
  await until(() => sockets.length === 10);
  t.after(() => (Task.writeLimit = 0));
  Task.writeLimit = 32 * MB;
  let most = 0;
  const piece = Buffer.alloc(256 * 1024);
  for (let i = 0; i < 400; i++) {
    for (const socket of sockets) socket.write(piece);
    most = Math.max(
      most,
      sockets.reduce((sum, one) => sum + (one.destroyed ? 0 : one.writableLength), 0),
    );
  }
  assert.ok(most <= 33 * MB, `${most}`);
  assert.ok(sockets.some((socket) => socket.destroyed));
});

test('the limit of a group counts what waits in all of its members', async (t) => {
  const file = path.join(__dirname, 'fixtures/gush.js');
  const server = await master(t, 'gush', 2, file, (one) => {
    one.groupWriteLimit = 8 * MB;
    one.on('connection', (socket) => {
      socket.on('error', () => {});
      fill(socket, 3 * MB);
    });
  });
  const clients = [];
  for (let i = 0; i < 3; i++) {
    const client = net.connect(server.port(), '127.0.0.1');
    client.pause();
    client.on('error', () => {});
    t.after(() => client.destroy());
    clients.push(client);
    await once(client, 'connect');
  }
  await until(() => server.recent({ code: 'write-limit' }).length > 0);
  assert.ok(server.recent({ code: 'write-limit' }).length < 3);
  assert.strictEqual(server.groupWriteLimit, 8 * MB);
});

test('the process has a limit of a quarter of its memory', () => {
  const { totalmem } = require('os');
  assert.ok(Task.processWriteLimit > 0);
  assert.ok(Task.processWriteLimit <= totalmem() / 4);
});

test('sockets that wait for a reader say how much in their info', async (t) => {
  const { client, accepted } = await pair(t);
  client.pause();
  fill(accepted, 4 * MB);
  const { queued } = accepted.info().bytes;
  assert.ok(Math.abs(queued - accepted.writableLength) <= 70_000, `${queued}`);
});

const wrong = [
  [{ hart: 1 }, 'ERR_INVALID_ARG_VALUE', /socket\.writeLimit\.hart/],
  [{ hard: -1 }, 'ERR_OUT_OF_RANGE', /socket\.writeLimit\.hard/],
  [{ soft: 5 }, 'ERR_INVALID_ARG_TYPE', /socket\.writeLimit\.soft/],
  [{ soft: [5] }, 'ERR_INVALID_ARG_VALUE', /socket\.writeLimit\.soft/],
  [{ stall: 1.5 }, 'ERR_OUT_OF_RANGE', /socket\.writeLimit\.stall/],
  [{ policy: 'cut' }, 'ERR_INVALID_ARG_VALUE', /socket\.writeLimit\.policy/],
  [7, 'ERR_INVALID_ARG_TYPE', /socket\.writeLimit/],
];
for (const [value, error, message] of wrong)
  test(`the limit ${JSON.stringify(value)} is refused as ${error}`, () => {
    const socket = new net.Socket();
    assert.throws(() => (socket.writeLimit = value), { code: error, message });
    assert.strictEqual(socket.writeLimit, undefined);
  });
