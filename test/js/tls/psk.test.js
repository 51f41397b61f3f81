'use strict';
// Pre-shared keys instead of certificates.
const assert = require('assert');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');

const ciphers = 'PSK+HIGH:TLS_AES_128_GCM_SHA256';
const keys = { one: Buffer.alloc(128, 1), other: Buffer.alloc(16, 2) };

async function serve(t, pskCallback, options = {}) {
  const server = tls.createServer({ ciphers, pskCallback, ...options }, (socket) =>
    socket.pipe(socket),
  );
  t.after(() => server.close());
  server.on('tlsClientError', () => {});
  server.listen(0);
  await once(server, 'listening');
  return (psk, identity, more) =>
    tls.connect({
      port: server.address().port,
      ciphers,
      checkServerIdentity: () => undefined,
      pskCallback: () => ({ psk, identity }),
      ...more,
    });
}

for (const version of ['TLSv1.2', 'TLSv1.3'])
  test(`both sides know a key, in ${version}`, async (t) => {
    const asked = [];
    const connect = await serve(t, (socket, identity) => {
      asked.push(identity, socket instanceof tls.TLSSocket);
      return keys[identity];
    });
    const client = connect(keys.one, 'one', { minVersion: version, maxVersion: version });
    await once(client, 'secureConnect');
    assert.strictEqual(client.authorized, true);
    assert.strictEqual(client.getProtocol(), version);
    client.end('text');
    client.setEncoding('utf8');
    assert.deepStrictEqual(await once(client, 'data'), ['text']);
    await once(client, 'close');
    assert.deepStrictEqual(asked, ['one', true]);
  });

test('a client is told what the server hints at, in TLS 1.2', async (t) => {
  const connect = await serve(t, () => keys.one, { pskIdentityHint: 'a hint' });
  const hints = [];
  const client = connect(keys.one, 'one', {
    maxVersion: 'TLSv1.2',
    pskCallback(hint) {
      hints.push(hint);
      return { psk: keys.one, identity: 'one' };
    },
  });
  await once(client, 'secureConnect');
  client.destroy();
  assert.deepStrictEqual(hints, ['a hint']);
});

test('an unknown identity and a wrong key end the handshake', async (t) => {
  const connect = await serve(t, (socket, identity) => keys[identity]);
  for (const [key, identity] of [
    [keys.one, 'nobody'],
    [keys.one, 'other'],
  ]) {
    const [error] = await once(connect(key, identity), 'error');
    assert.match(error.code, /^ERR_SSL_/);
  }
});

test('what a callback returns is checked, and what it throws fails the connection', async (t) => {
  const connect = await serve(t, () => keys.one);
  for (const [answer, code] of [
    [{ psk: 'text', identity: 'one' }, 'ERR_INVALID_ARG_TYPE'],
    [{ psk: keys.one, identity: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ psk: keys.one, identity: 'x'.repeat(200) }, 'ERR_INVALID_ARG_VALUE'],
    [{ psk: Buffer.alloc(300), identity: 'one' }, 'ERR_INVALID_ARG_VALUE'],
    [5, 'ERR_INVALID_ARG_TYPE'],
  ]) {
    const [error] = await once(connect(keys.one, 'one', { pskCallback: () => answer }), 'error');
    assert.strictEqual(error.code, code);
  }
  const thrown = new Error('thrown');
  const client = connect(keys.one, 'one', {
    pskCallback() {
      throw thrown;
    },
  });
  assert.strictEqual((await once(client, 'error'))[0], thrown);
});

test('a socket may be destroyed by the callback that it asks', async (t) => {
  const connect = await serve(t, (socket) => {
    socket.destroy();
    return keys.one;
  });
  const client = connect(keys.one, 'one');
  client.on('error', () => {});
  await once(client, 'close');
  const own = connect(keys.one, 'one', {
    pskCallback() {
      own.destroy();
      return null;
    },
  });
  own.on('error', () => {});
  await once(own, 'close');
});

test('options of pre-shared keys are checked', () => {
  assert.throws(() => tls.createServer({ pskCallback: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => tls.createServer({ pskIdentityHint: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => tls.createServer({ pskIdentityHint: 'x'.repeat(300) }), {
    code: 'ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED',
  });
  assert.throws(() => tls.createSecureContext(5), { code: 'ERR_INVALID_ARG_TYPE' });
});
