'use strict';
// What carries the stores of AsyncLocalStorage by itself.
const { test } = require('../../helpers/test');
const { startServer } = require('../../helpers/server');
const assert = require('assert');
const { AsyncLocalStorage } = require('async_hooks');
const { spawn } = require('child_process');
const crypto = require('crypto');
const dgram = require('dgram');
const dns = require('dns');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const zlib = require('zlib');

const storage = new AsyncLocalStorage();

/** Resolves with the store in what start(callback) calls, when start is called within a store. */
function storeIn(start) {
  return new Promise((resolve) => {
    storage.run('mine', () => start(() => resolve(storage.getStore())));
  });
}

const open = (file, run) => (callback) => {
  const fd = fs.openSync(file, 'r+');
  run(fd, () => fs.close(fd, callback));
};

/** A datagram that arrives at the socket that is made now. */
function receive(callback) {
  const socket = dgram.createSocket('udp4');
  socket.on('message', () => socket.close(callback));
  socket.bind(0, '127.0.0.1', () => socket.send('x', socket.address().port, '127.0.0.1'));
}

/** A change that a watcher made now is told of. */
function watch(callback) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'follow-'));
  const watcher = fs.watch(folder, () => {
    watcher.close();
    fs.rmSync(folder, { recursive: true });
    callback();
  });
  fs.writeFileSync(path.join(folder, 'new'), '');
}

const large = Buffer.alloc(1 << 20, 'x');

const starts = {
  'fs.readFile()': (callback) => fs.readFile(__filename, callback),
  'fs.stat()': (callback) => fs.stat(__filename, callback),
  'fs.read()': open('/dev/null', (fd, done) => fs.read(fd, Buffer.alloc(1), done)),
  'fs.writev()': open('/dev/null', (fd, done) => fs.writev(fd, [Buffer.alloc(1)], done)),
  'fs.opendir()': (callback) => fs.opendir('/', (_error, folder) => folder.close(callback)),
  'a stream of a file': (callback) =>
    fs.createReadStream(__filename).on('close', callback).resume(),
  'fs.watch()': watch,
  'crypto.randomBytes()': (callback) => crypto.randomBytes(1 << 16, callback),
  'crypto.scrypt()': (callback) => crypto.scrypt('a', 'b', 8, callback),
  'crypto.generateKeyPair()': (callback) =>
    crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, callback),
  'crypto.generatePrime()': (callback) => crypto.generatePrime(16, callback),
  'zlib.gzip()': (callback) => zlib.gzip(large, callback),
  'a datagram': receive,
  'the end of a child': (callback) => spawn('true').on('exit', callback),
  'the output of a child': (callback) => spawn('echo', ['x']).stdout.once('data', callback),
  'a timer': (callback) => setTimeout(callback, 1),
  'an immediate': (callback) => setImmediate(callback),
  'a tick': (callback) => process.nextTick(callback),
  'queueMicrotask()': (callback) => queueMicrotask(callback),
  'dns.lookup()': (callback) => dns.lookup('localhost', callback),
  'dns.lookupService()': (callback) => dns.lookupService('127.0.0.1', 80, callback),
  'dns.resolve4()': (callback) => dns.resolve4('a..b', callback),
};
for (const [what, start] of Object.entries(starts))
  test(`the callback of ${what} has the store of the call`, async () => {
    assert.strictEqual(await storeIn(start), 'mine');
    assert.strictEqual(storage.getStore(), undefined);
  });

