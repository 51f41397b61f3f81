'use strict';
const assert = require('assert');
const https = require('https');
const { once } = require('events');
const { suite } = require('./harness');

const { load, test } = suite('node-forge');
const forge = load('node-forge');

function selfSigned() {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  Object.assign(certificate, { publicKey: keys.publicKey, serialNumber: '01' });
  certificate.validity.notBefore = new Date(Date.now() - 86400000);
  certificate.validity.notAfter = new Date(Date.now() + 86400000);
  const name = [{ name: 'commonName', value: 'localhost' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return {
    key: forge.pki.privateKeyToPem(keys.privateKey),
    cert: forge.pki.certificateToPem(certificate),
  };
}

test('a certificate that it makes serves HTTPS, and is verified', async (t) => {
  const pair = selfSigned();
  const server = https.createServer(pair, (req, res) => res.end('hello')).listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address();
  const [response] = await once(
    https.get({ port, ca: pair.cert, servername: 'localhost', agent: false }),
    'response',
  );
  assert.strictEqual(response.socket.authorized, true);
  response.resume();
  await once(response, 'end');
});

test('its hashes and ciphers give what OpenSSL does', () => {
  const { createHash, createCipheriv } = require('crypto');
  const hash = forge.md.sha512.create().update('text').digest().toHex();
  assert.strictEqual(hash, createHash('sha512').update('text').digest('hex'));
  const [key, iv] = ['0123456789abcdef', 'fedcba9876543210'];
  const cipher = forge.cipher.createCipher('AES-CBC', key);
  cipher.start({ iv });
  cipher.update(forge.util.createBuffer('hello'));
  cipher.finish();
  const other = createCipheriv('aes-128-cbc', key, iv);
  assert.strictEqual(
    cipher.output.toHex(),
    other.update('hello', 'utf8', 'hex') + other.final('hex'),
  );
});
