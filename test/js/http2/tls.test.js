'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const http2 = require('http2');
const https = require('https');
const tls = require('tls');
const { once } = require('events');
const timers = require('timers/promises');
const { ca } = require('../../helpers/tls');
const { answer, serveSecurely } = require('./http2');

const trust = { host: '127.0.0.1', servername: 'localhost', ca: ca() };

test('TLS carries streams, and the protocol is agreed on', async (t) => {
  const { server, connect } = await serveSecurely(t);
  server.on('stream', (stream) => {
    stream.respond();
    stream.end(`${stream.session.alpnProtocol} ${stream.session.encrypted}`);
  });
  const session = connect();
  assert.strictEqual((await answer(session.request())).text, 'h2 true');
  assert.deepStrictEqual([session.alpnProtocol, session.encrypted], ['h2', true]);
  assert.strictEqual(session.socket.getProtocol(), 'TLSv1.3');
});

test('1 MiB goes both ways over TLS', async (t) => {
  const { server, connect } = await serveSecurely(t);
  server.on('stream', (stream) => {
    stream.respond();
    stream.pipe(stream);
  });
  const stream = connect().request({ ':method': 'POST' });
  const sent = Buffer.alloc(1 << 20, 'over TLS');
  stream.end(sent);
  assert.ok(Buffer.concat(await stream.toArray()).equals(sent));
});

test('a certificate that is not trusted is an error of the session', async (t) => {
  const { connect } = await serveSecurely(t);
  const session = connect({ ca: undefined });
  const [error] = await once(session, 'error');
  assert.match(error.code, /CERT|VERIFY|ISSUER|SIGNED/);
});

test('a client of HTTP/1.1 is served where the server allows it', async (t) => {
  const listener = (req, res) => res.end(`${req.httpVersion} ${req.url}`);
  const { port, connect } = await serveSecurely(t, { allowHTTP1: true }, listener);
  const req = https.get({ ...trust, port, path: '/old', agent: false });
  const [res] = await once(req, 'response');
  assert.strictEqual((await res.setEncoding('utf8').toArray()).join(''), '1.1 /old');
  assert.strictEqual((await answer(connect().request({ ':path': '/new' }))).text, '2.0 /new');
});

test('a client of HTTP/1.1 is refused where it is not allowed, or is the program’s', async (t) => {
  const { server, port } = await serveSecurely(t);
  const refused = tls.connect({ ...trust, port });
  const text = (await refused.setEncoding('latin1').toArray()).join('');
  assert.match(text, /^HTTP\/1.0 403 /);
  const unknown = once(server, 'unknownProtocol');
  const other = tls.connect({ ...trust, port });
  t.after(() => other.destroy());
  const [socket] = await unknown;
  assert.strictEqual(socket.alpnProtocol, false);
  socket.destroy();
});

test('a client that is refused and stays is closed after unknownProtocolTimeout', async (t) => {
  const { server, port } = await serveSecurely(t, { unknownProtocolTimeout: 1 });
  const accepted = once(server, 'secureConnection');
  const client = tls.connect({ ...trust, port, allowHalfOpen: true }).resume();
  client.on('error', () => {});
  t.after(() => client.destroy());
  const [socket] = await accepted;
  await once(socket, 'close');
});

test('unknownProtocolTimeout is not for a connection that is the program’s', async (t) => {
  const { server, port } = await serveSecurely(t, { unknownProtocolTimeout: 1 });
  const unknown = once(server, 'unknownProtocol');
  const client = tls.connect({ ...trust, port });
  t.after(() => client.destroy());
  const [socket] = await unknown;
  t.after(() => socket.destroy());
  await timers.setTimeout(2); // after one of the server's
  client.write('mine');
  assert.strictEqual(String((await once(socket, 'data'))[0]), 'mine');
});

test('origins are told to a client over TLS', async (t) => {
  const { server, connect } = await serveSecurely(t);
  server.on('session', (other) => other.origin('https://a.test', new URL('https://b.test/x')));
  const session = connect();
  assert.deepStrictEqual((await once(session, 'origin'))[0], ['https://a.test', 'https://b.test']);
  assert.deepStrictEqual(session.originSet.slice(1), ['https://a.test', 'https://b.test']);
});

test('a server wants its options', () => {
  assert.throws(() => http2.createSecureServer(), { code: 'ERR_INVALID_ARG_TYPE' });
});
