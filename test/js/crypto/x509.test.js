'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { X509Certificate, createPublicKey, generateKeyPairSync } = require('crypto');

// What a certificate says is compared with Node's words in test/cli/crypto_test.py.
const PEM = `-----BEGIN CERTIFICATE-----
MIIBajCCARygAwIBAgIUL09z6K3lr80EPTVJOftMlh7s0OowBQYDK2VwMBYxFDAS
BgNVBAMMC2V4YW1wbGUub3JnMCAXDTI2MTEyMzAwMDIzNloYDzIxMjYxMDMwMDAw
MjM2WjAWMRQwEgYDVQQDDAtleGFtcGxlLm9yZzAqMAUGAytlcAMhAACAGMro49qC
5QHxDgRREu9f3cfBQ3/k9zKvpLoUEaE2o3oweDAdBgNVHQ4EFgQUS9OuiNWHYPtv
hNdpCX4v+xkk2RgwHwYDVR0jBBgwFoAUS9OuiNWHYPtvhNdpCX4v+xkk2RgwDwYD
VR0TAQH/BAUwAwEB/zAlBgNVHREEHjAcggtleGFtcGxlLm9yZ4INKi5leGFtcGxl
Lm5ldDAFBgMrZXADQQCh0L+EXqvm0l1IGy980MIV47sH1OONRifwqCvujkg4zbSY
gEz+uDfR3R2BGg/zZ5t0Kb0OPqsvgfogv33nPiQC
-----END CERTIFICATE-----
`;

test('a certificate is read from PEM and from DER', () => {
  const certificate = new X509Certificate(PEM);
  const again = new X509Certificate(certificate.raw);
  assert.strictEqual(again.fingerprint256, certificate.fingerprint256);
  assert.strictEqual(certificate.toString(), PEM);
  assert.strictEqual(JSON.stringify({ certificate }), JSON.stringify({ certificate: PEM }));
  assert.strictEqual(certificate.subject, 'CN=example.org');
  assert.strictEqual(certificate.subjectAltName, 'DNS:example.org, DNS:*.example.net');
  assert.ok(certificate.validToDate > certificate.validFromDate);
});

test('names are checked as TLS checks them', () => {
  const certificate = new X509Certificate(PEM);
  assert.strictEqual(certificate.checkHost('example.org'), 'example.org');
  assert.strictEqual(certificate.checkHost('www.example.net'), '*.example.net');
  assert.strictEqual(certificate.checkHost('a.www.example.net'), undefined);
  assert.strictEqual(certificate.checkHost('example.org\0.evil'), undefined);
  assert.strictEqual(certificate.checkHost('www.example.net', { wildcards: false }), undefined);
  assert.throws(() => certificate.checkHost('x', { subject: 'nope' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => certificate.checkHost(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('only the key of the certificate made its signature', () => {
  const certificate = new X509Certificate(PEM);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  assert.strictEqual(certificate.verify(certificate.publicKey), true);
  assert.strictEqual(certificate.verify(publicKey), false);
  assert.strictEqual(certificate.checkPrivateKey(privateKey), false);
  assert.strictEqual(certificate.checkIssued(certificate), true);
  assert.ok(createPublicKey(PEM).equals(certificate.publicKey));
  assert.throws(() => certificate.verify(privateKey), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('what is no certificate is refused', () => {
  assert.throws(() => new X509Certificate('nothing'), { code: /^ERR_OSSL_/ });
  assert.throws(() => new X509Certificate(Buffer.alloc(100)), { code: /^ERR_OSSL_/ });
  assert.throws(() => new X509Certificate(5), { code: 'ERR_INVALID_ARG_TYPE' });
  const { raw } = new X509Certificate(PEM);
  for (let i = 0; i < raw.length; i++) assert.throws(() => new X509Certificate(raw.subarray(0, i)));
});
