'use strict';
// tlsOpt has the options of tls, refuses others, and its sockets tell who the peer is.
const assert = require('assert');
const net = require('net');
const socket = require('socket');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { closed, collect } = require('../../helpers/net');
const { ca, key, pairOf } = require('../../helpers/tls');

const loopback = () => socket.sockaddr(socket.INADDR_LOOPBACK, 0);

/** A listening server of the page's form, whose connections tell what tell() returns. */
async function serve(t, tlsOpt, tell = () => ({})) {
  const server = net.createServer('page', 0, loopback(), { ...pairOf('server'), ...tlsOpt });
  server.on('connection', (one) => {
    one.on('error', () => {});
    one.end(JSON.stringify(tell(one)));
  });
  server.listen();
  t.after(() => server.close());
  await once(server, 'listening');
  return server;
}

/** A client of the page's form. */
const connect = (server, tlsOpt) =>
  net.connect({
    port: server.port(),
    host: '127.0.0.1',
    tlsOpt: { ca: ca(), server: 'localhost', ...tlsOpt },
  });

const told = async (client) => JSON.parse(String(await collect(client)));

const identity = (one) => ({
  servername: one.servername,
  authorized: one.authorized,
  authorizationError: one.authorizationError,
  peer: one.getPeerCertificate().subject?.CN,
  protocol: one.getProtocol(),
  cipher: one.getCipher().name,
  alpn: one.alpnProtocol,
});

// ---- Options that are none

for (const [wrong, right] of [
  ['minversion', 'minVersion'],
  ['rejectUnauthorised', 'rejectUnauthorized'],
  ['password', 'passwd'],
  ['cyphers', 'ciphers'],
  ['alpnProtocols', 'ALPNProtocols'],
  ['requestCerts', 'requestCert'],
])
  test(`a server refuses tlsOpt.${wrong}, and suggests ${right}`, () => {
    assert.throws(
      () => net.createServer('page', 0, loopback(), { ...pairOf('server'), [wrong]: 'x' }),
      {
        name: 'TypeError',
        code: 'ERR_UNKNOWN_OPTION',
        message: `There is no option 'tlsOpt.${wrong}'; did you mean '${right}'?`,
      },
    );
  });

test('an unknown option that resembles none is refused without a suggestion', () => {
  assert.throws(() => net.connect({ port: 1, tlsOpt: { somethingElse: 1 } }), {
    code: 'ERR_UNKNOWN_OPTION',
    message: "There is no option 'options.tlsOpt.somethingElse'",
  });
});

test('a client refuses what only servers have, and a server what only clients have', () => {
  assert.throws(() => net.connect({ port: 1, tlsOpt: { requestCert: true } }), {
    code: 'ERR_UNKNOWN_OPTION',
  });
  assert.throws(
    () => net.createServer({ tlsOpt: { ...pairOf('server'), loadDefaultCerts: true } }),
    {
      code: 'ERR_UNKNOWN_OPTION',
    },
  );
});

test('an option that is undefined is as if it were absent', (t) =>
  serve(t, { minVersion: undefined, unheardOf: undefined }));

for (const [name, value, code] of [
  ['rejectUnauthorized', 'false', 'ERR_INVALID_ARG_TYPE'],
  ['handshakeTimeout', 5, 'ERR_OUT_OF_RANGE'],
  ['handshakeTimeout', 120001, 'ERR_OUT_OF_RANGE'],
  ['ALPNProtocols', 'h2', 'ERR_INVALID_ARG_TYPE'],
  ['SNICallback', 'x', 'ERR_INVALID_ARG_TYPE'],
  ['minVersion', 'TLSv9', 'ERR_TLS_INVALID_PROTOCOL_VERSION'],
])
  test(`tlsOpt.${name}: ${value} is refused`, () => {
    assert.throws(() => net.createServer({ tlsOpt: { ...pairOf('server'), [name]: value } }), {
      code,
    });
  });

// ---- Options of tls

test('a server with minVersion TLS 1.3 serves no TLS 1.2', async (t) => {
  const server = await serve(t, { minVersion: 'TLSv1.3' }, (one) => ({ is: one.getProtocol() }));
  assert.deepStrictEqual(await told(connect(server)), { is: 'TLSv1.3' });
  const [error] = await once(connect(server, { maxVersion: 'TLSv1.2' }), 'error');
  assert.match(error.code, /PROTOCOL_VERSION/);
});

