'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

// OpenSSL has encapsulation with curves from 3.2 on, and with lattices from 3.5 on.
const [major, minor] = process.versions.openssl.split('.').map(Number);
const since = (wanted) => major > 3 || (major === 3 && minor >= wanted);

const failure = { code: 'ERR_CRYPTO_OPERATION_FAILED' };

function roundTrip(type, options) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
  const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
  assert.deepStrictEqual(crypto.decapsulate(privateKey, ciphertext), sharedKey);
  return [sharedKey.length, ciphertext.length];
}

test('what is encapsulated with an RSA key is decapsulated', () => {
  assert.deepStrictEqual(roundTrip('rsa', { modulusLength: 2048 }), [256, 256]);
});

test('curves encapsulate where OpenSSL can, elsewhere it is an error', () => {
  for (const [type, options, sizes] of [
    ['ec', { namedCurve: 'P-256' }, [32, 65]],
    ['x25519', undefined, [32, 32]],
    ['x448', undefined, [64, 56]],
  ]) {
    if (since(2)) assert.deepStrictEqual(roundTrip(type, options), sizes);
    else assert.throws(() => roundTrip(type, options), failure);
  }
});

test('ML-KEM encapsulates where OpenSSL has it, elsewhere there are no such keys', () => {
  if (since(5)) assert.deepStrictEqual(roundTrip('ml-kem-768'), [32, 1088]);
  else assert.throws(() => roundTrip('ml-kem-768'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('with a callback it is done on a worker, and its failure told', async () => {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const later = (run, ...args) =>
    new Promise((resolve, reject) => {
      run(...args, (error, result) => (error ? reject(error) : resolve(result)));
    });
  const { sharedKey, ciphertext } = await later(crypto.encapsulate, publicKey);
  assert.deepStrictEqual(await later(crypto.decapsulate, privateKey, ciphertext), sharedKey);
  await assert.rejects(later(crypto.decapsulate, privateKey, Buffer.alloc(3)), failure);
});
