'use strict';
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, pattern } = require('../../helpers/net');
const { ca, key, pairOf, serveTls } = require('../../helpers/tls');

test('a client and a server exchange bytes in both directions', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => socket.end('hello'));
  const client = connect();
  client.end();
  const [text] = await Promise.all([collect(client), once(client, 'secureConnect')]);
  assert.strictEqual(String(text), 'hello');
});

test('connect is told before the handshake and secureConnect after it', async (t) => {
  const { connect } = await serveTls(t, {});
  const client = connect();
  const told = [];
  client.on('connect', () =>
    told.push(`connect ${client.connecting} ${client.authorized} ${client.secureConnecting}`),
  );
  client.on('secureConnect', () =>
    told.push(`secure ${client.authorized} ${client.secureConnecting}`),
  );
  await once(client, 'secureConnect');
  assert.deepStrictEqual(told, ['connect false false true', 'secure true false']);
  assert.strictEqual(client.encrypted, true);
  assert.ok(client instanceof net.Socket);
});

test('a server may choose a protocol of any length', async (t) => {
  const long = 'a-protocol-with-a-long-name'.repeat(9);
  const { connect } = await serveTls(t, { ALPNCallback: ({ protocols }) => protocols.at(-1) });
  const client = connect({ ALPNProtocols: ['h2', long] });
  await once(client, 'secureConnect');
  assert.strictEqual(client.alpnProtocol, long);
});

test('before the handshake there is nothing to tell of it', async (t) => {
  const { connect } = await serveTls(t, {});
  const client = connect();
  await once(client, 'connect');
  assert.deepStrictEqual(client.getEphemeralKeyInfo(), {});
  assert.strictEqual(client.getFinished(), undefined);
  assert.strictEqual(client.getSession(), undefined);
  assert.strictEqual(client.isSessionReused(), false);
  client.getCipher();
  client.getProtocol();
  client.getSharedSigalgs();
  client.getTLSTicket();
  client.getPeerCertificate(true);
  client.getCertificate();
  await once(client, 'secureConnect');
  assert.match(client.getEphemeralKeyInfo().type, /^(ECDH|TLSGroup)$/); // of a hybrid: the latter
});

test('what is written before the handshake arrives after it', async (t) => {
  const big = pattern(3 << 20);
  const got = Promise.withResolvers();
  const { connect } = await serveTls(t, {}, (socket) => {
    collect(socket).then(got.resolve, got.reject);
  });
  const client = connect();
  client.write('first ');
  client.end(big);
  client.resume();
  assert.ok((await got.promise).equals(Buffer.concat([Buffer.from('first '), big])));
});

for (const name of ['server', 'server-ec', 'server-ed25519']) {
  test(`a server with the key of ${name} is trusted by its authority`, async (t) => {
    const { connect } = await serveTls(t, pairOf(name));
    const client = connect();
    await once(client, 'secureConnect');
    assert.strictEqual(client.authorized, true);
    assert.strictEqual(client.getPeerCertificate().subject.CN, 'localhost');
  });
}

test('a chain is sent with the authorities between', async (t) => {
  const { connect } = await serveTls(t, { cert: key('chain.pem'), key: key('leaf.key') });
  const client = connect();
  await once(client, 'secureConnect');
  const leaf = client.getPeerCertificate(true);
  assert.deepStrictEqual(
    [leaf, leaf.issuerCertificate, leaf.issuerCertificate.issuerCertificate].map(
      (one) => one.subject.CN,
    ),
    ['localhost', 'middle', 'ca'],
  );
});

test('an encrypted key opens with its passphrase, and an archive with its own', async (t) => {
  for (const material of [
    { cert: key('server.pem'), key: key('server-locked.key'), passphrase: 'secret' },
    {
      cert: undefined,
      key: undefined,
      pfx: require('fs').readFileSync(`${require('../../helpers/tls').folder}/server.pfx`),
      passphrase: 'secret',
    },
  ]) {
    const { connect } = await serveTls(t, material);
    await once(connect(), 'secureConnect');
  }
});

/** The error of a client of such a server. */
async function failure(t, serverOptions, clientOptions) {
  const { connect } = await serveTls(t, serverOptions);
  const client = connect(clientOptions);
  client.on('secureConnect', () => assert.fail('the server was accepted'));
  const [error] = await once(client, 'error');
  return error;
}

