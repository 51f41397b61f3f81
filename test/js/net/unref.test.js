'use strict';
// Programs whose socket is unref()'d: what they connect and write is done before they end.
const assert = require('assert');
const http = require('http');
const net = require('net');
const { spawn } = require('child_process');
const { test } = require('../../helpers/test');
const { startServer } = require('../../helpers/server');

const SIZE = 5_000_000; // more than the kernel takes at once

/** Runs code as a program of its own that connects to server; resolves with the bytes it got. */
async function received(t, server, code) {
  const { port } = await startServer(t, server);
  const got = new Promise((resolve) => server.once('received', resolve));
  const program = `const PORT = ${port}, BYTES = Buffer.alloc(${SIZE}); ${code}`;
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => child.kill());
  const exit = await new Promise((resolve) => child.on('close', resolve));
  assert.strictEqual(exit, 0);
  return got;
}

function counter() {
  const server = net.createServer((socket) => {
    let count = 0;
    socket.on('data', (bytes) => (count += bytes.length));
    socket.on('error', () => {});
    socket.on('close', () => server.emit('received', count));
  });
  return server;
}

const connect = `require('net').connect(PORT, '127.0.0.1'`;
for (const [name, code] of Object.entries({
  'before it connects': `const s = new (require('net').Socket)(); s.unref(); s.connect(PORT, '127.0.0.1'); s.end(BYTES);`,
  'while it connects': `const s = ${connect}); s.unref(); s.end(BYTES);`,
  'while its name is looked up': `const s = require('net').connect(PORT, 'localhost'); s.unref(); s.end(BYTES);`,
  'before it writes': `const s = ${connect}, () => { s.unref(); s.end(BYTES); });`,
  'with writes in its queue': `const s = ${connect}, () => { s.end(BYTES); s.unref(); });`,
}))
  test(`a socket that is unref()'d ${name} sends all of its data`, async (t) => {
    assert.strictEqual(await received(t, counter(), code), SIZE);
  });

test("an http request whose socket is unref()'d is sent", async (t) => {
  const server = http.createServer((req, res) => {
    let count = 0;
    req.on('data', (bytes) => (count += bytes.length));
    req.on('error', () => {});
    req.on('close', () => server.emit('received', count));
    req.on('end', () => res.end());
  });
  const code = `const req = require('http').request({ port: PORT, host: '127.0.0.1', method: 'POST', agent: false });
    req.on('error', () => {}); req.on('socket', (s) => s.unref()); req.end(BYTES);`;
  assert.strictEqual(await received(t, server, code), SIZE);
});

test("an idle socket that is unref()'d keeps no process", async (t) => {
  assert.strictEqual(await received(t, counter(), `const s = ${connect}, () => s.unref());`), 0);
});
