'use strict';
// Why connections end: a row a close code, with a real peer.
const assert = require('assert');
const { execFileSync } = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve, pair, closed, until } = require('../../helpers/net');
const { serveTls, ca } = require('../../helpers/tls');
const { master, toSub, event } = require('../groups/group');

const code = (socket) => socket.closeReason?.code;

/** The last connection that a server saw end, once there is one of it. */
async function last(server, count = 1) {
  await until(() => server.recent().length >= count);
  return server.recent()[0];
}

// What a side does, what the other sees of it, what it sees itself.
const plain = [
  ['end()', (socket) => socket.end(), 'peer-end', 'local-end'],
  ['destroy()', (socket) => socket.destroy(), 'peer-end', 'local-destroy'],
  ['resetAndDestroy()', (socket) => socket.resetAndDestroy(), 'peer-reset', 'local-reset'],
];
for (const [name, act, other, own] of plain)
  test(`after ${name} of one side the other sees ${other}, and itself ${own}`, async (t) => {
    const { client, accepted } = await pair(t);
    accepted.on('error', () => {});
    accepted.resume();
    client.resume();
    act(client);
    await Promise.all([closed(client), closed(accepted)]);
    assert.deepStrictEqual([code(client), code(accepted)], [own, other]);
    assert.strictEqual(accepted.closeReason.by, 'peer');
    assert.strictEqual(client.closeReason.by, 'local');
    assert.deepStrictEqual(accepted.info().closeReason, accepted.closeReason);
  });

test('the first cause counts: a reset after the own end is the own end', async (t) => {
  const { client, accepted } = await pair(t, { server: { allowHalfOpen: true } });
  accepted.on('error', () => {});
  accepted.resume();
  accepted.end();
  await once(client.resume(), 'end');
  client.resetAndDestroy();
  await closed(accepted);
  assert.strictEqual(code(accepted), 'local-end');
});

test('there is no reason while nothing ends the connection', async (t) => {
  const { client, accepted } = await pair(t);
  assert.strictEqual(client.closeReason, null);
  assert.strictEqual(accepted.info().closeReason, null);
});

for (const act of ['destroy', 'end'])
  test(`${act}() in a listener of timeout is idle-timeout`, async (t) => {
    const { client, accepted } = await pair(t);
    client.resume();
    accepted.resume();
    accepted.setTimeout(1, () => accepted[act]());
    await Promise.all([closed(accepted), closed(client)]);
    assert.strictEqual(code(accepted), 'idle-timeout');
    assert.strictEqual(code(client), 'peer-end');
  });

test('an attempt that nobody listens for is connect-refused, and its error tells of it', async (t) => {
  const { server, port } = await serve(t);
  server.close();
  await once(server, 'close');
  const client = net.connect(port, '127.0.0.1');
  const [error] = await once(client, 'error');
  assert.strictEqual(code(client), 'connect-refused');
  assert.strictEqual(error.connection.id, client.id);
  assert.strictEqual(error.connection.peer, `127.0.0.1:${port}`);
  assert.deepStrictEqual(error.connection.bytes, { in: 0, out: 0 });
});

/** A listener of another program that accepts nothing, its queue full. */
async function silent(t) {
  const { spawn } = require('child_process');
  const child = spawn('python3', [
    '-c',
    `import socket,sys
s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(0)
c=[socket.socket() for _ in range(4)]
for one in c:
  one.setblocking(False)
  one.connect_ex(s.getsockname())
print(s.getsockname()[1], flush=True); sys.stdin.read()`,
  ]);
  t.after(() => child.kill());
  const [line] = await once(child.stdout, 'data');
  return Number(line);
}

test('an attempt that is given up in a listener of timeout is connect-timeout', async (t) => {
  const client = net.connect(await silent(t), '127.0.0.1');
  client.setTimeout(20, () => client.destroy());
  await closed(client);
  assert.deepStrictEqual(client.closeReason, { by: 'network', code: 'connect-timeout' });
});

