'use strict';
// How requests and answers end when one of those who speak gives up.
const assert = require('assert');
const http = require('http');
const https = require('https');
const net = require('net');
const util = require('util');
const { AsyncLocalStorage } = require('async_hooks');
const { Duplex, Readable, addAbortSignal, pipeline } = require('stream');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { startServer } = require('../../helpers/server');

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** A plain client of a server with listener; gone settles when its connection has ended. */
async function visit(t, listener, text = GET) {
  const server = http.createServer(listener);
  const { port } = await startServer(t, server);
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const gone = once(socket, 'close');
  socket.on('error', () => {});
  socket.resume();
  socket.write(text);
  return { server, socket, gone };
}

for (const [name, giveUp] of Object.entries({
  'res.destroy()': (req, res) => res.destroy(),
  'res.destroy(error)': (req, res) => res.destroy(new Error('mine')),
  'req.destroy()': (req) => req.destroy(),
  'a pipeline whose source fails': (req, res) =>
    pipeline(new Readable({ read: (_size) => {} }).destroy(new Error('source')), res, () => {}),
  'an abort signal': (req, res) => addAbortSignal(AbortSignal.abort(), res),
}))
  test(`a server ends the connection of an answer that was given up by ${name}`, async (t) => {
    const { gone } = await visit(t, giveUp);
    await gone;
  });

test('a server hears that a client ended its side while it waited for the answer', async (t) => {
  const told = [];
  const { promise, resolve } = Promise.withResolvers();
  const { socket } = await visit(t, (req, res) => {
    for (const event of ['aborted', 'close']) req.on(event, () => told.push(`req ${event}`));
    req.on('close', resolve);
    res.on('close', () => told.push('res close'));
    socket.end();
  });
  await promise;
  assert.deepStrictEqual(told.sort(), ['req aborted', 'req close', 'res close']);
});

test('each answer of a connection hears that the client is gone', async (t) => {
  const answered = [];
  const { promise, resolve } = Promise.withResolvers();
  const { socket } = await visit(t, (req, res) => {
    res.on('close', () => {
      answered.push(res.writableFinished);
      if (answered.length === 3) resolve();
    });
    if (answered.length < 2) res.end();
    else socket.destroy();
  });
  for (let i = 0; i < 2; i++) {
    await once(socket, 'data');
    socket.write(GET);
  }
  await promise;
  assert.deepStrictEqual(answered, [true, true, false]);
});

test('a client that sends no HTTP is refused at once', async (t) => {
  const { gone } = await visit(t, () => {}, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');
  await gone;
});

/** Answers each connection to a plain server with text once a request's head is there. */
async function answering(t, text, onText = () => {}) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    let all = '';
    socket.on('data', (bytes) => {
      all += bytes.toString('latin1');
      onText(all, socket);
      if (text && all.includes('\r\n\r\n')) {
        socket.write(text);
        text = '';
      }
    });
  });
  return startServer(t, server);
}

test('an answer that is complete and unread frees its place when it is destroyed', async (t) => {
  const { port } = await startServer(
    t,
    http.createServer((req, res) => res.end('x')),
  );
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  for (let i = 0; i < 3; i++) {
    const req = http.get({ port, host: '127.0.0.1', agent });
    const [res] = await once(req, 'response');
    res.on('error', () => {});
    res.destroy();
    await once(res, 'close');
  }
});

test('the head of a request with Expect goes before its body', async (t) => {
  const server = http.createServer((req, res) => req.resume().on('end', () => res.end('x')));
  const { port } = await startServer(t, server);
  const req = http.request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { expect: '100-continue' },
  });
  await once(req, 'continue');
  req.end('body');
  const [res] = await once(req, 'response');
  res.resume();
  await once(res, 'end');
});

test('a refused CONNECT is told by `connect`, with what follows', async (t) => {
  const { port } = await answering(t, 'HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno');
  const req = http.request({ port, host: '127.0.0.1', method: 'CONNECT', path: 'a:1' }).end();
  const [res, socket, head] = await once(req, 'connect');
  assert.strictEqual(res.statusCode, 407);
  assert.strictEqual(head.toString(), 'no');
  socket.destroy();
});

test('the body of a request that asks for an upgrade is the request’s', async (t) => {
  const server = http.createServer();
  const { port } = await startServer(t, server);
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 4\r\n\r\nbodyrest',
  );
  const [req, upgraded, head] = await once(server, 'upgrade');
  t.after(() => upgraded.destroy());
  assert.strictEqual(head.toString(), 'rest');
  assert.strictEqual(String(await req.toArray()), 'body');
});

