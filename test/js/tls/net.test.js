'use strict';
// TLS in net: tlsOpt of clients and servers, certificates by name.
const assert = require('assert');
const net = require('net');
const socket = require('socket');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, closed } = require('../../helpers/net');
const { ca, key, pairOf } = require('../../helpers/tls');

const loopback = () => socket.sockaddr(socket.INADDR_LOOPBACK, 0);

/** A server of the page's form that listens: {server, port}. */
async function serve(t, tlsOpt, onConnection = (one) => one.end('hello')) {
  const server = net.createServer('secure', 0, loopback(), { ...pairOf('server'), ...tlsOpt });
  server.on('connection', onConnection);
  server.listen();
  t.after(() => server.close());
  await once(server, 'listening');
  return { server, port: server.port() };
}

const trusting = (more) => ({ ca: ca(), server: 'localhost', ...more });

/** The subject's name that a server shows to one that asks for a name. */
async function shown(port, servername) {
  const client = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false });
  await once(client, 'secureConnect');
  const { CN } = client.getPeerCertificate().subject;
  client.destroy();
  return CN;
}

test('createConnection, connect(options) and connect(saddr, tlsOpt) encrypt', async (t) => {
  const { port } = await serve(t);
  const address = socket.sockaddr('127.0.0.1', port);
  for (const client of [
    net.createConnection({ port, host: '127.0.0.1', tlsOpt: trusting() }),
    new net.Socket().connect({ port, host: '127.0.0.1', tlsOpt: trusting() }),
    new net.Socket().connect(address, trusting()),
    net.connect({ ...address, tlsOpt: trusting() }),
  ]) {
    assert.strictEqual(client.encrypted, true);
    assert.strictEqual(String(await collect(client)), 'hello');
  }
});

test('a server of Node’s form encrypts with tlsOpt', async (t) => {
  const server = net.createServer({ tlsOpt: pairOf('server') }, (one) =>
    one.end(`${one.encrypted}`),
  );
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const client = net.connect({
    port: server.address().port,
    host: '127.0.0.1',
    tlsOpt: trusting(),
  });
  assert.strictEqual(String(await collect(client)), 'true');
});

test('connect comes after the handshake, and connecting is true until then', async (t) => {
  const raw = net.createServer().listen(0, '127.0.0.1');
  t.after(() => raw.close());
  await once(raw, 'listening');
  const { port } = raw.address();
  const client = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  client.on('connect', () => assert.fail('there was no handshake'));
  client.on('error', () => {});
  const [accepted] = await once(raw, 'connection');
  const [hello] = await once(accepted, 'data');
  assert.strictEqual(hello[0], 22);
  assert.strictEqual(client.connecting, true);
  assert.strictEqual(client.readyState, 'opening');
  accepted.destroy();
  assert.strictEqual(await closed(client), true);
});

test('plain sockets are not encrypted', () => {
  assert.strictEqual(new net.Socket().encrypted, false);
  assert.strictEqual(new net.Socket().truncated, false);
});

test('the counters count bytes of the program', async (t) => {
  const { port } = await serve(t, {}, (one) => one.pipe(one));
  const client = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  client.end('12345');
  await collect(client);
  assert.strictEqual(client.bytesRead, 5);
  assert.strictEqual(client.bytesWritten, 5);
});

