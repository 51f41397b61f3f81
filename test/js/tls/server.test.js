'use strict';
// tls.Server: choice of certificates, client certificates, tickets, failures.
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, closed, until } = require('../../helpers/net');
const { ca, key, pairOf, serveTls } = require('../../helpers/tls');

const anyName = { checkServerIdentity: () => undefined };

/** The certificate's name that a client sees who asks for servername. */
async function shown(connect, servername) {
  const client = connect({ ...anyName, servername });
  await once(client, 'secureConnect');
  const { CN } = client.getPeerCertificate().subject;
  client.end();
  client.resume();
  await closed(client);
  return CN;
}

test('addContext serves names and patterns, the last added first', async (t) => {
  const { server, connect } = await serveTls(t, {}, (socket) => socket.end());
  server.addContext('a.example', pairOf('b'));
  server.addContext('a.example', tls.createSecureContext(pairOf('a')));
  server.addContext('*.wild.example', pairOf('wild'));
  assert.strictEqual(await shown(connect, 'a.example'), 'a.example');
  assert.strictEqual(await shown(connect, 'x.wild.example'), '*.wild.example');
  assert.strictEqual(await shown(connect, 'x.y.wild.example'), 'localhost');
  assert.throws(() => server.addContext('', pairOf('a')), { code: 'ERR_TLS_REQUIRED_SERVER_NAME' });
});

test('SNICallback answers at once or later, and may leave the choice', async (t) => {
  const SNICallback = (name, answer) => {
    if (name === 'a.example') answer(null, tls.createSecureContext(pairOf('a')));
    else if (name === 'b.example') setImmediate(answer, null, tls.createSecureContext(pairOf('b')));
    else answer(null);
  };
  const { connect } = await serveTls(t, { SNICallback }, (socket) => socket.end());
  assert.strictEqual(await shown(connect, 'a.example'), 'a.example');
  assert.strictEqual(await shown(connect, 'b.example'), 'b.example');
  assert.strictEqual(await shown(connect, 'c.example'), 'localhost');
});

test('an error of SNICallback ends that handshake alone', async (t) => {
  const refused = new Error('not here');
  const SNICallback = (name, answer) => answer(name === 'localhost' ? null : refused);
  const { server, connect } = await serveTls(t, { SNICallback }, (socket) => socket.end());
  const client = connect({ servername: 'x.example' });
  const [[error], [told, socket]] = await Promise.all([
    once(client, 'error'),
    once(server, 'tlsClientError'),
  ]);
  assert.strictEqual(error.code, 'ECONNRESET');
  assert.strictEqual(told, refused);
  assert.strictEqual(socket.servername, 'x.example');
  assert.strictEqual(await shown(connect, 'localhost'), 'localhost');
});

test('a client that leaves while SNICallback thinks does no harm', async (t) => {
  const asked = Promise.withResolvers();
  const SNICallback = (name, answer) => asked.resolve(answer);
  const { server, connect } = await serveTls(t, { SNICallback });
  const client = connect();
  const answer = await asked.promise;
  const told = once(server, 'tlsClientError');
  client.destroy();
  await Promise.race([told, closed(client)]);
  answer(null, tls.createSecureContext(pairOf('a')));
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
});

test('setSecureContext is for handshakes to come', async (t) => {
  const { server, connect } = await serveTls(t, {}, (socket) =>
    socket.pipe(socket).on('error', () => {}),
  );
  const before = connect();
  await once(before, 'secureConnect');
  server.setSecureContext(pairOf('a'));
  assert.strictEqual(await shown(connect, 'localhost'), 'a.example');
  before.end('as before');
  assert.strictEqual(String(await collect(before)), 'as before');
});

test('requestCert accepts clients of the authority and tells who they are', async (t) => {
  const ends = Promise.withResolvers();
  const { connect } = await serveTls(t, { requestCert: true, ca: ca() }, ends.resolve);
  connect(pairOf('client'));
  const socket = await ends.promise;
  assert.strictEqual(socket.authorized, true);
  assert.strictEqual(socket.getPeerCertificate().subject.CN, 'client');
});

