'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

test('randomUUIDv7 begins with the time', () => {
  const before = Date.now();
  const uuid = crypto.randomUUIDv7();
  assert.match(uuid, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  const time = parseInt(uuid.replace('-', '').slice(0, 12), 16);
  assert(time >= before && time <= Date.now());
  assert.notStrictEqual(crypto.randomUUIDv7(), uuid);
});

test('toCryptoKey gives the same key for the Web Crypto API', async () => {
  const secret = crypto.createSecretKey(Buffer.alloc(16, 1));
  const key = secret.toCryptoKey('AES-GCM', true, ['encrypt']);
  assert.deepStrictEqual(key.algorithm, { name: 'AES-GCM', length: 128 });
  const raw = await crypto.subtle.exportKey('raw', key);
  assert.deepStrictEqual(Buffer.from(raw), Buffer.alloc(16, 1));
  const { publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
  assert.strictEqual(publicKey.toCryptoKey(ecdsa, true, ['verify']).type, 'public');
  assert.throws(() => publicKey.toCryptoKey(ecdsa, true, ['sign']), { name: 'SyntaxError' });
  assert.throws(() => publicKey.toCryptoKey('AES-GCM', true, ['encrypt']), { name: 'DataError' });
});
