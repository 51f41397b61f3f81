'use strict';
// Groups that encrypt: the handshake is made by whoever gets the connection.
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, closed } = require('../../helpers/net');
const { ca, key, pairOf } = require('../../helpers/tls');
const { loopback, tally, stop } = require('./group');

/** A master with two subs, whose own answers are as those of fixtures/encrypted.js. */
async function master(t, tlsOpt) {
  const opt = { ...pairOf('server'), ...tlsOpt };
  const server = net.createServer('encrypted', 2, './fixtures/encrypted', loopback(), opt);
  server.on('connection', (connection) => {
    connection.on('error', () => {});
    connection.once('data', () => {
      const { name } = server.groupName;
      connection.end(JSON.stringify({ name, encrypted: connection.encrypted }));
    });
  });
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  return server;
}

/** What the handler whose turn it is answers to a command; with the certificate's name as `shown`. */
async function ask(server, command = 'name', options = {}) {
  const client = tls.connect({
    port: server.port(),
    host: '127.0.0.1',
    ca: ca(),
    checkServerIdentity: () => undefined,
    ...options,
  });
  let session;
  client.on('session', (bytes) => (session = bytes));
  client.write(`${command}\n`);
  await once(client, 'secureConnect');
  const shown = client.getPeerCertificate().subject.CN;
  const reused = client.isSessionReused();
  return { ...JSON.parse(String(await collect(client))), shown, reused, session };
}

const many = (count, one) => Promise.all(Array.from({ length: count }, one));
const even = { encrypted: 3, 'encrypted:1': 3, 'encrypted:2': 3 };

/** Says a command to a sub, whoever is before it in the rotation. */
async function askSub(server, command) {
  for (;;) if ((await ask(server)).name === 'encrypted') break;
  return ask(server, command);
}

test('every handler has the certificate, though subs name no key', async (t) => {
  const server = await master(t);
  const answers = await many(9, () => ask(server));
  assert.deepStrictEqual(tally(answers), even);
  assert.ok(answers.every(({ shown, encrypted }) => shown === 'localhost' && encrypted));
});

test('a certificate added at the master later is served by every handler, until it is removed', async (t) => {
  const server = await master(t);
  assert.strictEqual(server.addcert({ name: 'a.example', ...pairOf('a') }), true);
  let answers = await many(9, () => ask(server, 'name', { servername: 'a.example' }));
  assert.deepStrictEqual(tally(answers), even);
  assert.ok(answers.every(({ shown }) => shown === 'a.example'));
  assert.strictEqual(server.delcert('a.example'), true);
  answers = await many(9, () => ask(server, 'name', { servername: 'a.example' }));
  assert.ok(answers.every(({ shown }) => shown === 'localhost'));
});

test('a certificate that a sub adds is the group’s', async (t) => {
  const server = await master(t);
  assert.strictEqual((await askSub(server, 'add b.example b')).result, true);
  assert.deepStrictEqual(
    server.listcert().map(({ name }) => name),
    ['', 'b.example'],
  );
  assert.deepStrictEqual((await askSub(server, 'list')).result, ['', 'b.example']);
  const answers = await many(9, () => ask(server, 'name', { servername: 'b.example' }));
  assert.ok(answers.every(({ shown }) => shown === 'b.example'));
});

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`a ticket of one handler resumes at every other one (${version})`, async (t) => {
    const server = await master(t);
    const { session, reused } = await ask(server, 'name', { maxVersion: version });
    assert.strictEqual(reused, false);
    assert.ok(Buffer.isBuffer(session));
    const answers = [];
    for (let i = 0; i < 6; i++)
      answers.push(await ask(server, 'name', { maxVersion: version, session }));
    assert.deepStrictEqual(tally(answers), { encrypted: 2, 'encrypted:1': 2, 'encrypted:2': 2 });
    assert.ok(answers.every((one) => one.reused));
  });
}

test('every handler asks clients for a certificate if the master has ca', async (t) => {
  const server = await master(t, { ca: ca() });
  const answers = await many(6, () => ask(server, 'name', pairOf('client')));
  assert.strictEqual(Object.keys(tally(answers)).length, 3);
  for (let i = 0; i < 3; i++) {
    const client = tls.connect({
      port: server.port(),
      host: '127.0.0.1',
      ca: ca(),
      servername: 'localhost',
    });
    client.resume();
    const [error] = await once(client, 'error');
    assert.match(error.code, /^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED$/);
  }
});

test('handshakes that stall are dropped at their limit by each handler; others are served', async (t) => {
  const server = await master(t, { handshakeTimeout: 2000 });
  const silent = await many(3, async () => {
    const client = net.connect(server.port(), '127.0.0.1');
    await once(client, 'connect');
    return closed(client.resume());
  });
  assert.strictEqual(Object.keys(tally(await many(3, () => ask(server)))).length, 3);
  await Promise.all(silent);
});

test('with material that does not fit, listen() throws and starts no task', () => {
  const before = Task.count();
  const bad = { cert: key('a.pem'), key: key('b.key') };
  const server = net.createServer('encrypted', 2, './fixtures/encrypted', loopback(), bad);
  assert.throws(() => server.listen(), { code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' });
  assert.strictEqual(Task.count(), before);
});

test('subs know who their clients are, and the name and protocol they asked for', async (t) => {
  const server = await master(t, {
    ca: ca(),
    ALPNProtocols: ['two', 'one'],
    minVersion: 'TLSv1.3',
  });
  const options = { ...pairOf('client'), servername: 'a.example', ALPNProtocols: ['one'] };
  for (;;) if ((await ask(server, 'name', options)).name === 'encrypted') break;
  for (const name of ['encrypted:1', 'encrypted:2']) {
    const answer = await ask(server, 'who', options);
    assert.strictEqual(answer.name, name);
    assert.deepStrictEqual(answer.result, {
      servername: 'a.example',
      authorized: true,
      peer: 'client',
      protocol: 'TLSv1.3',
      alpn: 'one',
    });
  }
});
