'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const https = require('https');
const { once } = require('events');
const { ca, pairOf } = require('../../helpers/tls');
const { fetch } = require('./http');

async function serve(t, listener) {
  const server = https.createServer(pairOf('server'), listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

/** Sends a request over TLS; returns the response and its text. */
async function get(options) {
  const req = https.get({ host: '127.0.0.1', servername: 'localhost', ca: ca(), ...options });
  const [res] = await once(req, 'response');
  return { req, res, text: (await res.setEncoding('utf8').toArray()).join('') };
}

test('requests and responses go over TLS, and connections are kept', async (t) => {
  const port = await serve(t, (req, res) =>
    res.end(`${req.url} ${req.socket.encrypted} ${req.socket.alpnProtocol}`),
  );
  const agent = new https.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  for (const path of ['/1', '/2', '/3']) {
    const { req, text } = await get({ port, path, agent });
    assert.match(text, new RegExp(`^${path} true `));
    assert.strictEqual(req.reusedSocket, path !== '/1');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
});

test('a certificate that is not trusted is an error of the request', async (t) => {
  const port = await serve(t, (req, res) => res.end());
  await assert.rejects(get({ port, ca: undefined }), { code: /CERT|VERIFY|ISSUER|SIGNED/ });
  await assert.rejects(get({ port, servername: 'example.org' }), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  assert.strictEqual(
    (await get({ port, ca: undefined, rejectUnauthorized: false })).res.statusCode,
    200,
  );
});

test('agents do not share connections with other options of TLS', () => {
  const agent = new https.Agent();
  const name = (options) => agent.getName({ host: 'a', port: 1, ...options });
  assert.notStrictEqual(name({ rejectUnauthorized: false }), name({ rejectUnauthorized: true }));
  assert.notStrictEqual(name({ ca: 'x' }), name({}));
  assert.strictEqual(name({ servername: 'a' }), name({}));
});

test('a request without TLS is refused', async (t) => {
  const port = await serve(t, (req, res) => res.end());
  await assert.rejects(fetch({ port, agent: false }), { code: 'ECONNRESET' });
});
