'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const { exec, spawn, spawnSync } = require('child_process');
const net = require('net');

async function text(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('a pipe of one child is the input of another, and blocks there', async () => {
  const first = spawn('head', ['-c', '3000000', '/dev/zero']);
  const second = spawn('wc', ['-c'], { stdio: [first.stdout, 'pipe', 'inherit'] });
  assert.strictEqual((await text(second.stdout)).trim(), '3000000');
});

test('a socket as the output of a child takes all of it', async (t) => {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  const [socket] = await once(server, 'connection');
  const child = spawn('head', ['-c', '3000000', '/dev/zero'], {
    stdio: ['ignore', socket, 'inherit'],
  });
  child.on('exit', () => socket.destroy());
  let bytes = 0;
  for await (const part of client) bytes += part.length;
  assert.strictEqual(bytes, 3000000);
  assert.strictEqual(child.exitCode, 0);
});

test('maxBuffer counts bytes', async () => {
  const error = await new Promise((resolve) =>
    exec('printf ééé', { maxBuffer: 5 }, (problem, stdout) => resolve([problem, stdout])),
  );
  assert.strictEqual(error[0].code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
});

test('spawnSync() gives what was read before maxBuffer was exceeded', () => {
  const { error, stdout } = spawnSync('echo', ['hello'], { maxBuffer: 1 });
  assert.strictEqual(error.code, 'ENOBUFS');
  assert.strictEqual(`${stdout}`, 'hello\n');
});

test('a child runs for the user and group that are asked for', () => {
  if (process.getuid() !== 0) return;
  const { stdout } = spawnSync('sh', ['-c', 'id -u; id -g'], { uid: 12345, gid: 12346 });
  assert.strictEqual(`${stdout}`, '12345\n12346\n');
});