for (const [what, material, code] of [
  ['without certificate', {}, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE'],
  ['with one of a stranger', pairOf('stranger'), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
]) {
  test(`requestCert refuses clients ${what}, or says what is wrong if it shall not refuse`, async (t) => {
    const strict = await serveTls(t, { requestCert: true, ca: ca() }, () =>
      assert.fail('accepted'),
    );
    const client = strict.connect(material);
    client.on('error', () => {});
    const [error] = await once(strict.server, 'tlsClientError');
    assert.strictEqual(error.code, code);
    const ends = Promise.withResolvers();
    const options = { requestCert: true, ca: ca(), rejectUnauthorized: false };
    const lenient = await serveTls(t, options, ends.resolve);
    lenient.connect(material);
    const socket = await ends.promise;
    assert.strictEqual(socket.authorized, false);
    assert.match(socket.authorizationError, /^UNABLE_TO_/);
  });
}

test('a client refuses a server before the server has a connection', async (t) => {
  for (const options of [{ ca: undefined }, { servername: 'other.example' }]) {
    const { server, connect } = await serveTls(t, {}, () => assert.fail('there is a connection'));
    const told = once(server, 'tlsClientError');
    connect(options).on('error', () => {});
    await told;
  }
});

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`a session resumes, also after the keys of tickets changed (${version})`, async (t) => {
    const { server, connect } = await serveTls(t, {}, (socket) => socket.end('x'));
    const run = async (session) => {
      const client = connect({ maxVersion: version, session });
      let later;
      client.on('session', (bytes) => (later = bytes));
      await Promise.all([collect(client), once(client, 'secureConnect')]);
      return [client._reused, later];
    };
    const resumes = async (session) => {
      const client = connect({ maxVersion: version, session });
      await once(client, 'secureConnect');
      const reused = client.isSessionReused();
      assert.strictEqual(client.authorized, true);
      client.resume();
      await closed(client);
      return reused;
    };
    const [, session] = await run();
    assert.strictEqual(await resumes(session), true);
    const keys = server.getTicketKeys();
    assert.strictEqual(keys.length, 48);
    server.setTicketKeys(Buffer.alloc(48, 7));
    assert.ok(!server.getTicketKeys().equals(keys));
    assert.strictEqual(await resumes(session), true);
  });
}

test('two servers with the same ticketKeys resume each other’s sessions', async (t) => {
  const ticketKeys = Buffer.alloc(48, 9);
  const first = await serveTls(t, { ticketKeys }, (socket) => socket.end('x'));
  const second = await serveTls(t, { ticketKeys }, (socket) => socket.end('x'));
  const client = first.connect();
  const [[session]] = await Promise.all([once(client, 'session'), collect(client)]);
  const again = second.connect({ session });
  await once(again, 'secureConnect');
  assert.strictEqual(again.isSessionReused(), true);
});

test('keylog lines of both ends are the same', async (t) => {
  const lines = { server: [], client: [] };
  const { server, connect } = await serveTls(t, {}, (socket) => socket.end());
  server.on('keylog', (line, socket) => {
    assert.ok(socket instanceof tls.TLSSocket);
    lines.server.push(String(line));
  });
  const client = connect();
  client.on('keylog', (line) => lines.client.push(String(line)));
  await collect(client);
  assert.ok(lines.client.length >= 4);
  assert.match(lines.client[0], /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n$/);
  assert.deepStrictEqual(lines.client.sort(), lines.server.sort());
});

test('OCSPRequest staples what the program answers, to clients that ask', async (t) => {
  const { server, connect } = await serveTls(t, {}, (socket) => socket.end());
  server.on('OCSPRequest', (certificate, issuer, answer) => {
    assert.ok(Buffer.isBuffer(certificate));
    answer(null, Buffer.from('hello ocsp'));
  });
  const asking = connect({ requestOCSP: true });
  const [[response]] = await Promise.all([once(asking, 'OCSPResponse'), collect(asking)]);
  assert.strictEqual(String(response), 'hello ocsp');
  const other = connect();
  other.on('OCSPResponse', () => assert.fail('nobody asked'));
  await collect(other);
});

test('renegotiation is refused with its code', async (t) => {
  const { connect } = await serveTls(t, {});
  const client = connect({ maxVersion: 'TLSv1.2' });
  await once(client, 'secureConnect');
  const error = await new Promise((resolve) => client.renegotiate({}, resolve));
  assert.strictEqual(error.code, 'ERR_TLS_RENEGOTIATION_DISABLED');
});

