'use strict';
// Names that are not what C would take them for.
const { test } = require('../../helpers/test');
const { serveTls, pairOf } = require('../../helpers/tls');
const assert = require('assert');
const { execFileSync } = require('child_process');
const { X509Certificate } = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const tls = require('tls');
const { once } = require('events');

/** A certificate that signs itself, with a NUL where its names have a star; and its key. */
function withNul(t, subject, names) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-names-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const [key, cert] = ['key', 'cert'].map((name) => path.join(folder, name));
  const more = names === undefined ? [] : ['-addext', `subjectAltName=${names}`];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      .concat(['-keyout', key, '-out', cert, '-outform', 'DER', '-subj', `/CN=${subject}`])
      .concat(more),
    { stdio: 'ignore' },
  );
  // The signature of what is trusted itself is not looked at.
  const der = fs.readFileSync(cert);
  for (let at = 0; (at = der.indexOf('*.evil', at)) >= 0;) der[at] = 0;
  const text = der
    .toString('base64')
    .match(/.{1,64}/g)
    .join('\n');
  return {
    key: fs.readFileSync(key),
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}

test('a certificate whose common name goes on behind a NUL is not that of what is before it', async (t) => {
  const identity = withNul(t, 'bank.example*.evil.example');
  const { connect } = await serveTls(t, identity, (socket) => socket.on('error', () => {}));
  const [error] = await once(connect({ servername: 'bank.example', ca: identity.cert }), 'error');
  assert.strictEqual(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.strictEqual(error.cert.subject.CN, 'bank.example\0.evil.example');
});

test('an alternative name that goes on behind a NUL is shown and matches nothing', (t) => {
  const { cert } = withNul(t, 'other.example', 'DNS:bank.example*.evil.example');
  const certificate = new X509Certificate(cert);
  assert.strictEqual(certificate.checkHost('bank.example'), undefined);
  assert.strictEqual(certificate.subjectAltName, 'DNS:"bank.example\\u0000.evil.example"');
  const { subject, subjectaltname } = certificate.toLegacyObject();
  const error = tls.checkServerIdentity('bank.example', { subject, subjectaltname });
  assert.strictEqual(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
});

test('a name with a NUL is not asked for', async (t) => {
  const { connect } = await serveTls(t, {}, (socket) => socket.on('error', () => {}));
  const asked = [];
  const client = connect({
    servername: 'localhost\0.evil',
    checkServerIdentity: (name) => void asked.push(name),
  });
  const [event] = await Promise.race([
    once(client, 'error').then(() => ['error']),
    once(client, 'secureConnect').then(() => ['secure']),
  ]);
  assert.strictEqual(event, 'error');
  for (const options of [
    { ciphers: 'AES128-SHA\0' },
    { sigalgs: 'RSA+SHA256\0' },
    { ecdhCurve: 'P-256\0' },
  ])
    assert.throws(() => tls.createSecureContext(options), /null byte/);
});

test('a server name that is no UTF-8 is told by its bytes', async (t) => {
  const names = [];
  const SNICallback = (name, answer) => {
    names.push(name);
    answer(null, tls.createSecureContext(pairOf('a')));
  };
  const { port } = await serveTls(t, { SNICallback }, (socket) => socket.end());
  const child = require('child_process').spawn('python3', [
    '-c',
    `
import socket, ssl
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = context.wrap_bio(incoming, outgoing, server_hostname="xxxx.example")
connection = socket.create_connection(("127.0.0.1", ${port}))
hello = True
while True:
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    except ssl.SSLError:
        break
    data = outgoing.read()
    connection.sendall(data.replace(b"xxxx.example", b"x\\xff\\xc3x.example") if hello else data)
    hello = False
    answer = connection.recv(65536)
    if not answer:
        break
    incoming.write(answer)
`,
  ]);
  await once(child, 'exit');
  assert.deepStrictEqual(names, ['x\xff\xc3x.example']);
});

test('alternative names are told apart, quoted or not', () => {
  const cert = (subjectaltname) => ({ subject: { CN: 'x' }, subjectaltname });
  const many = Array.from({ length: 50 }, (_, i) => `DNS:n${i}`).join(', ');
  for (const names of [
    `${many}, DNS:a.test, DNS:"\\u0000"`,
    `DNS:"a, b", ${many}, DNS:a.test`,
    `DNS:"a.test"`,
    `DNS:"a"".test", DNS:b`,
    `DNS:"x", DNS:"a"".te""st"`,
  ])
    assert.strictEqual(tls.checkServerIdentity('a.test', cert(names)), undefined, names);
  for (const names of [`${many}, DNS:"DNS:a.test"`, 'DNS:"x, DNS:a.test"'])
    assert.strictEqual(
      tls.checkServerIdentity('a.test', cert(names)).code,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
});