test('ciphers and maxVersion choose what is spoken', async (t) => {
  const server = await serve(
    t,
    { ciphers: 'ECDHE-RSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' },
    identity,
  );
  const { cipher, protocol } = await told(connect(server));
  assert.deepStrictEqual([cipher, protocol], ['ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2']);
});

test('ALPNProtocols of both sides agree on one, which both tell', async (t) => {
  const server = await serve(t, { ALPNProtocols: ['b', 'a'] }, identity);
  const client = connect(server, { ALPNProtocols: ['a', 'b'] });
  const { alpn } = await told(client);
  assert.deepStrictEqual([alpn, client.alpnProtocol], ['b', 'b']);
  const plain = connect(server);
  assert.strictEqual((await told(plain)).alpn, false);
  assert.strictEqual(plain.alpnProtocol, false);
});

test('passphrase and pfx are those of tls', async (t) => {
  const locked = await serve(t, { key: key('server-locked.key'), passphrase: 'secret' });
  assert.deepStrictEqual(await told(connect(locked)), {});
  const bytes = require('fs').readFileSync(`${require('../../helpers/tls').folder}/server.pfx`);
  const archive = await serve(t, {
    cert: undefined,
    key: undefined,
    pfx: bytes,
    passphrase: 'secret',
  });
  assert.deepStrictEqual(await told(connect(archive)), {});
});

test('SNICallback chooses the context, before certificates of names', async (t) => {
  const names = [];
  const server = await serve(t, {
    SNICallback(name, answer) {
      names.push(name);
      if (name === 'b.example') answer(null, tls.createSecureContext(pairOf('b')));
      else if (name === 'no.example') answer(new Error('refused'));
      else answer(null);
    },
  });
  server.addcert({ name: 'a.example', ...pairOf('a') });
  for (const [name, shown] of [
    ['a.example', 'a.example'],
    ['b.example', 'b.example'],
    ['localhost', 'localhost'],
  ]) {
    const client = connect(server, { server: name });
    await once(client, 'connect');
    assert.strictEqual(client.getPeerCertificate().subject.CN, shown);
    client.destroy();
  }
  await once(connect(server, { server: 'no.example' }), 'error');
  assert.deepStrictEqual(names, ['a.example', 'b.example', 'localhost', 'no.example']);
});

test('a session ticket of one server opens at another that has the same ticketKeys', async (t) => {
  const ticketKeys = Buffer.alloc(48, 7);
  const [one, other] = [await serve(t, { ticketKeys }), await serve(t, { ticketKeys })];
  const open = (server, session) =>
    tls.connect({ port: server.port(), host: 'localhost', ca: ca(), session });
  const first = open(one);
  first.resume();
  const [session] = await once(first, 'session');
  const second = open(other, session);
  await once(second, 'secureConnect');
  assert.strictEqual(second.isSessionReused(), true);
  second.destroy();
});

// ---- Who the peer is

test('sockets of a server that asks for certificates tell whom they are with', async (t) => {
  const server = await serve(t, { ca: ca(), ALPNProtocols: ['x'] }, identity);
  const client = connect(server, { ...pairOf('client'), ALPNProtocols: ['x'] });
  assert.deepStrictEqual(await told(client), {
    servername: 'localhost',
    authorized: true,
    authorizationError: null,
    peer: 'client',
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    alpn: 'x',
  });
});

test('a server prefers the ciphers that it names, else the lightest', async (t) => {
  for (const [ciphers, expected] of [
    [undefined, 'TLS_AES_128_GCM_SHA256'],
    [tls.DEFAULT_CIPHERS, 'TLS_AES_256_GCM_SHA384'],
    ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
  ]) {
    const server = await serve(t, ciphers === undefined ? {} : { ciphers }, identity);
    assert.strictEqual((await told(connect(server))).cipher, expected);
  }
});

