'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const nodeCrypto = require('crypto');

const { subtle } = globalThis.crypto;
const bytes = (text) => Buffer.from(text);
const hex = (memory) => Buffer.from(memory).toString('hex');

test('digest() is that of createHash()', async () => {
  for (const [name, older] of [
    ['SHA-1', 'sha1'],
    ['sha-256', 'sha256'],
    ['SHA-512', 'sha512'],
  ]) {
    const result = await subtle.digest(name, bytes('abc'));
    assert.ok(result instanceof ArrayBuffer);
    assert.strictEqual(hex(result), nodeCrypto.createHash(older).update('abc').digest('hex'));
  }
  await assert.rejects(subtle.digest('MD5', bytes('abc')), { name: 'NotSupportedError' });
  await assert.rejects(subtle.digest('SHA-1', 'abc'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('PBKDF2 and HKDF derive bits and keys', async () => {
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes('salt'), iterations: 100 };
  const base = await subtle.importKey('raw', bytes('secret'), 'PBKDF2', false, [
    'deriveBits',
    'deriveKey',
  ]);
  assert.strictEqual(
    hex(await subtle.deriveBits(pbkdf2, base, 256)),
    nodeCrypto.pbkdf2Sync('secret', 'salt', 100, 32, 'sha256').toString('hex'),
  );
  const key = await subtle.deriveKey(pbkdf2, base, { name: 'AES-GCM', length: 128 }, true, [
    'encrypt',
  ]);
  assert.strictEqual((await subtle.exportKey('raw', key)).byteLength, 16);
  const hkdf = {
    name: 'HKDF',
    hash: { name: 'SHA-512' },
    salt: bytes('salt'),
    info: bytes('info'),
  };
  const other = await subtle.importKey('raw', bytes('secret'), 'HKDF', false, ['deriveBits']);
  assert.strictEqual(
    hex(await subtle.deriveBits(hkdf, other, 64)),
    hex(nodeCrypto.hkdfSync('sha512', 'secret', 'salt', 'info', 8)),
  );
  await assert.rejects(subtle.deriveBits(hkdf, other, 7), { name: 'OperationError' });
  await assert.rejects(subtle.deriveBits(pbkdf2, other, 8), { name: 'InvalidAccessError' });
  await assert.rejects(subtle.importKey('raw', bytes('x'), 'PBKDF2', true, ['deriveBits']), {
    name: 'SyntaxError',
  });
});

test('HMAC signs and verifies', async () => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.importKey('raw', bytes('key'), algorithm, true, ['sign', 'verify']);
  const mac = await subtle.sign('HMAC', key, bytes('text'));
  assert.strictEqual(hex(mac), nodeCrypto.createHmac('sha256', 'key').update('text').digest('hex'));
  assert.strictEqual(await subtle.verify('HMAC', key, mac, bytes('text')), true);
  assert.strictEqual(await subtle.verify('HMAC', key, mac.slice(1), bytes('text')), false);
  assert.strictEqual(await subtle.verify('HMAC', key, mac, bytes('other')), false);
  const jwk = await subtle.exportKey('jwk', key);
  assert.strictEqual(jwk.alg, 'HS256');
  const again = await subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
  assert.strictEqual(hex(await subtle.sign('HMAC', again, bytes('text'))), hex(mac));
  await assert.rejects(subtle.exportKey('raw', again), { name: 'InvalidAccessError' });
  await assert.rejects(subtle.verify('HMAC', again, mac, bytes('text')), {
    name: 'InvalidAccessError',
  });
});

test('AES encrypts and decrypts, and GCM refuses what was changed', async () => {
  for (const algorithm of [
    { name: 'AES-GCM', iv: Buffer.alloc(12), additionalData: bytes('header'), tagLength: 96 },
    { name: 'AES-CBC', iv: Buffer.alloc(16) },
    { name: 'AES-CTR', counter: Buffer.alloc(16), length: 64 },
  ]) {
    const key = await subtle.generateKey({ name: algorithm.name, length: 256 }, true, [
      'encrypt',
      'decrypt',
    ]);
    const sealed = await subtle.encrypt(algorithm, key, bytes('some text'));
    assert.strictEqual(
      Buffer.from(await subtle.decrypt(algorithm, key, sealed)).toString(),
      'some text',
    );
    if (algorithm.name !== 'AES-GCM') continue;
    new Uint8Array(sealed)[0] ^= 1;
    await assert.rejects(subtle.decrypt(algorithm, key, sealed), { name: 'OperationError' });
    await assert.rejects(subtle.decrypt(algorithm, key, new Uint8Array(3)), {
      name: 'OperationError',
    });
  }
});

test('a counter of AES-CTR does not come to its end', async () => {
  const key = await subtle.generateKey({ name: 'AES-CTR', length: 128 }, true, ['encrypt']);
  const algorithm = { name: 'AES-CTR', counter: Buffer.alloc(16, 0xff), length: 8 };
  assert.strictEqual((await subtle.encrypt(algorithm, key, Buffer.alloc(16))).byteLength, 16);
  await assert.rejects(subtle.encrypt(algorithm, key, Buffer.alloc(17)), {
    name: 'OperationError',
  });
});

test('pairs of keys sign, encrypt and agree', async () => {
  const rsa = { modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  for (const [made, used] of [
    [
      { name: 'ECDSA', namedCurve: 'P-256' },
      { name: 'ECDSA', hash: 'SHA-256' },
    ],
    [{ name: 'Ed25519' }, 'Ed25519'],
    [{ name: 'RSASSA-PKCS1-v1_5', ...rsa }, 'RSASSA-PKCS1-v1_5'],
    [
      { name: 'RSA-PSS', ...rsa },
      { name: 'RSA-PSS', saltLength: 20 },
    ],
  ]) {
    const pair = await subtle.generateKey(made, false, ['sign', 'verify']);
    const signature = await subtle.sign(used, pair.privateKey, bytes('text'));
    assert.strictEqual(await subtle.verify(used, pair.publicKey, signature, bytes('text')), true);
    assert.strictEqual(await subtle.verify(used, pair.publicKey, signature, bytes('x')), false);
    await assert.rejects(subtle.exportKey('pkcs8', pair.privateKey), {
      name: 'InvalidAccessError',
    });
    const spki = await subtle.exportKey('spki', pair.publicKey);
    const again = await subtle.importKey('spki', spki, made, true, ['verify']);
    assert.strictEqual(await subtle.verify(used, again, signature, bytes('text')), true);
  }
  const oaep = await subtle.generateKey({ name: 'RSA-OAEP', ...rsa }, true, ['encrypt', 'decrypt']);
  const sealed = await subtle.encrypt('RSA-OAEP', oaep.publicKey, bytes('text'));
  assert.strictEqual(
    Buffer.from(await subtle.decrypt('RSA-OAEP', oaep.privateKey, sealed)).toString(),
    'text',
  );
  for (const algorithm of [{ name: 'ECDH', namedCurve: 'P-521' }, { name: 'X25519' }]) {
    const [one, other] = await Promise.all(
      [0, 1].map(() => subtle.generateKey(algorithm, true, ['deriveBits'])),
    );
    const raw = await subtle.exportKey('raw', other.publicKey);
    const peer = await subtle.importKey('raw', raw, algorithm, true, []);
    const secret = await subtle.deriveBits({ ...algorithm, public: peer }, one.privateKey, 128);
    assert.deepStrictEqual(
      secret,
      await subtle.deriveBits({ ...algorithm, public: one.publicKey }, other.privateKey, 128),
    );
  }
});

test('wrapped keys come back', async () => {
  const gcm = { name: 'AES-GCM', iv: Buffer.alloc(12) };
  const wrapping = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, [
    'wrapKey',
    'unwrapKey',
  ]);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.generateKey(hmac, true, ['sign']);
  for (const format of ['raw', 'jwk']) {
    const wrapped = await subtle.wrapKey(format, key, wrapping, gcm);
    const again = await subtle.unwrapKey(format, wrapped, wrapping, gcm, hmac, true, ['sign']);
    assert.deepStrictEqual(
      await subtle.exportKey('raw', again),
      await subtle.exportKey('raw', key),
    );
  }
});

test('a CryptoKey is a KeyObject for the rest of the module', async () => {
  const key = await subtle.importKey('raw', bytes('key'), { name: 'HMAC', hash: 'SHA-1' }, true, [
    'sign',
  ]);
  assert.strictEqual(key.type, 'secret');
  assert.strictEqual(nodeCrypto.KeyObject.from(key).export().toString(), 'key');
  assert.strictEqual(
    nodeCrypto.createHmac('md5', key).update('x').digest('hex'),
    nodeCrypto.createHmac('md5', 'key').update('x').digest('hex'),
  );
  assert.throws(() => nodeCrypto.KeyObject.from({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('memory that tasks share is refused', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  for (const data of [shared, shared.buffer])
    await assert.rejects(subtle.digest('SHA-256', data), {
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_TYPE',
    });
});

test('methods reject where this is another object, or arguments are missing', async () => {
  const { digest } = subtle;
  await assert.rejects(digest.call({}, 'SHA-1', Buffer.alloc(1)), { code: 'ERR_INVALID_THIS' });
  await assert.rejects(subtle.digest('SHA-1'), { code: 'ERR_MISSING_ARGS' });
});

test('AES-KW wraps and unwraps keys as RFC 3394, section 4.3, has it', async () => {
  const wrapping = await subtle.importKey(
    'raw',
    Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex'),
    'AES-KW',
    false,
    ['wrapKey', 'unwrapKey'],
  );
  const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const key = await subtle.importKey('raw', bytes, 'AES-CBC', true, ['encrypt']);
  const wrapped = Buffer.from(await subtle.wrapKey('raw', key, wrapping, 'AES-KW'));
  assert.strictEqual(wrapped.toString('hex'), '64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7');
  const args = [wrapping, 'AES-KW', 'AES-CBC', true, ['encrypt']];
  const again = await subtle.unwrapKey('raw', wrapped, ...args);
  assert.deepStrictEqual(Buffer.from(await subtle.exportKey('raw', again)), bytes);
  wrapped[0] ^= 1;
  await assert.rejects(subtle.unwrapKey('raw', wrapped, ...args), { name: 'OperationError' });
  await assert.rejects(subtle.encrypt('AES-KW', wrapping, bytes), { name: 'NotSupportedError' });
});

for (const name of ['Ed448', 'X448'])
  test(`keys of ${name} are made, exported and used`, async () => {
    const usages = name === 'Ed448' ? ['sign', 'verify'] : ['deriveBits'];
    const { publicKey, privateKey } = await subtle.generateKey(name, true, usages);
    const jwk = await subtle.exportKey('jwk', publicKey);
    assert.strictEqual(jwk.crv, name);
    if (name === 'X448') {
      const bits = await subtle.deriveBits({ name, public: publicKey }, privateKey, 256);
      assert.strictEqual(bits.byteLength, 32);
      return;
    }
    const signature = await subtle.sign(name, privateKey, Buffer.from('x'));
    assert.ok(await subtle.verify(name, publicKey, signature, Buffer.from('x')));
  });