test('an interval keeps the store of its start, whatever it enters', async () => {
  const seen = [];
  await new Promise((resolve) => {
    storage.run('mine', () => {
      const timer = setInterval(() => {
        seen.push(storage.getStore());
        storage.enterWith('entered');
        if (seen.length < 3) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
  });
  assert.deepStrictEqual(seen, ['mine', 'mine', 'mine']);
});

test('the events of a socket have the store of its connect()', async (t) => {
  const { port } = await startServer(
    t,
    net.createServer((socket) => socket.end('hello')),
  );
  const seen = {};
  const note = (event) => () => (seen[event] = storage.getStore());
  const socket = storage.run('mine', () => net.connect(port, 'localhost'));
  for (const event of ['lookup', 'connect', 'ready', 'data', 'end', 'close'])
    socket.on(event, note(event));
  await once(socket, 'close');
  assert.deepStrictEqual(seen, {
    lookup: 'mine',
    connect: 'mine',
    ready: 'mine',
    data: 'mine',
    end: 'mine',
    close: 'mine',
  });
});

test('accepted sockets have the store of the server', async (t) => {
  const seen = [];
  const server = net.createServer((socket) => {
    seen.push(storage.getStore());
    storage.enterWith('of the connection');
    socket.on('data', () => {
      seen.push(storage.getStore());
      socket.end();
    });
  });
  const { port } = await storage.run('the server', () => startServer(t, server));
  const client = net.connect(port, '127.0.0.1').end('x').resume();
  await once(client, 'close');
  assert.deepStrictEqual(seen, ['the server', 'the server']);
});

test('what a listener enters is not seen by others', async (t) => {
  const seen = [];
  const server = net.createServer((socket) => {
    socket.on('data', (data) => {
      seen.push(storage.getStore());
      storage.enterWith(`${data}`);
      seen.push(storage.getStore());
      socket.write(data);
    });
  });
  const { port } = await startServer(t, server);
  for (const name of ['a', 'b']) {
    const client = net.connect(port, '127.0.0.1');
    t.after(() => client.destroy());
    client.write(name);
    await once(client, 'data');
    client.write(name);
    await once(client, 'data');
  }
  assert.deepStrictEqual(seen, [undefined, 'a', undefined, 'a', undefined, 'b', undefined, 'b']);
  assert.strictEqual(storage.getStore(), undefined);
});

test('what a listener enters is carried by what it starts', async (t) => {
  const seen = [];
  const server = net.createServer((socket) => {
    storage.enterWith(socket.remotePort);
    setImmediate(() => {
      seen.push([socket.remotePort, storage.getStore()]);
      socket.end();
    });
  });
  const { port } = await startServer(t, server);
  const clients = [1, 2, 3].map(() => net.connect(port, '127.0.0.1').resume());
  await Promise.all(clients.map((client) => once(client, 'close')));
  assert.strictEqual(seen.length, 3);
  for (const [mine, store] of seen) assert.strictEqual(store, mine);
});

test('a listener that throws leaves no store behind', async (t) => {
  const { port } = await startServer(
    t,
    net.createServer((socket) => socket.end('x')),
  );
  const caught = new Promise((resolve) => {
    process.setUncaughtExceptionCaptureCallback(resolve);
    t.after(() => process.setUncaughtExceptionCaptureCallback(null));
  });
  const socket = storage.run('mine', () => net.connect(port, '127.0.0.1'));
  socket.on('data', () => {
    storage.enterWith('other');
    throw new Error('thrown');
  });
  assert.strictEqual((await caught).message, 'thrown');
  socket.destroy();
  assert.strictEqual(storage.getStore(), undefined);
});

test('what a stream of HTTP/2 is told has the store of who asked, on one connection', async (t) => {
  const http2 = require('http2');
  const server = http2.createServer();
  const ends = [];
  server.on('stream', (stream, headers) =>
    storage.run(headers[':path'], () => {
      stream.respond({ ':status': 200 });
      stream.end('x', () => ends.push([headers[':path'], storage.getStore()]));
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  t.after(() => client.destroy());
  const ask = (path) =>
    storage.run(path, async () => {
      const seen = new Set();
      const request = client.request({ ':path': path });
      for (const event of ['response', 'data', 'end', 'close'])
        request.on(event, () => seen.add(storage.getStore()));
      await new Promise((resolve) => request.on('close', resolve));
      return [...seen];
    });
  assert.deepStrictEqual(await Promise.all(['/a', '/b'].map(ask)), [['/a'], ['/b']]);
  assert.ok(ends.every(([path, store]) => path === store));
  const ping = new Promise((resolve) =>
    storage.run('mine', () => client.ping(() => resolve(storage.getStore()))),
  );
  assert.strictEqual(await ping, 'mine');
});

test('events of a WebSocket have the store of who made it', async (t) => {
  const server = require('http').createServer((request, response) => response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `ws://127.0.0.1:${server.address().port}`;
  const failed = (name) =>
    storage.run(name, () => {
      const socket = new WebSocket(url);
      return new Promise((resolve) => {
        socket.onerror = () => resolve(storage.getStore());
      });
    });
  assert.deepStrictEqual(await Promise.all(['a', 'b'].map(failed)), ['a', 'b']);
});
