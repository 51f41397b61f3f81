'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');
const { promisify } = require('util');

const generate = (type, options) => crypto.generateKeyPairSync(type, options);

test('a secret key keeps a copy of its bytes', () => {
  const bytes = Buffer.from('secret');
  const key = crypto.createSecretKey(bytes);
  bytes.fill(0);
  assert.strictEqual(key.export().toString(), 'secret');
  key.export().fill(0);
  assert.strictEqual(key.export().toString(), 'secret');
  assert.strictEqual(key.symmetricKeySize, 6);
  assert.strictEqual(key.type, 'secret');
  assert.deepStrictEqual(key.export({ format: 'jwk' }), { kty: 'oct', k: 'c2VjcmV0' });
  assert.ok(key.equals(crypto.createSecretKey('secret', 'utf8')));
  assert.ok(!key.equals(crypto.createSecretKey('public', 'utf8')));
  assert.throws(() => crypto.createSecretKey(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('keys tell their type and details', () => {
  const rsa = generate('rsa', { modulusLength: 1024, publicExponent: 3 });
  assert.strictEqual(rsa.privateKey.asymmetricKeyType, 'rsa');
  assert.deepStrictEqual(rsa.publicKey.asymmetricKeyDetails, {
    modulusLength: 1024,
    publicExponent: 3n,
  });
  const pss = generate('rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha512', saltLength: 10 });
  assert.deepStrictEqual(pss.publicKey.asymmetricKeyDetails, {
    modulusLength: 1024,
    publicExponent: 65537n,
    hashAlgorithm: 'sha512',
    mgf1HashAlgorithm: 'sha512',
    saltLength: 10,
  });
  assert.deepStrictEqual(generate('ec', { namedCurve: 'P-384' }).privateKey.asymmetricKeyDetails, {
    namedCurve: 'secp384r1',
  });
  assert.strictEqual(generate('x448').privateKey.asymmetricKeyType, 'x448');
});

test('generateKeyPair() makes keys without holding up the loop', async () => {
  const order = [];
  const pair = promisify(crypto.generateKeyPair)('rsa', { modulusLength: 2048 }).then((result) => {
    order.push('pair');
    return result;
  });
  setImmediate(() => order.push('loop'));
  const { publicKey, privateKey } = await pair;
  assert.deepStrictEqual(order, ['loop', 'pair']);
  assert.ok(crypto.createPublicKey(privateKey).equals(publicKey));
  const [one, other] = await new Promise((resolve, reject) => {
    const options = {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'jwk' },
      privateKeyEncoding: { type: 'sec1', format: 'der' },
    };
    crypto.generateKeyPair('ec', options, (error, first, second) =>
      error ? reject(error) : resolve([first, second]),
    );
  });
  assert.strictEqual(one.kty, 'EC');
  assert.ok(Buffer.isBuffer(other));
});

test('what cannot be generated is refused', () => {
  assert.throws(() => generate('nope'), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => generate('rsa'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => generate('rsa', { modulusLength: 10 }), { code: /^ERR_OSSL_/ });
  assert.throws(() => generate('rsa', { modulusLength: 2 ** 31 }), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => generate('ec', { namedCurve: 'nope' }), { code: 'ERR_CRYPTO_INVALID_CURVE' });
  assert.throws(() => crypto.generateKeySync('aes', { length: 100 }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.strictEqual(crypto.generateKeySync('hmac', { length: 123 }).symmetricKeySize, 15);
});

test('an encrypted key needs its passphrase', () => {
  const { privateKey } = generate('ed25519');
  const options = { type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'sesame' };
  const pem = privateKey.export({ ...options, format: 'pem' });
  assert.ok(crypto.createPrivateKey({ key: pem, passphrase: 'sesame' }).equals(privateKey));
  const der = privateKey.export({ ...options, format: 'der' });
  const fromDer = crypto.createPrivateKey({
    key: der,
    format: 'der',
    type: 'pkcs8',
    passphrase: Buffer.from('sesame'),
  });
  assert.ok(fromDer.equals(privateKey));
  assert.throws(() => crypto.createPrivateKey(pem), {
    code: 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED',
  });
  // Of 256 wrong keys one makes an end that looks right, of what is no key then.
  assert.throws(() => crypto.createPrivateKey({ key: pem, passphrase: 'x' }), {
    code: /^ERR_OSSL_(?:BAD_DECRYPT|UNSUPPORTED)$/,
  });
  assert.throws(() => privateKey.export({ ...options, format: 'pem', cipher: 'nope' }), {
    code: 'ERR_CRYPTO_UNKNOWN_CIPHER',
  });
  assert.throws(() => privateKey.export({ format: 'pem', type: 'pkcs8', passphrase: 'x' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
});

test('a private key never comes from a public one', () => {
  const { publicKey, privateKey } = generate('ec', { namedCurve: 'P-256' });
  assert.throws(() => crypto.createPrivateKey(publicKey), {
    code: 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE',
  });
  assert.throws(() => crypto.createPrivateKey(publicKey.export({ type: 'spki', format: 'pem' })), {
    code: 'ERR_OSSL_UNSUPPORTED',
  });
  assert.throws(() => publicKey.export({ type: 'pkcs8', format: 'pem' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.ok(!JSON.stringify(publicKey.export({ format: 'jwk' })).includes('"d"'));
  assert.ok(
    crypto.createPublicKey(privateKey.export({ type: 'sec1', format: 'pem' })).equals(publicKey),
  );
  assert.ok(!publicKey.equals(privateKey));
});

test('malformed keys are refused', () => {
  const point = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
  assert.throws(() => crypto.createPublicKey({ key: point, format: 'jwk' }), {
    code: 'ERR_CRYPTO_INVALID_JWK',
  });
  assert.throws(() => crypto.createPublicKey({ key: { ...point, x: 'AA' }, format: 'jwk' }), {
    code: 'ERR_CRYPTO_INVALID_JWK',
  });
  assert.throws(() => crypto.createPublicKey({ key: { kty: 'RSA' }, format: 'jwk' }), {
    code: 'ERR_CRYPTO_INVALID_JWK',
  });
  assert.throws(
    () => crypto.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: 'AA' }, format: 'jwk' }),
    {
      code: 'ERR_CRYPTO_INVALID_JWK',
    },
  );
  assert.throws(() => crypto.createPublicKey({ key: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.createPublicKey(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.createPrivateKey({ key: 'x', format: 'nope' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => crypto.createPrivateKey({ key: Buffer.alloc(9), format: 'der' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => new crypto.KeyObject('secret'), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
  // Each prefix of a key, and each with a changed byte, must end in an error or a key.
  const der = generate('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'der',
  });
  for (let i = 0; i < der.length; i++) {
    const input = { format: 'der', type: 'pkcs8', key: der.subarray(0, i) };
    assert.throws(() => crypto.createPrivateKey(input));
    const changed = Buffer.from(der);
    changed[i] ^= 0x55;
    try {
      crypto.createPrivateKey({ ...input, key: changed }).export({ format: 'jwk' });
    } catch (error) {
      assert.match(error.code, /^ERR_/);
    }
  }
});

test('an empty passphrase locks a key and opens it', () => {
  for (const [type, format] of [
    ['pkcs1', 'pem'],
    ['pkcs8', 'pem'],
    ['pkcs8', 'der'],
  ]) {
    const { privateKey } = generate('rsa', {
      modulusLength: 1024,
      privateKeyEncoding: { type, format, cipher: 'aes-256-cbc', passphrase: '' },
    });
    for (const passphrase of ['', Buffer.alloc(0)]) {
      const key = crypto.createPrivateKey({ key: privateKey, type, format, passphrase });
      assert.strictEqual(key.asymmetricKeyType, 'rsa');
    }
    if (format === 'pem')
      assert.throws(() => crypto.createPrivateKey(privateKey), {
        code: 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED',
      });
  }
});

test('a public key is never exported with what is private of it, whatever options say', () => {
  const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const options = { type: 'spki', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' };
  const text = crypto.createPublicKey(privateKey).export(options);
  assert.match(text, /^-----BEGIN PUBLIC KEY-----/);
});