test('a connection over maxConnections, or of a blocked address, is admission', async (t) => {
  const { server, port } = await serve(t);
  server.maxConnections = 0;
  const refused = net.connect(port, '127.0.0.1').resume();
  await closed(refused);
  assert.strictEqual((await last(server)).closeReason.code, 'admission');
  assert.strictEqual(code(refused), 'peer-end');
});

test('a socket that is given to a child process is moved', async (t) => {
  const { fork } = require('child_process');
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'moved-')), 'child.js');
  fs.writeFileSync(
    file,
    "process.on('message', (m, s) => { s.end('from the child'); process.disconnect(); });",
  );
  const child = fork(file);
  const { client, accepted } = await pair(t);
  child.send('take', accepted);
  const [data] = await once(client, 'data');
  assert.strictEqual(String(data), 'from the child');
  assert.strictEqual(code(accepted), 'moved');
});

/** What a program prints that runs in a network namespace of its own; skips where there is none. */
function isolated(t, ...argv) {
  const { spawnSync } = require('child_process');
  const unshare = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"'];
  if (spawnSync('unshare', [...unshare, 'true']).status !== 0) {
    t.skip('the system gives no network namespace');
    return undefined;
  }
  return JSON.parse(
    execFileSync('unshare', [...unshare, process.execPath, ...argv], { timeout: 60000 }),
  );
}

for (const [how, expected] of [
  ['silent', { by: 'network', code: 'net-timeout', error: 'ETIMEDOUT' }],
  ['no route', { by: 'network', code: 'net-unreachable', error: 'EHOSTUNREACH' }],
])
  test(`a connection whose network is lost (${how}) is ${expected.code}`, (t) => {
    const seen = isolated(t, path.join(__dirname, 'fixtures/lost_network.js'), how);
    if (seen !== undefined) assert.deepStrictEqual(seen, expected);
  });

test('an attempt without a way to the peer is net-unreachable', (t) => {
  const program = `
    const socket = require('net').connect(9, '192.0.2.1');
    socket.on('error', (error) =>
      console.log(JSON.stringify({ ...socket.closeReason, error: error.code })));`;
  const seen = isolated(t, '-e', program);
  if (seen === undefined) return;
  assert.deepStrictEqual(seen, { by: 'network', code: 'net-unreachable', error: 'ENETUNREACH' });
});

/** How many connections that were made ended by a code. */
const made = (name) =>
  require('metrics')
    .text()
    .split('\n')
    .filter((line) => line.startsWith('sluice_connections_closed_total{group="",side="made"'))
    .filter((line) => line.includes(`reason="${name}"`))
    .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);

test('an attempt that was slower than another is connect-abandoned', async (t) => {
  const port = await silent(t);
  const server = net.createServer().listen(port, '::1');
  t.after(() => server.close());
  await once(server, 'listening');
  const before = made('connect-abandoned');
  const client = net.connect({
    port,
    host: 'two.test',
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 10,
    lookup: (name, options, answer) =>
      answer(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]),
  });
  t.after(() => client.destroy());
  await once(client, 'connect');
  assert.strictEqual(client.remoteAddress, '::1');
  assert.strictEqual(made('connect-abandoned'), before + 1);
  assert.strictEqual(client.closeReason, null);
});

test('an attempt from an address that is not of this machine is io-error', async (t) => {
  const { port } = await serve(t);
  const client = net.connect({ port, host: '127.0.0.1', localAddress: '192.0.2.1' });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'EADDRNOTAVAIL');
  assert.deepStrictEqual(client.closeReason, { by: 'runtime', code: 'io-error' });
});

test('no descriptor left for an attempt is limit-fds', () => {
  const out = execFileSync('sh', [
    '-c',
    `ulimit -n 40; exec "$0" -e '
      const net = require("net");
      const server = net.createServer().listen(0, "127.0.0.1", () => {
        const open = [];
        (function more() {
          const one = net.connect(server.address().port, "127.0.0.1");
          one.on("connect", () => { open.push(one); more(); });
          one.on("error", (error) => {
            console.log(JSON.stringify({ ...one.closeReason, error: error.code }));
            process.exit();
          });
        })();
      });'`,
    process.execPath,
  ]);
  assert.deepStrictEqual(JSON.parse(out), { by: 'runtime', code: 'limit-fds', error: 'EMFILE' });
});