test('requestCert without rejectUnauthorized asks, and tells what is wrong', async (t) => {
  const server = await serve(
    t,
    { ca: ca(), requestCert: true, rejectUnauthorized: false },
    identity,
  );
  const of = async (pair) => {
    const { authorized, authorizationError, peer } = await told(connect(server, pair));
    return { authorized, authorizationError, peer };
  };
  assert.deepStrictEqual(await of(pairOf('client')), {
    authorized: true,
    authorizationError: null,
    peer: 'client',
  });
  assert.deepStrictEqual(await of(pairOf('stranger')), {
    authorized: false,
    authorizationError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    peer: 'stranger',
  });
  assert.deepStrictEqual(await of({}), {
    authorized: false,
    authorizationError: 'UNABLE_TO_GET_ISSUER_CERT',
    peer: undefined,
  });
});

test('a connection without client certificates has nobody authorized, and no error', async (t) => {
  const server = await serve(t, {}, identity);
  const { authorized, authorizationError, servername, peer } = await told(connect(server));
  assert.deepStrictEqual(
    { authorized, authorizationError, servername, peer },
    { authorized: false, authorizationError: null, servername: 'localhost', peer: undefined },
  );
});

test('a client tells whether the server is whom it wanted, if it accepts any', async (t) => {
  const server = await serve(t, {});
  const trusting = connect(server);
  await collect(trusting);
  assert.deepStrictEqual([trusting.authorized, trusting.authorizationError], [true, null]);
  for (const [tlsOpt, problem] of [
    [{ rejectUnauthorized: false }, null],
    [{ rejectUnauthorized: false, server: 'a.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [{ rejectUnauthorized: false, ca: key('other-ca.pem') }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ]) {
    const client = connect(server, tlsOpt);
    await collect(client);
    assert.deepStrictEqual(
      [client.authorized, client.authorizationError],
      [problem === null, problem],
    );
  }
});

test('a socket of a derived class has the identity too, and a plain one has none of it', async (t) => {
  class Mine extends net.Socket {}
  const server = await serve(t, {});
  const client = new Mine();
  client.connect({ port: server.port(), host: 'localhost', tlsOpt: { ca: ca() } });
  await once(client, 'connect');
  assert.strictEqual(client.getPeerCertificate().subject.CN, 'localhost');
  assert.strictEqual(client instanceof Mine, true);
  client.resume();
  await closed(client);
  assert.strictEqual('getPeerCertificate' in new net.Socket(), false);
  assert.strictEqual(client.constructor, Mine);
});

// ---- addcert()

test('lastError says why addcert() returned false, and is null after it returned true', async (t) => {
  const server = await serve(t, {});
  assert.strictEqual(server.lastError, null);
  for (const [opt, code] of [
    [{ name: 'x.example', cert: pairOf('a').cert }, 'ERR_MISSING_ARGS'],
    [{ name: 'x.example', ...pairOf('a'), key: key('b.key') }, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'],
    [{ name: 'x.example', cert: 'x', key: 'y' }, 'ERR_OSSL_PEM_NO_START_LINE'],
    [{ name: 'a*b', ...pairOf('a') }, 'ERR_INVALID_ARG_VALUE'],
    [{ name: 'x.example', ...pairOf('a'), pasword: 'x' }, 'ERR_UNKNOWN_OPTION'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
  ]) {
    assert.strictEqual(server.addcert(opt), false);
    assert.strictEqual(server.lastError.code, code);
  }
  assert.strictEqual(server.addcert({ name: 'a.example', ...pairOf('a') }), true);
  assert.strictEqual(server.lastError, null);
  const plain = net.createServer('plain', 0);
  plain.addcert({ name: 'a.example', ...pairOf('a') });
  assert.strictEqual(plain.lastError.code, 'ERR_SERVER_NOT_ENCRYPTED');
});

test('an error of what is no PEM tells which it is, and that a path is none', () => {
  for (const [more, text] of [
    [{ cert: 'nonsense!' }, /\(cert is no PEM\)$/],
    [
      { key: '/etc/ssl/key.pem' },
      /\(key is no PEM: it looks like a path; give what is in the file\)$/,
    ],
    [{ ca: Buffer.from('x y') }, /\(ca is no PEM\)$/],
  ])
    assert.throws(() => net.createServer({ tlsOpt: { ...pairOf('server'), ...more } }), {
      message: text,
    });
});