test('the signal of a request ends nothing once the request is over', async (t) => {
  const { port } = await startServer(
    t,
    http.createServer((req, res) => res.end('x')),
  );
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const controller = new AbortController();
  const ask = async (options) => {
    const [res] = await once(http.get({ port, host: '127.0.0.1', agent, ...options }), 'response');
    const text = await res.toArray();
    await new Promise(setImmediate);
    return String(text);
  };
  await ask({ signal: controller.signal });
  const next = ask();
  controller.abort();
  assert.strictEqual(await next, 'x');
});

test('a request on a kept connection has the store of who asked', async (t) => {
  const { port } = await startServer(
    t,
    http.createServer((req, res) => res.end('x')),
  );
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const storage = new AsyncLocalStorage();
  const seen = [];
  const ask = (name) =>
    storage.run(name, () => {
      const { promise, resolve } = Promise.withResolvers();
      http.get({ port, host: '127.0.0.1', agent }, (res) => {
        seen.push(storage.getStore());
        res.on('data', () => seen.push(storage.getStore()));
        res.on('end', () => resolve(seen.push(storage.getStore())));
      });
      return promise;
    });
  await ask('a');
  await Promise.all([ask('b'), ask('c')]);
  assert.strictEqual(seen.join(''), 'aaabbbccc');
});

test('classes may be inherited from by util.inherits() and called without new', () => {
  function Response(...args) {
    http.ServerResponse.apply(this, args);
  }
  util.inherits(Response, http.ServerResponse);
  const res = new Response({ method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 });
  assert.ok(res instanceof http.OutgoingMessage);
  assert.ok(http.Agent({}) instanceof http.Agent);
  assert.ok(https.Agent({}) instanceof http.Agent);
  assert.strictEqual(typeof http.Agent.prototype.createSocket, 'function');
});

test('a client asks over a Duplex that is no socket', async (t) => {
  const { port } = await startServer(
    t,
    http.createServer((req, res) => res.end('over')),
  );
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const createConnection = () => Duplex.from({ readable: socket, writable: socket });
  const [res] = await once(http.get({ createConnection, timeout: 5000 }), 'response');
  assert.strictEqual(String(await res.toArray()), 'over');
});

test('a server serves a Duplex that is no socket', async (t) => {
  const server = http.createServer((req, res) => res.end('served'));
  const near = new Duplex({
    read() {},
    write: (chunk, _encoding, done) => (far.push(chunk), done()),
  });
  const far = new Duplex({
    read() {},
    write: (chunk, _encoding, done) => (near.push(chunk), done()),
  });
  t.after(() => (near.destroy(), far.destroy()));
  server.emit('connection', near);
  far.write(GET);
  let text = '';
  for await (const chunk of far) if ((text += chunk).endsWith('served')) break;
  assert.match(text, /^HTTP\/1\.1 200 OK/);
});

test('connections of an https.Agent differ by how a server is checked and by who asks', () => {
  const agent = new https.Agent();
  const names = [
    {},
    { checkServerIdentity: () => undefined },
    { checkServerIdentity: () => undefined },
    { pfx: [{ buf: Buffer.from('a'), passphrase: 'x' }] },
    { pfx: [{ buf: Buffer.from('b'), passphrase: 'x' }] },
    { key: [{ pem: 'a' }] },
    { key: [{ pem: 'b' }] },
  ].map((options) => agent.getName({ host: 'h', ...options }));
  assert.strictEqual(new Set(names).size, names.length);
  const pfx = () => [{ buf: Buffer.from('a') }];
  assert.strictEqual(agent.getName({ pfx: pfx() }), agent.getName({ pfx: pfx() }));
});

test('who ends a message is called back with null, or with why it did not go', async (t) => {
  const ends = [];
  const note = (name) => (error) => ends.push([name, error?.code ?? error]);
  const server = http.createServer((req, res) => {
    res.on('finish', () => ends.push(['finish']));
    res.write('a', note('write'));
    res.end(note('end'));
    res.end(note('end again'));
  });
  const { port } = await startServer(t, server);
  const req = http.get({ port, agent: false });
  const [res] = await once(req, 'response');
  await res.toArray();
  assert.deepStrictEqual(ends, [['write', null], ['end', null], ['end again', null], ['finish']]);
  const refused = http.request({ port: 1, host: '127.0.0.1' });
  const ended = new Promise((resolve) => refused.end('x', resolve));
  await once(refused, 'error');
  assert.strictEqual((await ended).code, 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION');
});