// ---- TLS

test('bytes that are no TLS end in handshake-failed', async (t) => {
  const { server, port } = await serveTls(t);
  server.on('tlsClientError', () => {});
  const raw = net.connect(port, '127.0.0.1');
  raw.on('error', () => {});
  raw.end('GET / HTTP/1.0\r\n\r\n');
  raw.resume();
  assert.strictEqual((await last(server)).closeReason.code, 'handshake-failed');
});

test('a client that ends in its handshake is peer-end', async (t) => {
  const { server, port } = await serveTls(t);
  server.on('tlsClientError', () => {});
  net.connect(port, '127.0.0.1').end();
  assert.strictEqual((await last(server)).closeReason.code, 'peer-end');
});

test('a client that does not trust the server is a tls-alert there, and handshake-failed here', async (t) => {
  const { server, connect } = await serveTls(t);
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => socket.on('error', () => {}));
  const client = connect({ ca: [], maxVersion: 'TLSv1.2' });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  assert.strictEqual((await last(server)).closeReason.code, 'tls-alert');
});

test('an end without close_notify is tls-truncated, with it peer-end', async (t) => {
  const { server, port, connect } = await serveTls(t, {}, (socket) => socket.resume());
  const raw = net.connect(port, '127.0.0.1');
  const client = tls.connect({ socket: raw, servername: 'localhost', ca: ca() });
  await once(client, 'secureConnect');
  raw.destroy();
  assert.strictEqual((await last(server)).closeReason.code, 'tls-truncated');
  const other = connect();
  await once(other, 'secureConnect');
  other.end();
  assert.strictEqual((await last(server, 2)).closeReason.code, 'peer-end');
});
test('a record that cannot be is tls-error', async (t) => {
  const { server, port } = await serveTls(t, {}, (socket) => socket.on('error', () => {}).resume());
  const raw = net.connect(port, '127.0.0.1');
  const client = tls.connect({ socket: raw, servername: 'localhost', ca: ca() });
  client.on('error', () => {});
  await Promise.all([once(client, 'secureConnect'), once(server, 'secureConnection')]);
  raw.write(Buffer.from('170303001000000000000000000000000000000000', 'hex'));
  assert.strictEqual((await last(server)).closeReason.code, 'tls-error');
});

test('a handshake that takes too long is handshake-timeout', async (t) => {
  const { server, port } = await serveTls(t, { handshakeTimeout: 1 });
  server.on('tlsClientError', () => {});
  const raw = net.connect(port, '127.0.0.1').resume();
  raw.on('error', () => {});
  assert.strictEqual((await last(server)).closeReason.code, 'handshake-timeout');
});

test('what a TLS connection agreed on stays known after its end', async (t) => {
  const { server, connect } = await serveTls(t, { ALPNProtocols: ['one'] }, (socket) =>
    socket.resume(),
  );
  const client = connect({ ALPNProtocols: ['one'] });
  await once(client, 'secureConnect');
  const { tls: facts, transport } = client.info();
  assert.strictEqual(facts.version, 'TLSv1.3');
  assert.strictEqual(facts.cipher, client.getCipher().name);
  assert.strictEqual(facts.alpn, 'one');
  assert.strictEqual(transport, 'tls');
  client.end();
  const seen = await last(server);
  assert.strictEqual(seen.tls.sni, 'localhost');
  assert.strictEqual(seen.tls.alpn, 'one');
  assert.strictEqual(seen.transport, 'tls');
  assert.ok(seen.times.secure >= seen.times.handshake);
});

// ---- Tasks

for (const [command, expected] of [
  ['exit', 'task-end'],
  ['throw', 'task-killed'],
])
  test(`what a sub has open when it says "${command}" is ${expected}`, async (t) => {
    const server = await master(
      t,
      'answer',
      1,
      path.join(__dirname, '../groups/fixtures/answer.js'),
    );
    server.respawn = false;
    const died = event(server, 'exit');
    await toSub(server, command);
    await died;
    const ends = server.recent().filter((one) => one.member === 1);
    assert.strictEqual(ends[0].closeReason.code, expected);
  });
