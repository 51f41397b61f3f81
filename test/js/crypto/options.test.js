'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

test('keys of Diffie-Hellman agree on a secret', () => {
  for (const options of [{ group: 'modp5' }, { primeLength: 512 }]) {
    const a = crypto.generateKeyPairSync('dh', options);
    assert.strictEqual(a.publicKey.asymmetricKeyType, 'dh');
    if (options.group === undefined) continue;
    const b = crypto.generateKeyPairSync('dh', options);
    const one = crypto.diffieHellman({ privateKey: a.privateKey, publicKey: b.publicKey });
    const two = crypto.diffieHellman({ privateKey: b.privateKey, publicKey: a.publicKey });
    assert.ok(one.equals(two));
  }
  assert.throws(() => crypto.generateKeyPairSync('dh', {}), { code: 'ERR_MISSING_OPTION' });
  assert.throws(() => crypto.generateKeyPairSync('dh', { group: 'modp5', generator: 2 }), {
    code: 'ERR_INCOMPATIBLE_OPTION_PAIR',
  });
});

test('hash() gives as many bytes of an XOF digest as are asked for', () => {
  assert.strictEqual(crypto.hash('shake128', 'x', { outputLength: 3 }), 'e472c5');
  assert.strictEqual(crypto.hash('shake128', 'x', { outputLength: 0 }), '');
  assert.throws(() => crypto.hash('sha1', 'x', { outputLength: 3 }), /does not support XOF/);
});

test('an RSA-PSS key has the salt length of its digest', () => {
  const { publicKey } = crypto.generateKeyPairSync('rsa-pss', {
    modulusLength: 1024,
    hashAlgorithm: 'sha256',
  });
  assert.strictEqual(publicKey.asymmetricKeyDetails.saltLength, 32);
});

test('sign() and verify() take text', () => {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  assert.ok(crypto.verify(null, 'text', publicKey, crypto.sign(null, 'text', privateKey)));
});

test('an encrypted key without its passphrase is refused as OpenSSL says it', () => {
  const { privateKey } = crypto.generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' },
  });
  assert.throws(() => crypto.createPrivateKey(privateKey), {
    code: 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED',
  });
});

test('the classes of crypto can be called', () => {
  assert.strictEqual(
    crypto.Hash('md5').update('').digest('hex'),
    'd41d8cd98f00b204e9800998ecf8427e',
  );
  assert.ok(crypto.ECDH('secp256k1') instanceof crypto.ECDH);
  assert.ok(crypto.createHmac('md5', 'key') instanceof crypto.Hmac);
});