const refusals = [
  ['an unknown authority', {}, { server: 'localhost' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['another name', {}, trusting({ server: 'other.example' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['an expired certificate', pairOf('expired'), trusting(), 'CERT_HAS_EXPIRED'],
  [
    'a self-signed certificate',
    pairOf('self'),
    { server: 'localhost' },
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
];
for (const [what, serverOpt, clientOpt, code] of refusals) {
  test(`a client refuses ${what} with ${code} and says how to accept it`, async (t) => {
    const { port } = await serve(t, serverOpt, () => assert.fail('a connection came'));
    const client = net.connect({ port, host: '127.0.0.1', tlsOpt: clientOpt });
    client.on('connect', () => assert.fail('connected'));
    const ended = closed(client);
    const [error] = await once(client, 'error');
    assert.strictEqual(error.code, code);
    assert.match(error.message, /tlsOpt\.rejectUnauthorized/);
    assert.strictEqual(await ended, true);
  });
}

for (const spelling of ['rejectUnauthorized', 'rejectUnauthorinzed']) {
  test(`${spelling}: false accepts any certificate`, async (t) => {
    const { port } = await serve(t, pairOf('self'));
    const client = net.connect({ port, host: '127.0.0.1', tlsOpt: { [spelling]: false } });
    assert.strictEqual(String(await collect(client)), 'hello');
  });
}

test('without server, the host is the name that is asked for and checked', async (t) => {
  const { port } = await serve(t, {}, (one) => one.end());
  await collect(net.connect({ port, host: 'localhost', tlsOpt: { ca: ca() } }));
  await collect(net.connect({ port, host: '127.0.0.1', tlsOpt: { ca: ca() } }));
});

test('bad members of tlsOpt are errors that name them', () => {
  const connect = (tlsOpt) => net.connect({ port: 1, tlsOpt });
  const type = { code: 'ERR_INVALID_ARG_TYPE' };
  assert.throws(() => connect(1), { ...type, message: /"options\.tlsOpt"/ });
  assert.throws(() => connect({ ca: 1 }), { ...type, message: /"options\.tlsOpt\.ca"/ });
  assert.throws(() => connect({ key: {} }), { ...type, message: /"options\.tlsOpt\.key"/ });
  assert.throws(() => connect({ server: 1 }), { ...type, message: /"options\.tlsOpt\.server"/ });
  assert.throws(() => connect({ passwd: 1 }), { ...type, message: /"options\.tlsOpt\.passwd"/ });
  assert.throws(() => connect({ handshakeTimeout: '1' }), {
    ...type,
    message: /"options\.tlsOpt\.handshakeTimeout"/,
  });
  assert.throws(() => connect({ ca: 'nonsense' }), { code: 'ERR_OSSL_PEM_NO_START_LINE' });
  assert.throws(() => net.createServer('g', 0, loopback(), { cert: 1 }), {
    ...type,
    message: /"tlsOpt\.cert"/,
  });
});

test('listen() throws without certificate or with one that does not fit, and binds nothing', () => {
  const listen = (tlsOpt) => net.createServer('g', 0, loopback(), tlsOpt).listen();
  assert.throws(() => listen({}), { code: 'ERR_MISSING_ARGS', message: /"tlsOpt\.cert"/ });
  assert.throws(() => listen({ cert: key('a.pem') }), {
    code: 'ERR_MISSING_ARGS',
    message: /"tlsOpt\.key"/,
  });
  assert.throws(() => listen({ cert: key('a.pem'), key: key('b.key') }), {
    code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  });
});

test('a locked key opens with passwd', async (t) => {
  const { port } = await serve(t, { key: key('server-locked.key'), passwd: 'secret' });
  const client = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  assert.strictEqual(String(await collect(client)), 'hello');
});

test('a server with ca asks clients for a certificate of it', async (t) => {
  const { port } = await serve(t, { ca: ca() });
  const connect = (tlsOpt) => net.connect({ port, host: '127.0.0.1', tlsOpt: trusting(tlsOpt) });
  assert.strictEqual(String(await collect(connect(pairOf('client')))), 'hello');
  for (const material of [{}, pairOf('stranger')]) {
    const client = connect(material);
    client.resume();
    const [error] = await once(client, 'error');
    assert.match(error.code, /^ERR_SSL_TLSV1(3)?_ALERT/);
  }
});

test('a stalled handshake is dropped at its limit, and others are served meanwhile', async (t) => {
  const { server, port } = await serve(t, { handshakeTimeout: 2000 });
  let connections = 0;
  server.on('connection', () => connections++);
  const silent = net.connect(port, '127.0.0.1');
  const dropped = closed(silent.resume());
  const client = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  assert.strictEqual(String(await collect(client)), 'hello');
  await dropped;
  assert.strictEqual(connections, 1);
});

test('garbage, plain HTTP and half a hello end only their connection', async (t) => {
  const { port } = await serve(t);
  const hello = Buffer.from('16030100c8010000c40303', 'hex');
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', Buffer.alloc(64, 0xff), hello]) {
    const client = net.connect(port, '127.0.0.1');
    client.on('error', () => {});
    client.end(bytes);
    client.resume();
    await closed(client);
  }
  const good = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  assert.strictEqual(String(await collect(good)), 'hello');
});

test('close() waits for handshakes that go on', async (t) => {
  const { server, port } = await serve(t);
  const silent = net.connect(port, '127.0.0.1');
  await once(silent, 'connect');
  const good = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  await collect(good);
  const ended = once(server, 'close');
  server.close();
  silent.destroy();
  await ended;
});

// ---- Certificates by name

test('addcert before and after listen() chooses by the name a client asks for', async (t) => {
  const server = net.createServer('names', 0, loopback(), pairOf('server'));
  assert.strictEqual(server.addcert({ name: 'a.example', ...pairOf('a') }), true);
  server.listen();
  t.after(() => server.close());
  await once(server, 'listening');
  const port = server.port();
  assert.strictEqual(await shown(port, 'a.example'), 'a.example');
  assert.strictEqual(await shown(port, 'b.example'), 'localhost');
  assert.strictEqual(server.addcert({ name: 'B.example', ...pairOf('b') }), true);
  assert.strictEqual(await shown(port, 'b.EXAMPLE'), 'b.example');
  assert.strictEqual(server.addcert({ name: '*.wild.example', ...pairOf('wild') }), true);
  assert.strictEqual(await shown(port, 'x.wild.example'), '*.wild.example');
  assert.strictEqual(await shown(port, 'x.y.wild.example'), 'localhost');
  assert.strictEqual(await shown(port, undefined), 'localhost');
});

test('addcert returns false for what it cannot serve, and never throws', async (t) => {
  const { server } = await serve(t);
  const good = { name: 'a.example', ...pairOf('a') };
  for (const bad of [
    undefined,
    null,
    1,
    {},
    { ...good, name: undefined },
    { ...good, name: 7 },
    { ...good, name: 'a*b.example' },
    { ...good, cert: undefined },
    { ...good, key: '' },
    { ...good, key: key('b.key') },
    { ...good, cert: 'nonsense' },
    { ...good, key: {} },
  ])
    assert.strictEqual(server.addcert(bad), false);
  assert.strictEqual(net.createServer('plain', 0).addcert(good), false);
  assert.strictEqual(net.createServer().addcert(good), false);
  assert.deepStrictEqual(
    server.listcert().map((one) => one.name),
    [''],
  );
});

test('a certificate is replaced for new handshakes and leaves connections alone', async (t) => {
  const { server, port } = await serve(t, {}, (one) => one.on('error', () => {}).pipe(one));
  server.addcert({ name: 'x.example', ...pairOf('a') });
  const client = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'x.example',
    rejectUnauthorized: false,
  });
  await once(client, 'secureConnect');
  server.addcert({ name: 'x.example', ...pairOf('b') });
  assert.strictEqual(await shown(port, 'x.example'), 'b.example');
  client.end('still here');
  assert.strictEqual(String(await collect(client)), 'still here');
  assert.strictEqual(server.delcert('X.example'), true);
  assert.strictEqual(server.delcert('x.example'), false);
  assert.strictEqual(await shown(port, 'x.example'), 'localhost');
});

test('listcert tells name, subject, issuer, validity and fingerprint', async (t) => {
  const { server } = await serve(t);
  server.addcert({ name: 'a.example', ...pairOf('a') });
  const [own, a] = server.listcert();
  assert.deepStrictEqual([own.name, a.name], ['', 'a.example']);
  assert.match(a.subject, /a\.example/);
  assert.match(a.issuer, /CN ?= ?ca/);
  assert.match(a.fingerprint256, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.ok(a.validFrom <= Date.now() && a.validTo > Date.now());
  assert.deepStrictEqual(net.createServer().listcert(), []);
});

test('ipcert chooses by the address when the client names none', async (t) => {
  const { server, port } = await serve(t, { ipcert: true });
  server.addcert({ name: '127.0.0.1', ...pairOf('a') });
  assert.strictEqual(await shown(port, undefined), 'a.example');
  assert.strictEqual(await shown(port, 'other.example'), 'localhost');
});

test('certexpiry tells of certificates that end soon, or ended, once each', async (t) => {
  const server = net.createServer('expiry', 0, loopback(), pairOf('soon'));
  const told = [];
  server.on('certexpiry', (one) => told.push([one.name, one.expired]));
  server.listen();
  t.after(() => server.close());
  await once(server, 'certexpiry');
  server.addcert({ name: 'old.example', ...pairOf('expired') });
  await once(server, 'certexpiry');
  await new Promise(setImmediate);
  assert.deepStrictEqual(told, [
    ['', false],
    ['old.example', true],
  ]);
});

test('certexpiry of tls servers: of their own certificate, and of those that are added', async (t) => {
  const server = tls.createServer(pairOf('soon'));
  const told = [];
  server.on('certexpiry', (one) => told.push([one.name, one.expired]));
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'certexpiry');
  server.addContext('old.example', pairOf('expired'));
  await once(server, 'certexpiry');
  assert.deepStrictEqual(told, [
    ['', false],
    ['old.example', true],
  ]);
});

test('an end without close_notify is told apart by truncated', async (t) => {
  const relay = net.createServer().listen(0, '127.0.0.1');
  t.after(() => relay.close());
  await once(relay, 'listening');
  const { port } = await serve(t, {}, (one) => one.write('part'));
  let upstream;
  relay.on('connection', (down) => {
    upstream = net.connect(port, '127.0.0.1');
    upstream.pipe(down, { end: false });
    down.pipe(upstream);
    down.on('error', () => {});
    t.after(() => upstream.destroy());
    relay.cut = () => down.end();
  });
  const client = net.connect({ port: relay.address().port, host: '127.0.0.1', tlsOpt: trusting() });
  await once(client, 'data');
  relay.cut();
  await once(client, 'end');
  assert.strictEqual(client.truncated, true);
  await closed(client);
  assert.strictEqual(client.truncated, true);
  const whole = net.connect({ port, host: '127.0.0.1', tlsOpt: trusting() });
  await once(whole, 'data');
  whole.destroy();
  assert.strictEqual(whole.truncated, false);
});