const refusals = [
  ['self-signed', pairOf('self'), { ca: undefined }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['of an unknown authority', {}, { ca: undefined }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['of another authority', {}, { ca: key('other-ca.pem') }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['expired', pairOf('expired'), {}, 'CERT_HAS_EXPIRED'],
  ['of another name', {}, { servername: 'other.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
];
for (const [what, serverOptions, clientOptions, code] of refusals) {
  test(`a certificate that is ${what} fails with ${code}`, async (t) => {
    assert.strictEqual((await failure(t, serverOptions, clientOptions)).code, code);
  });
}

test('with rejectUnauthorized false the reason is told and the connection stays', async (t) => {
  const { connect } = await serveTls(t, pairOf('self'), (socket) => socket.end('still'));
  const client = connect({ ca: undefined, rejectUnauthorized: false });
  const [text] = await Promise.all([collect(client), once(client, 'secureConnect')]);
  assert.strictEqual(String(text), 'still');
  assert.strictEqual(client.authorized, false);
  assert.strictEqual(client.authorizationError, 'DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('checkServerIdentity of the program decides on the name', async (t) => {
  const refused = new Error('not this one');
  let seen;
  const checkServerIdentity = (name, cert) => {
    seen = [name, cert.subject.CN];
    return refused;
  };
  assert.strictEqual(await failure(t, {}, { checkServerIdentity }), refused);
  assert.deepStrictEqual(seen, ['localhost', 'localhost']);
});

const badMaterial = [
  ['a key of another certificate', 'b.pem', key('a.key'), 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'],
  ['half a key', 'server-ec.pem', key('server-ec.key').slice(0, 90), /^ERR_OSSL_/],
  ['a locked key without its passphrase', 'server.pem', key('server-locked.key'), /^ERR_OSSL_/],
];
for (const [what, cert, secret, code] of badMaterial) {
  test(`${what} is refused without a word of the key`, () => {
    assert.throws(
      () => tls.createSecureContext({ cert: key(cert), key: secret }),
      (error) => {
        if (typeof code === 'string') assert.strictEqual(error.code, code);
        else assert.match(error.code, code);
        assert.ok(!`${error.stack}${error.message}`.includes(secret.slice(40, 60)));
        return true;
      },
    );
  });
}

test('both ends know protocol, cipher, ALPN protocol and name', async (t) => {
  const ends = Promise.withResolvers();
  const { connect } = await serveTls(t, { ALPNProtocols: ['two', 'one'] }, ends.resolve);
  const client = connect({ ALPNProtocols: ['one', 'two'] });
  const [accepted] = await Promise.all([ends.promise, once(client, 'secureConnect')]);
  assert.strictEqual(client.getProtocol(), 'TLSv1.3');
  assert.strictEqual(client.getCipher().name, accepted.getCipher().name);
  assert.strictEqual(client.alpnProtocol, 'two');
  assert.strictEqual(accepted.alpnProtocol, 'two');
  assert.strictEqual(accepted.servername, 'localhost');
  assert.deepStrictEqual(client.getFinished(), accepted.getPeerFinished());
  assert.deepStrictEqual(
    client.exportKeyingMaterial(32, 'test', Buffer.from('x')),
    accepted.exportKeyingMaterial(32, 'test', Buffer.from('x')),
  );
});

test('without a protocol in common the handshake fails', async (t) => {
  const { server, connect } = await serveTls(t, { ALPNProtocols: ['one'] });
  const client = connect({ ALPNProtocols: ['other'] });
  const [[error], [serverError]] = await Promise.all([
    once(client, 'error'),
    once(server, 'tlsClientError'),
  ]);
  assert.strictEqual(error.code, 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
  assert.strictEqual(serverError.code, 'ERR_SSL_NO_APPLICATION_PROTOCOL');
});

test('versions that do not meet fail on both ends', async (t) => {
  const { server, connect } = await serveTls(t, { minVersion: 'TLSv1.3' });
  const client = connect({ maxVersion: 'TLSv1.2' });
  const [[error], [serverError]] = await Promise.all([
    once(client, 'error'),
    once(server, 'tlsClientError'),
  ]);
  assert.strictEqual(error.code, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  assert.strictEqual(serverError.code, 'ERR_SSL_UNSUPPORTED_PROTOCOL');
});

test('a plain server is no TLS server', async (t) => {
  const server = net
    .createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    .listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  const client = tls.connect(server.address().port);
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'ERR_SSL_WRONG_VERSION_NUMBER');
});

test('a server that hangs up during the handshake is an ECONNRESET that names it', async (t) => {
  const server = net.createServer((socket) => socket.destroy()).listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address();
  const [error] = await once(tls.connect(port, '127.0.0.1'), 'error');
  assert.strictEqual(error.code, 'ECONNRESET');
  if (error.port !== undefined) assert.strictEqual(error.port, port);
});

test('connecting over a Unix socket is encrypted too', async (t) => {
  const path = require('path').join(require('os').tmpdir(), `tls-${process.pid}.sock`);
  const server = tls.createServer(pairOf('server'), (socket) => socket.end('here')).listen(path);
  t.after(() => server.close());
  await once(server, 'listening');
  const client = tls.connect(path, { ca: ca(), servername: 'localhost' });
  assert.strictEqual(String(await collect(client)), 'here');
});
