'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const { fork, spawn, spawnSync } = require('child_process');
const dgram = require('dgram');
const fs = require('fs');
const net = require('net');
const path = require('path');

const peer = path.join(__dirname, 'peer.js');
function start(t, options) {
  const child = fork(peer, options);
  t.after(() => child.kill());
  return child;
}
const answer = async (child) => (await once(child, 'message'))[0];

test('messages of JSON go both ways, in order', async (t) => {
  const child = start(t);
  for (const value of ['text ünd', 1, null, { a: [1, { b: true }] }]) {
    child.send({ job: 'echo', value });
    assert.deepStrictEqual(await answer(child), value);
  }
});

test('advanced messages keep what JSON has no form for', async (t) => {
  const child = start(t, { serialization: 'advanced' });
  const value = {
    map: new Map([[1, new Set(['a'])]]),
    big: 2n ** 70n,
    date: new Date(5),
    bytes: Buffer.from('bytes'),
    floats: new Float64Array([0.5]),
    error: new RangeError('out'),
    none: undefined,
  };
  value.self = value;
  child.send({ job: 'echo', value });
  const got = await answer(child);
  assert.strictEqual(got.self, got);
  assert.deepStrictEqual(got.map, value.map);
  assert.deepStrictEqual(
    [got.big, got.date, got.bytes, got.floats, got.error.message, 'none' in got],
    [value.big, value.date, value.bytes, value.floats, 'out', true],
  );
});

test('a message of many megabytes arrives whole', async (t) => {
  const child = start(t, { serialization: 'advanced' });
  const value = Buffer.alloc(8 << 20, 'abc');
  child.send({ job: 'echo', value });
  assert.ok((await answer(child)).equals(value));
});

test('what was sent before disconnect() arrives', async (t) => {
  const child = start(t);
  let bytes = 0;
  child.on('message', (text) => (bytes += text.length));
  child.send({ job: 'much' });
  await once(child, 'disconnect');
  assert.strictEqual(bytes, 50 * 100000);
});

test('a server given to a child accepts there', async (t) => {
  const child = start(t);
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  child.send({ job: 'server' }, server);
  await answer(child);
  const { port } = server.address();
  server.close();
  const socket = net.connect(port, '127.0.0.1');
  const [data] = await once(socket, 'data');
  assert.strictEqual(`${data}`, 'from the child');
});

test('a connection given to a child is its own', async (t) => {
  const child = start(t);
  const server = net.createServer((socket) =>
    child.send({ job: 'socket', value: 'hello' }, socket),
  );
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const socket = net.connect(server.address().port, '127.0.0.1');
  const parts = [];
  for await (const part of socket) parts.push(part);
  assert.strictEqual(`${Buffer.concat(parts)}`, 'hello from the child');
  assert.strictEqual(server._connections, 0);
});

test('a UDP socket given to a child receives there', async (t) => {
  const child = start(t);
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  child.send({ job: 'udp' }, socket);
  await answer(child);
  socket.close();
  const client = dgram.createSocket('udp4');
  t.after(() => client.close());
  client.send('this', port, '127.0.0.1');
  const [message] = await once(client, 'message');
  assert.strictEqual(`${message}`, 'got this');
});

test('the end of the channel is told on both sides, and sending is refused then', async (t) => {
  const child = start(t);
  child.send({ job: 'leave' });
  await once(child, 'disconnect');
  assert.strictEqual(child.connected, false);
  assert.strictEqual(child.channel, null);
  const error = await new Promise((resolve) => child.send('late', resolve));
  assert.strictEqual(error.code, 'ERR_IPC_CHANNEL_CLOSED');
  const [code] = await once(child, 'exit');
  assert.strictEqual(code, 0);
});

test('arguments of send() and fork() are checked', (t) => {
  const child = start(t);
  assert.throws(() => child.send(), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => child.send(Symbol('x')), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => child.send('x', {}), { code: 'ERR_INVALID_HANDLE_TYPE' });
  assert.throws(() => child.send('x', undefined, 1), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fork(peer, { stdio: ['pipe'] }), { code: 'ERR_CHILD_PROCESS_IPC_REQUIRED' });
  assert.throws(() => spawn('true', [], { stdio: ['ipc', 'ipc'] }), { code: 'ERR_IPC_ONE_PIPE' });
  assert.throws(() => spawnSync('true', [], { stdio: 'ipc' }), { code: 'ERR_INVALID_ARG_VALUE' });
});

/** A child that says bytes on its channel; what the channel ends by. */
async function says(t, bytes, serialization = 'json') {
  const child = spawn('/bin/sh', ['-c', `printf '${bytes}' >&3; read line`], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
    serialization,
  });
  t.after(() => child.kill());
  const [error] = await once(child, 'error');
  assert.strictEqual(child.connected, false);
  return error;
}

test('a child that says what is no message ends the channel, with an error', async (t) => {
  assert.strictEqual((await says(t, '{"a": 1}\\nnonsense\\n')).name, 'SyntaxError');
  const hostile = `${JSON.stringify({ cmd: 'NODE_HANDLE', type: '__proto__' })}\\nnonsense\\n`;
  assert.strictEqual((await says(t, hostile)).name, 'SyntaxError');
});

test('a message of a length that no message has ends the channel before it is gathered', async (t) => {
  const error = await says(t, '\\377\\377\\377\\377x', 'advanced');
  assert.strictEqual(error.code, 'ERR_IPC_MESSAGE_TOO_LONG');
});

test('descriptors that come with what is no message are closed', async (t) => {
  const code = `
import os, socket, json
channel = socket.socket(fileno=int(os.environ['NODE_CHANNEL_FD']))
message = {'cmd': 'NODE_HANDLE', 'type': 'dgram.Socket', 'dgramType': 'nonsense', 'msg': 1}
given = [os.open('/dev/null', os.O_RDONLY) for _ in range(3)]
socket.send_fds(channel, [(json.dumps(message) + '\\n').encode()], given)
os.read(0, 1)
`;
  const stdio = ['pipe', 'inherit', 'inherit', 'ipc'];
  const count = () => fs.readdirSync('/proc/self/fd').length;
  const before = count();
  const child = spawn('python3', ['-c', code], { stdio });
  t.after(() => child.kill());
  const [error] = await once(child, 'error');
  assert.strictEqual(error.code, 'ERR_SOCKET_BAD_TYPE');
  child.stdin.end();
  await once(child, 'close');
  assert.ok(count() <= before, `${before} and ${count()}`);
});
