'use strict';
// Limits, TLS, captures, permissions and the drain of one server at the same time: every connection
// ends once, by a reason, and what was captured is a file.
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const tls = require('tls');
const { test } = require('../../helpers/test');
const { pairOf, ca } = require('../../helpers/tls');
const { startServer } = require('../../helpers/server');
const { folder, sluice } = require('../../helpers/permission');

let drained = false;

/** What one of many clients does, by its number. */
const BEHAVIOURS = [
  (socket) => socket.end('a word'),
  (socket) => socket.write('a word'),
  // Does not read what it asked for, unless its handshake ends after the drain.
  (socket) => (drained ? socket : socket.pause()).write('much'),
  (socket) => socket.once('data', () => socket.destroy()).write('a word'),
  (socket) => socket.once('data', () => socket.resetAndDestroy()).write('much'),
  (socket) => socket.destroy(),
];

function client(t, port, number, done) {
  const address = `127.0.${1 + (number % 3)}.1`;
  const options = { port, host: '127.0.0.1', localAddress: address };
  const raw = number % 7 === 0;
  const socket = raw
    ? net.connect(options, () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    : tls.connect({ ...options, servername: 'localhost', ca: ca() }, () =>
        BEHAVIOURS[number % BEHAVIOURS.length](socket),
      );
  t.after(() => socket.destroy());
  socket.on('error', () => {}).on('close', done);
  if (number % BEHAVIOURS.length !== 2) socket.resume();
  return socket;
}

test('a server with all limits that is captured, and drains, ends each connection once', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-together-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const server = net.createServer({ tlsOpt: pairOf('server') }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (!`${data}`.startsWith('much')) socket.write(data);
      else for (let i = 0; i < 64; i++) socket.write(Buffer.alloc(65536, i));
    });
  });
  server.on('tlsClientError', () => {});
  server.admission = {
    perAddress: { concurrent: 40 },
    total: 100,
    handshakes: { concurrent: 4, timeout: 20000 },
    failures: [1000, 60000],
  };
  server.writeLimit = { hard: 2 << 20, stall: 60000 };
  server.timeouts = { firstByte: 20000, idle: 60000 };
  const { port } = await startServer(t, server);
  const files = ['plain', 'records'].map((mode) => [mode, path.join(dir, mode)]);
  const stop = new AbortController();
  const { signal } = stop;
  const captures = files.map(([mode, file]) => server.capture({ mode, file, signal }));
  const count = 150;
  let ended = 0;
  let tell;
  const all = new Promise((resolve) => (tell = resolve));
  const clients = [];
  for (let i = 0; i < count; i++)
    clients.push(client(t, port, i, () => ++ended === count && tell()));
  // Those who do not say their farewell are what the drain ends.
  while (ended < count / 3) await new Promise((resolve) => setImmediate(resolve));
  await server.drain({ deadline: 3000, jitter: 100 });
  drained = true;
  for (const socket of clients) socket.resume(); // who pauses does not hear of the end
  await all;
  for await (const one of server.connections()) assert.fail(JSON.stringify(one));
  for (const { closeReason } of server.recent())
    assert.ok(closeReason !== null && closeReason.code !== '', JSON.stringify(closeReason));
  stop.abort();
  for (const result of await Promise.all(captures))
    assert.ok(result.packets > 0, `${result.packets}`);
  for (const [, file] of files)
    assert.strictEqual(fs.readFileSync(file).readUInt32LE(0), 0x0a0d0d0a); // of pcapng
});

test('a task in User Mode has limits of its own on the server that it may have', async (t) => {
  const dir = folder(t);
  const write = (name, text) => fs.writeFileSync(path.join(dir, 'app', name), text);
  write(
    'main.js',
    `Task.on('message', ({ value }) => console.log(value));
    new Task('./task', undefined, { permission: { listen: ['127.0.0.1:0'], connect: ['127.0.0.1'],
      'fs.write': ['${dir}/in'], capture: true, quota: { connections: 12, writeQueue: 4000000 } } });`,
  );
  write(
    'task.js',
    `const net = require('net');
    const tell = (value) => Task.send(Task.parent(), { value });
    const server = net.createServer((socket) => {
      socket.on('error', () => {}).once('data', () => { for (let i = 0; i < 64; i++) socket.write(Buffer.alloc(1 << 20)); });
    });
    server.admission = { perAddress: { concurrent: 3 } };
    const reasons = {};
    server.listen(0, '127.0.0.1', async () => {
      const stop = new AbortController();
      const captured = server.capture({ file: '${dir}/in/capture', signal: stop.signal });
      const closed = [];
      for (let i = 0; i < 5; i++) {
        const client = net.connect(server.address().port, '127.0.0.1', () => client.write('x'));
        closed.push(new Promise((done) => client.on('error', () => {}).on('close', done)));
        setTimeout(() => client.destroy(), 1500);
      }
      await Promise.all(closed);
      await server.drain({ deadline: 1000 });
      stop.abort();
      for (const one of server.recent()) reasons[one.closeReason.code] = (reasons[one.closeReason.code] ?? 0) + 1;
      tell([reasons['write-limit'], (await captured).connections].join());
      await server.capture({ file: '${dir}/out/capture' }).catch((error) => { tell(error.code); });
    });`,
  );
  const { stdout, stderr } = await sluice([path.join(dir, 'app/main.js')]);
  assert.strictEqual(stderr, '');
  assert.match(stdout, /^3,3\nERR_ACCESS_DENIED\n$/);
});