test('setMaxSendFragment takes 512 to 16384', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => socket.pipe(socket).on('error', () => {}));
  const client = connect();
  await once(client, 'secureConnect');
  assert.strictEqual(client.setMaxSendFragment(511), false);
  assert.strictEqual(client.setMaxSendFragment(512), true);
  client.end(Buffer.alloc(5000, 1));
  assert.strictEqual((await collect(client)).length, 5000);
});

test('failures before secure are told by tlsClientError, and the server goes on', async (t) => {
  const { server, port, connect } = await serveTls(t, {}, (socket) => socket.end('fine'));
  const codes = [];
  server.on('tlsClientError', (error) => codes.push(error.code));
  for (const bytes of [
    'GET / HTTP/1.1\r\n\r\n',
    Buffer.alloc(100, 0xee),
    Buffer.from('16030100c801', 'hex'),
  ]) {
    const client = net.connect(port, '127.0.0.1');
    client.on('error', () => {});
    client.resume().end(bytes);
    await closed(client);
  }
  await until(() => codes.length === 3);
  assert.deepStrictEqual(codes, [
    'ERR_SSL_HTTP_REQUEST',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ECONNRESET',
  ]);
  assert.strictEqual(String(await collect(connect())), 'fine');
});

test('a listener of connection has the plain socket of who comes later', async (t) => {
  const { server, connect } = await serveTls(t, {}, (socket) => socket.end('fine'));
  assert.strictEqual(String(await collect(connect())), 'fine');
  const plain = once(server, 'connection');
  const client = connect();
  await once(client, 'secureConnect');
  const { localPort } = client;
  assert.strictEqual(String(await collect(client)), 'fine');
  const [socket] = await plain;
  assert.ok(socket instanceof net.Socket && !(socket instanceof tls.TLSSocket));
  assert.strictEqual(socket.remotePort, localPort);
});

test('tlsClientError names the peer, whose connection is counted until then', async (t) => {
  const { server, port } = await serveTls(t, {});
  let told;
  server.on('tlsClientError', (error, socket) => {
    told = { port: socket.remotePort, count: server._connections };
  });
  const client = net.connect(port, '127.0.0.1', () => client.write('no hello'));
  client.on('error', () => {}).resume();
  await once(client, 'connect');
  const { localPort } = client;
  await closed(client);
  assert.deepStrictEqual(told, { port: localPort, count: 1 });
  await until(() => server._connections === 0);
});

test('a handshake that stalls ends with ERR_TLS_HANDSHAKE_TIMEOUT', async (t) => {
  const { server, port } = await serveTls(t, { handshakeTimeout: 2000 });
  const silent = net.connect(port, '127.0.0.1').resume();
  const [[error]] = await Promise.all([once(server, 'tlsClientError'), closed(silent)]);
  assert.strictEqual(error.code, 'ERR_TLS_HANDSHAKE_TIMEOUT');
});

test('options of wrong types are errors that name them', () => {
  const type = { code: 'ERR_INVALID_ARG_TYPE' };
  assert.throws(() => tls.createServer({ SNICallback: 1 }), type);
  assert.throws(() => tls.createServer({ key: 1 }), { ...type, message: /"options\.key"/ });
  assert.throws(() => tls.createServer({ ca: {} }), { ...type, message: /"options\.ca"/ });
  assert.throws(() => tls.connect({ port: 1, checkServerIdentity: 1 }), type);
  assert.throws(() => tls.createServer({ cert: key('a.pem'), key: key('b.key') }), {
    code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  });
});

test('a session of one name does not serve for another', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => socket.end('x'));
  const client = connect();
  const [[session]] = await Promise.all([once(client, 'session'), collect(client)]);
  const other = connect({ session, servername: 'other.example' });
  const [error] = await once(other, 'error');
  assert.strictEqual(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
});

test('a rejected listener of secureConnection fails its connection, not the server', async (t) => {
  const { server, connect } = await serveTls(t, { captureRejections: true });
  const failed = new Promise((resolve) =>
    server.on('secureConnection', async (socket) => {
      socket.on('error', resolve);
      throw new Error('rejected');
    }),
  );
  const client = connect(anyName);
  client.on('error', () => {});
  client.resume();
  assert.strictEqual((await failed).message, 'rejected');
  await closed(client);
});
