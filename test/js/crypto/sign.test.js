'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = crypto.constants;
const text = Buffer.from('a text');
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });

// RFC 8032, section 7.1, test 2.
test('Ed25519 is that of the RFC', () => {
  const key = crypto.createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      d: Buffer.from(
        '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
        'hex',
      ).toString('base64url'),
      x: Buffer.from(
        '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        'hex',
      ).toString('base64url'),
    },
  });
  assert.strictEqual(
    crypto.sign(null, Buffer.from([0x72]), key).toString('hex'),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  assert.throws(() => crypto.createSign('sha256').update(text).sign(key), {
    code: 'ERR_CRYPTO_UNSUPPORTED_OPERATION',
  });
});

test('a signature is right for its text, key and scheme only', () => {
  const pss = { key: rsa.privateKey, padding: RSA_PKCS1_PSS_PADDING };
  const signature = crypto.sign('sha256', text, pss);
  const check = (digest, data, key) => crypto.verify(digest, data, key, signature);
  assert.strictEqual(check('sha256', text, { ...pss, key: rsa.publicKey }), true);
  assert.strictEqual(
    check('sha256', text, { key: rsa.publicKey, padding: RSA_PKCS1_PADDING }),
    false,
  );
  assert.strictEqual(check('sha1', text, { ...pss, key: rsa.publicKey }), false);
  assert.strictEqual(
    check('sha256', Buffer.from('another'), { ...pss, key: rsa.publicKey }),
    false,
  );
  assert.strictEqual(check('sha256', text, ec.publicKey), false);
});

test('signatures of the wrong length or form are wrong, not errors', () => {
  for (const signature of [
    Buffer.alloc(0),
    Buffer.alloc(1),
    Buffer.alloc(64),
    Buffer.alloc(1000, 0xff),
  ]) {
    for (const dsaEncoding of ['der', 'ieee-p1363']) {
      assert.strictEqual(
        crypto.verify('sha256', text, { key: ec.publicKey, dsaEncoding }, signature),
        false,
      );
      assert.strictEqual(crypto.verify('sha256', text, rsa.publicKey, signature), false);
    }
  }
});

test('IEEE P1363 signatures have a fixed length', () => {
  for (let i = 0; i < 50; i++) {
    const key = { key: ec.privateKey, dsaEncoding: 'ieee-p1363' };
    const signature = crypto.createSign('sha256').update(text).sign(key);
    assert.strictEqual(signature.length, 64);
    assert.ok(
      crypto
        .createVerify('sha256')
        .update(text)
        .verify({ ...key, key: ec.publicKey }, signature),
    );
    assert.ok(!crypto.createVerify('sha256').update(text).verify(ec.publicKey, signature));
  }
});

test('Sign and Verify are streams', async () => {
  const sign = crypto.createSign('RSA-SHA256');
  sign.write('a ');
  sign.end('text');
  await require('events').once(sign, 'finish');
  const signature = sign.sign(rsa.privateKey, 'base64');
  const verify = crypto.createVerify('RSA-SHA256');
  verify.end(text);
  assert.strictEqual(verify.verify(rsa.publicKey, signature, 'base64'), true);
});

test('sign() and verify() with a callback work on another thread', async () => {
  const signature = await new Promise((resolve, reject) => {
    crypto.sign('sha256', text, ec.privateKey, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  const valid = await new Promise((resolve, reject) => {
    crypto.verify('sha256', text, ec.publicKey, signature, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  assert.strictEqual(valid, true);
  await assert.rejects(
    new Promise((_, reject) => {
      const x25519 = crypto.generateKeyPairSync('x25519').privateKey;
      crypto.sign('sha256', text, x25519, (error) => reject(error));
    }),
    { code: /^ERR_OSSL/ },
  );
});

test('arguments are checked', () => {
  assert.throws(() => crypto.createSign('nope'), {
    code: 'ERR_CRYPTO_INVALID_DIGEST',
    message: 'Invalid digest',
  });
  assert.throws(() => crypto.createSign('sha256').update(text).sign(), {
    code: 'ERR_CRYPTO_SIGN_KEY_REQUIRED',
  });
  assert.throws(() => crypto.sign('sha256', 5, rsa.privateKey), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  assert.throws(() => crypto.sign('nope', text, rsa.privateKey), {
    code: 'ERR_CRYPTO_INVALID_DIGEST',
  });
  assert.throws(() => crypto.sign('sha256', text, { key: ec.privateKey, dsaEncoding: 'x' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => crypto.sign('sha256', text, { key: rsa.privateKey, padding: 'x' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => crypto.sign('sha256', text, rsa.publicKey), {
    code: 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE',
  });
});

test('RSA encrypts with the public key and decrypts with the private one', () => {
  const sealed = crypto.publicEncrypt(rsa.publicKey, text);
  assert.deepStrictEqual(crypto.privateDecrypt(rsa.privateKey, sealed), text);
  const oaep = { oaepHash: 'sha256', oaepLabel: Buffer.from('label') };
  const labelled = crypto.publicEncrypt({ key: rsa.publicKey, ...oaep }, text);
  assert.deepStrictEqual(crypto.privateDecrypt({ key: rsa.privateKey, ...oaep }, labelled), text);
  assert.throws(
    () => crypto.privateDecrypt({ key: rsa.privateKey, ...oaep, oaepLabel: text }, labelled),
    {
      code: 'ERR_OSSL_RSA_OAEP_DECODING_ERROR',
    },
  );
  assert.deepStrictEqual(
    crypto.publicDecrypt(rsa.publicKey, crypto.privateEncrypt(rsa.privateKey, text)),
    text,
  );
  assert.throws(() => crypto.publicEncrypt(ec.publicKey, text), {
    code: 'ERR_CRYPTO_UNSUPPORTED_OPERATION',
  });
});

test('decrypting with PKCS #1 padding does not tell whether the padding was right', () => {
  const key = { key: rsa.privateKey, padding: RSA_PKCS1_PADDING };
  const right = crypto.publicEncrypt({ key: rsa.publicKey, padding: RSA_PKCS1_PADDING }, text);
  const attempt = (data) => {
    try {
      crypto.privateDecrypt(key, data);
      return 'a result';
    } catch (error) {
      return error.code;
    }
  };
  assert.strictEqual(attempt(right), attempt(Buffer.alloc(128, 1)));
});

test('a digest that there is none of is told as OpenSSL tells it, before the key is read', () => {
  for (const encrypt of [crypto.publicEncrypt, crypto.privateDecrypt]) {
    assert.throws(() => encrypt({ key: rsa.publicKey, oaepHash: 'none' }, text), {
      code: 'ERR_OSSL_EVP_INVALID_DIGEST',
    });
    assert.throws(() => encrypt({ key: rsa.publicKey, oaepHash: null }, text), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
});

test('DSS1 is SHA-1, as older programs call it', () => {
  const signature = crypto.createSign('DSS1').update(text).sign(rsa.privateKey);
  assert.ok(crypto.createVerify('sha1').update(text).verify(rsa.publicKey, signature));
});
