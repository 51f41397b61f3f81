'use strict';
// A session in which a client showed its certificate is good for the name, and for who is trusted
// there, and for nothing else.
const assert = require('assert');
const net = require('net');
const socketModule = require('socket');
const tls = require('tls');
const { test } = require('../../helpers/test');
const { key, pairOf, ca, serveTls } = require('../../helpers/tls');

/** A client's connection; resolves with what the server made of it, and a session of it. */
async function visit(connect, options) {
  const socket = connect({ rejectUnauthorized: false, ...pairOf('client'), ...options });
  let session;
  socket.on('session', (made) => (session = made));
  const text = await new Promise((resolve, reject) => {
    let all = '';
    socket.on('data', (bytes) => (all += bytes));
    socket.on('end', () => resolve(all));
    socket.on('error', reject);
  });
  return { text, session };
}

const tell = (socket) => socket.end(`${socket.authorized} ${socket.isSessionReused()}`);

for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
  test(`a session of one name is not authorized at another that trusts others, ${maxVersion}`, async (t) => {
    const options = { requestCert: true, rejectUnauthorized: false, maxVersion };
    const { server, connect } = await serveTls(t, options, tell);
    server.addContext('a.example', { ...pairOf('a'), ca: ca() });
    server.addContext('b.example', { ...pairOf('b'), ca: key('other-ca.pem') });
    const first = await visit(connect, { servername: 'a.example' });
    assert.strictEqual(first.text, 'true false');
    const other = await visit(connect, { servername: 'b.example', session: first.session });
    assert.strictEqual(other.text, 'false false');
  });

  test(`a session is resumed at its name, ${maxVersion}`, async (t) => {
    const options = { requestCert: true, rejectUnauthorized: false, ca: ca(), maxVersion };
    const { connect } = await serveTls(t, options, tell);
    const first = await visit(connect, { servername: 'localhost' });
    assert.strictEqual(first.text, 'true false');
    const again = await visit(connect, { servername: 'localhost', session: first.session });
    assert.strictEqual(again.text, 'true true');
    const other = await visit(connect, { servername: 'other', session: first.session });
    assert.strictEqual(other.text, 'true false');
  });

  test(`a session is not resumed once the server trusts others, ${maxVersion}`, async (t) => {
    const options = { requestCert: true, rejectUnauthorized: false, ca: ca(), maxVersion };
    const { server, connect } = await serveTls(t, options, tell);
    const first = await visit(connect, { servername: 'localhost' });
    server.setSecureContext({ ...pairOf('server'), ca: key('other-ca.pem'), maxVersion });
    const again = await visit(connect, { servername: 'localhost', session: first.session });
    assert.strictEqual(again.text, 'false false');
  });

  test(`a server of the page's form resumes no session at a name that trusts others, ${maxVersion}`, async (t) => {
    const address = socketModule.sockaddr('127.0.0.1', 0);
    const server = net.createServer('names', 0, address, pairOf('server'));
    t.after(() => server.close());
    server.on('connection', (socket) => socket.end('welcome'));
    server.listen();
    assert.ok(server.addcert({ name: 'A.Example.', ...pairOf('a'), ca: ca() }));
    assert.ok(server.addcert({ name: 'b.example', ...pairOf('b'), ca: key('other-ca.pem') }));
    const connect = (options) =>
      tls.connect({ port: server.port(), host: '127.0.0.1', maxVersion, ...options });
    const first = await visit(connect, { servername: 'a.example' });
    assert.strictEqual(first.text, 'welcome');
    await assert.rejects(visit(connect, { servername: 'b.example', session: first.session }));
  });
}

test('names of certificates may be written as addresses are: in brackets, long, with a zone', async (t) => {
  const address = socketModule.sockaddr('127.0.0.1', 0);
  const server = net.createServer('addresses', 0, address, pairOf('server'));
  t.after(() => server.close());
  server.listen();
  for (const name of ['[::1]', '0:0:0:0:0:0:0:1', '::1%lo', '::FFFF:127.0.0.1'])
    assert.ok(server.addcert({ name, ...pairOf('a') }), name);
  assert.deepStrictEqual(
    server.listcert().map(({ name }) => name),
    ['', '127.0.0.1', '::1'],
  );
});
