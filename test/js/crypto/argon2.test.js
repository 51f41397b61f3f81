'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

// RFC 9106, section 5.
const parameters = {
  message: Buffer.alloc(32, 1),
  nonce: Buffer.alloc(16, 2),
  secret: Buffer.alloc(8, 3),
  associatedData: Buffer.alloc(12, 4),
  parallelism: 4,
  tagLength: 32,
  memory: 32,
  passes: 3,
};
const tags = {
  argon2d: '512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb',
  argon2i: 'c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8',
  argon2id: '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
};

// OpenSSL has Argon2 from 3.2 on.
const [major, minor] = process.versions.openssl.split('.').map(Number);
const isThere = major > 3 || (major === 3 && minor >= 2);

test('Argon2 derives the tags of the standard, or says that OpenSSL lacks it', () => {
  for (const [algorithm, tag] of Object.entries(tags)) {
    const derive = () => crypto.argon2Sync(algorithm, parameters).toString('hex');
    if (isThere) assert.strictEqual(derive(), tag);
    else assert.throws(derive, { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
  }
});

test('argon2() calls back with what argon2Sync() returns', async () => {
  const derive = () =>
    new Promise((resolve, reject) => {
      crypto.argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)));
    });
  if (isThere) assert.strictEqual((await derive()).toString('hex'), tags.argon2id);
  else await assert.rejects(derive, { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
});

test('a getter that answers otherwise the second time is asked once', () => {
  let asked = 0;
  const changing = {
    ...parameters,
    get tagLength() {
      asked++;
      return asked === 1 ? 3 : 2 ** 40;
    },
  };
  assert.throws(() => crypto.argon2Sync('argon2id', changing), { code: 'ERR_OUT_OF_RANGE' });
  assert.strictEqual(asked, 1);
});
