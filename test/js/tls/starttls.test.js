'use strict';
// TLS over a connection that exists: plain sockets after some talk, and any Duplex.
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { Duplex } = require('stream');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, closed, pattern } = require('../../helpers/net');
const { ca, pairOf, serveTls } = require('../../helpers/tls');

const trusting = { ca: ca(), servername: 'localhost' };

/** A plain server that encrypts a connection when its client asks for it, then echoes. */
async function serve(t, prepare = () => {}) {
  const server = net.createServer((plain) => {
    plain.on('error', () => {});
    plain.once('data', (data) => {
      assert.strictEqual(String(data), 'STARTTLS\r\n');
      plain.write('go on\r\n');
      const socket = new tls.TLSSocket(plain, { isServer: true, ...pairOf('server') });
      socket.on('error', () => {});
      prepare(socket, plain);
      socket.pipe(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const plain = net.connect(server.address().port, '127.0.0.1');
  t.after(() => plain.destroy());
  plain.write('STARTTLS\r\n');
  await once(plain, 'data');
  return plain;
}

test('a used socket is encrypted by both sides', async (t) => {
  const plain = await serve(t);
  const socket = tls.connect({ socket: plain, ...trusting });
  const big = pattern(1 << 20);
  socket.end(big);
  const whole = collect(socket);
  await once(socket, 'secureConnect');
  assert.strictEqual(socket.authorized, true);
  assert.strictEqual(socket.remoteAddress, '127.0.0.1');
  assert.ok((await whole).equals(big));
  assert.strictEqual(plain.remoteAddress, '127.0.0.1');
});

test('nothing leaves in the clear, also when written at once', async (t) => {
  const seen = [];
  const server = net.createServer((plain) =>
    plain.on('data', (data) => seen.push(data)).on('error', () => {}),
  );
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  for (const connected of [true, false]) {
    const plain = net.connect(server.address().port, '127.0.0.1');
    if (connected) await once(plain, 'connect');
    const socket = tls.connect({ socket: plain, ...trusting });
    socket.on('error', () => {});
    socket.write('secret');
    socket.end('secret');
    const [accepted] = connected ? [] : await once(server, 'connection');
    void accepted;
    while (seen.length === 0) await new Promise(setImmediate);
    socket.destroy();
    await closed(plain);
    assert.strictEqual(seen[0][0], 22);
    assert.ok(!Buffer.concat(seen).includes('secret'));
    seen.length = 0;
  }
});

test('bytes of the peer that were read before belong to the handshake', async (t) => {
  const ready = Promise.withResolvers();
  const server = net.createServer((plain) => {
    plain.once('readable', () => {
      // The word and the hello came together: the hello stays in the socket's buffer.
      assert.strictEqual(String(plain.read(10)), 'STARTTLS\r\n');
      assert.ok(plain.readableLength > 0);
      const socket = new tls.TLSSocket(plain, { isServer: true, ...pairOf('server') });
      socket.on('error', ready.reject);
      socket.end('welcome');
    });
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  // A Duplex that sends the word before the first bytes of TLS, in one piece.
  const raw = net.connect(server.address().port, '127.0.0.1');
  let first = true;
  const duplex = new Duplex({
    read() {},
    write(chunk, encoding, done) {
      raw.write(first ? Buffer.concat([Buffer.from('STARTTLS\r\n'), chunk]) : chunk, done);
      first = false;
    },
    final: (done) => raw.end(done),
  });
  raw.on('data', (chunk) => duplex.push(chunk));
  raw.on('end', () => duplex.push(null));
  const socket = tls.connect({ socket: duplex, ...trusting });
  const text = await Promise.race([collect(socket), ready.promise]);
  assert.strictEqual(String(text), 'welcome');
});

test('any Duplex carries TLS, with its backpressure', async () => {
  const make = () => {
    const duplex = new Duplex({
      highWaterMark: 1000,
      read() {
        const { wake } = duplex;
        duplex.wake = undefined;
        wake?.();
      },
      write(chunk, encoding, done) {
        setImmediate(() => {
          if (duplex.other.push(chunk)) done();
          else duplex.other.wake = done;
        });
      },
      final(done) {
        duplex.other.push(null);
        done();
      },
    });
    return duplex;
  };
  const here = make();
  const there = make();
  here.other = there;
  there.other = here;
  const server = new tls.TLSSocket(there, { isServer: true, ...pairOf('server') });
  server.pipe(server);
  const client = tls.connect({ socket: here, ...trusting });
  const big = pattern(300000);
  const ended = closed(here);
  client.end(big);
  assert.ok((await collect(client)).equals(big));
  await ended;
});

test('a client that connect() did not make begins with its first write', async (t) => {
  const plain = await serve(t);
  const socket = new tls.TLSSocket(plain, { ca: ca(), rejectUnauthorized: true });
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
  assert.strictEqual(socket.secureConnecting, true);
  socket.end('now');
  assert.strictEqual(String(await collect(socket)), 'now');
});

test('a tls.Server takes connections that the program gives it', async (t) => {
  const { server } = await serveTls(t, {}, (socket) => socket.end(`for ${socket.servername}`));
  const front = net
    .createServer((plain) => server.emit('connection', plain))
    .listen(0, '127.0.0.1');
  t.after(() => front.close());
  await once(front, 'listening');
  const client = tls.connect({ port: front.address().port, host: '127.0.0.1', ...trusting });
  assert.strictEqual(String(await collect(client)), 'for localhost');
});

test('TLS goes through TLS', async (t) => {
  const inner = await serveTls(t, {}, (socket) => socket.end('deep'));
  const outer = await serveTls(t, pairOf('server-ec'), (socket) => {
    const onward = net.connect(inner.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.pipe(onward).pipe(socket);
  });
  const client = tls.connect({ socket: outer.connect(), ...trusting });
  assert.strictEqual(String(await collect(client)), 'deep');
});

test('destroying either of the two closes both', async (t) => {
  for (const which of ['plain', 'socket']) {
    const both = { plain: await serve(t) };
    both.socket = tls.connect({ socket: both.plain, ...trusting });
    await once(both.socket, 'secureConnect');
    const ended = [closed(both.plain), closed(both.socket)];
    both[which].destroy();
    await Promise.all(ended);
  }
});

test('a peer that ends instead of encrypting is an ECONNRESET', async (t) => {
  const plain = await serve(t, (socket, raw) => raw.destroy());
  const socket = tls.connect({ socket: plain, ...trusting });
  const [error] = await once(socket, 'error');
  assert.strictEqual(error.code, 'ECONNRESET');
});

test('a socket that is destroyed already fails in a later turn', async () => {
  const plain = new net.Socket();
  plain.destroy();
  await closed(plain);
  const socket = tls.connect({ socket: plain, ...trusting });
  const [error] = await once(socket, 'error');
  assert.strictEqual(error.code, 'ECONNRESET');
});

test('time-outs of the plain socket go on', async (t) => {
  const plain = await serve(t);
  plain.setTimeout(1);
  const socket = tls.connect({ socket: plain, ...trusting });
  await once(plain, 'timeout');
  socket.setTimeout(1);
  await once(socket, 'timeout');
});

test('a socket that is encrypted by the listener of another, when its bytes arrived with the other’s', async (t) => {
  const plain = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    plain.push(socket);
    if (plain.length === 2) ready.resolve();
  });
  const ready = Promise.withResolvers();
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const clients = [0, 1].map(() => net.connect(server.address().port, '127.0.0.1'));
  await ready.promise;
  const text = Promise.withResolvers();
  plain.forEach((socket, i) =>
    socket.once('data', () => {
      const other = plain[1 - i];
      other.removeAllListeners('data');
      const secure = new tls.TLSSocket(other, { isServer: true, ...pairOf('server') });
      secure.on('error', text.reject);
      secure.on('data', (data) => text.resolve(String(data)));
    }),
  );
  // Both speak in the same turn; whose hello comes second is the one that is encrypted.
  clients.forEach((client) => {
    const secure = tls.connect({ socket: client, ...trusting });
    secure.on('error', () => {});
    secure.write('encrypted');
    t.after(() => secure.destroy());
  });
  assert.strictEqual(await text.promise, 'encrypted');
  plain.forEach((socket) => socket.destroy());
});
