'use strict';
// What much of a plain socket is piped to another goes there within the kernel: what programs can
// see of it is as if every chunk had been told and written.
const { test } = require('../../helpers/test');
const { serve, pair, collect, closed, pattern, until } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const { pipeline } = require('stream');

const MUCH = 8 << 20;

/** A proxy between a client and a server: {client, server, from, to}, from is piped to to. */
async function proxied(t) {
  const far = await pair(t, { server: { allowHalfOpen: true }, client: { allowHalfOpen: true } });
  const near = await pair(t, { server: { allowHalfOpen: true }, client: { allowHalfOpen: true } });
  return { client: near.client, from: near.accepted, to: far.client, server: far.accepted };
}

/** Sends much, and takes it at the server. */
async function pipeAll({ client, from, to, server }) {
  from.pipe(to);
  const bytes = pattern(MUCH);
  const arrived = collect(server);
  client.end(bytes);
  assert.ok((await arrived).equals(bytes));
}

test('all that is piped through sockets arrives in order, both ways, and is counted', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to);
  to.pipe(from);
  server.pipe(server);
  const bytes = pattern(MUCH);
  client.end(bytes);
  assert.ok((await collect(client)).equals(bytes));
  for (const socket of [from, to]) {
    assert.strictEqual(socket.bytesRead, MUCH);
    assert.strictEqual(socket.bytesWritten, MUCH);
  }
});

test('pipeline() of sockets ends when all has arrived', async (t) => {
  const { client, from, to, server } = await proxied(t);
  const done = new Promise((resolve) => pipeline(from, to, resolve));
  const bytes = pattern(MUCH);
  client.end(bytes);
  assert.ok((await collect(server)).equals(bytes));
  server.end();
  client.resume();
  assert.strictEqual((await done) ?? undefined, undefined);
});

test('a server that reads slowly gets all, and what is written meanwhile comes last', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to, { end: false });
  const bytes = pattern(MUCH);
  client.end(bytes);
  await until(() => from.bytesRead > 1 << 20);
  server.on('data', () => {
    server.pause();
    setImmediate(() => server.resume());
  });
  from.on('end', () => to.end('the end'));
  const all = await collect(server);
  assert.ok(all.subarray(0, MUCH).equals(bytes));
  assert.strictEqual(all.toString('latin1', MUCH), 'the end');
});

test('a listener of data that comes later sees all from then on', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to);
  const arrived = collect(server);
  const bytes = pattern(MUCH);
  client.write(bytes);
  await until(() => from.bytesRead === MUCH);
  const seen = collect(from);
  client.end(bytes);
  assert.ok((await seen).equals(bytes));
  assert.strictEqual((await arrived).length, 2 * MUCH);
});

test('what comes after unpipe() is told, and nothing is lost between', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to);
  const arrived = collect(server);
  const bytes = pattern(MUCH);
  client.end(bytes);
  await until(() => from.bytesRead > MUCH / 2);
  from.unpipe(to);
  const resting = collect(from);
  from.resume(); // unpipe() paused it
  const rest = await resting;
  to.end();
  assert.ok(Buffer.concat([await arrived, rest]).equals(bytes));
});

test('a second destination gets what the first gets', async (t) => {
  const one = await proxied(t);
  const two = await pair(t);
  one.from.pipe(one.to);
  one.from.pipe(two.client);
  const bytes = pattern(MUCH);
  const all = [collect(one.server), collect(two.accepted)];
  one.client.end(bytes);
  for (const each of await Promise.all(all)) assert.ok(each.equals(bytes));
});

test('a decoder, a Transform and own methods see every chunk', async (t) => {
  const ends = await proxied(t);
  const { to } = ends;
  let written = 0;
  const { write } = to;
  to.write = function (chunk, ...rest) {
    written += chunk.length;
    return Reflect.apply(write, this, [chunk, ...rest]);
  };
  await pipeAll(ends);
  assert.strictEqual(written, MUCH);
});

test('a write() that was put into the class sees every chunk', async (t) => {
  const { prototype } = net.Socket;
  const { write } = prototype;
  t.after(() => (prototype.write = write));
  const ends = await proxied(t);
  const { to } = ends;
  let written = 0;
  prototype.write = function (chunk, ...rest) {
    if (this === to) written += chunk.length;
    return Reflect.apply(write, this, [chunk, ...rest]);
  };
  await pipeAll(ends);
  assert.strictEqual(written, MUCH);
});

test('bytes that wait for the server keep the process and come before the end', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to);
  const bytes = pattern(MUCH);
  client.end(bytes);
  await until(() => from.bytesRead > 1 << 20);
  to.unref();
  from.unref();
  assert.ok((await collect(server)).equals(bytes));
});

test('a destination that fails leaves the source to the program', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to);
  const failed = new Promise((resolve) => to.once('error', resolve));
  client.on('error', () => {});
  const writing = setInterval(() => client.write(pattern(1 << 20)), 1);
  t.after(() => clearInterval(writing));
  await until(() => from.bytesRead > 1 << 20);
  server.resetAndDestroy();
  assert.match((await failed).code, /EPIPE|ECONNRESET/);
  assert.strictEqual(from.destroyed, false);
  assert.strictEqual(from.listenerCount('data'), 0);
  from.destroy();
});

test('a source that fails is told, and the destination gets what came before', async (t) => {
  const { client, from, to, server } = await proxied(t);
  from.pipe(to);
  server.pause();
  client.write(pattern(MUCH));
  await until(() => from.bytesRead > 1 << 20);
  const failed = new Promise((resolve) => from.once('error', resolve));
  client.resetAndDestroy();
  const arrived = collect(server);
  server.resume();
  assert.strictEqual((await failed).code, 'ECONNRESET');
  to.end();
  const all = await arrived;
  assert.ok(all.equals(pattern(MUCH).subarray(0, all.length)));
});

test('destroying either while bytes wait is no failure', async (t) => {
  for (const which of ['from', 'to', 'both']) {
    const ends = await proxied(t);
    ends.from.pipe(ends.to);
    ends.server.pause();
    ends.client.on('error', () => {});
    ends.server.on('error', () => {});
    ends.client.write(pattern(MUCH));
    await until(() => ends.from.bytesRead > 1 << 20);
    const gone = [];
    for (const name of ['from', 'to']) {
      if (which !== name && which !== 'both') continue;
      gone.push(closed(ends[name]));
      ends[name].destroy();
    }
    await Promise.all(gone);
  }
});

test('a destination that connects yet, and one that is no socket, get all', async (t) => {
  const { port, server } = await serve(t);
  const arrived = new Promise((resolve) => server.once('connection', (s) => resolve(collect(s))));
  const near = await pair(t);
  const bytes = pattern(MUCH);
  near.client.end(bytes);
  near.accepted.pipe(net.connect(port, '127.0.0.1'));
  assert.ok((await arrived).equals(bytes));
});
