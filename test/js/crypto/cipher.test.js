'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex');

// NIST SP 800-38A, F.2.1 and F.5.1.
const key = hex('2b7e151628aed2a6abf7158809cf4f3c');
const text = hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');

test('AES in CBC and CTR mode is that of the standard', () => {
  const cbc = crypto.createCipheriv('aes-128-cbc', key, hex('000102030405060708090a0b0c0d0e0f'));
  cbc.setAutoPadding(false);
  assert.strictEqual(
    cbc.update(text, null, 'hex') + cbc.final('hex'),
    '7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2',
  );
  const ctr = crypto.createCipheriv('aes-128-ctr', key, hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'));
  assert.strictEqual(
    Buffer.concat([
      ctr.update(text.subarray(0, 5)),
      ctr.update(text.subarray(5)),
      ctr.final(),
    ]).toString('hex'),
    '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff',
  );
});

// The GCM specification, test case 4; RFC 8439, section 2.8.2; RFC 3610, packet vector 1.
const sealed = {
  'aes-128-gcm': {
    key: 'feffe9928665731c6d6a8f9467308308',
    iv: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    text:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
      '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    sealed:
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e' +
      '21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091',
    tag: '5bc94fbc3221a5db94fae95ae7121a47',
  },
  'chacha20-poly1305': {
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    iv: '070000004041424344454647',
    aad: '50515253c0c1c2c3c4c5c6c7',
    text: Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
        'sunscreen would be it.',
    ).toString('hex'),
    sealed:
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b' +
      '1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
      '3ff4def08e4b7a9de576d26586cec64b6116',
    tag: '1ae10b594f09e26a7e902ecbd0600691',
  },
  'aes-128-ccm': {
    key: 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf',
    iv: '00000003020100a0a1a2a3a4a5',
    aad: '0001020304050607',
    text: '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e',
    sealed: '588c979a61c663d2f066d0c2c0f989806d5f6b61dac384',
    tag: '17e8d12cfdf926e0',
  },
};

function open(name, vector, change = {}) {
  const { iv, aad, tag, sealed: data } = { ...vector, ...change };
  const options = { authTagLength: vector.tag.length / 2 };
  const decipher = crypto.createDecipheriv(name, hex(vector.key), hex(iv), options);
  decipher.setAuthTag(hex(tag));
  decipher.setAAD(hex(aad), { plaintextLength: data.length / 2 });
  return decipher.update(data, 'hex', 'hex') + decipher.final('hex');
}

for (const [name, vector] of Object.entries(sealed)) {
  test(`${name} is that of its standard, and refuses whatever was changed`, () => {
    const options = { authTagLength: vector.tag.length / 2 };
    const cipher = crypto.createCipheriv(name, hex(vector.key), hex(vector.iv), options);
    cipher.setAAD(hex(vector.aad), { plaintextLength: vector.text.length / 2 });
    assert.throws(() => cipher.getAuthTag(), { code: 'ERR_CRYPTO_INVALID_STATE' });
    assert.strictEqual(
      cipher.update(vector.text, 'hex', 'hex') + cipher.final('hex'),
      vector.sealed,
    );
    assert.strictEqual(cipher.getAuthTag().toString('hex'), vector.tag);
    assert.strictEqual(open(name, vector), vector.text);
    for (const part of ['aad', 'tag', 'sealed', 'iv']) {
      const changed = `${vector[part][0] === '0' ? '1' : '0'}${vector[part].slice(1)}`;
      assert.throws(() => open(name, vector, { [part]: changed }), {
        message: 'Unsupported state or unable to authenticate data',
      });
    }
    const untagged = crypto.createDecipheriv(name, hex(vector.key), hex(vector.iv), options);
    untagged.update(vector.sealed, 'hex');
    assert.throws(() => untagged.final(), {
      message: 'Unsupported state or unable to authenticate data',
    });
  });
}

test('a short tag is accepted only if it was agreed on', () => {
  const vector = sealed['aes-128-gcm'];
  const decipher = (options) =>
    crypto.createDecipheriv('aes-128-gcm', hex(vector.key), hex(vector.iv), options);
  assert.throws(() => decipher({ authTagLength: 16 }).setAuthTag(Buffer.alloc(12)), {
    code: 'ERR_CRYPTO_INVALID_AUTH_TAG',
    message: 'Invalid authentication tag length: 12',
  });
  assert.throws(() => decipher().setAuthTag(Buffer.alloc(3)), {
    code: 'ERR_CRYPTO_INVALID_AUTH_TAG',
  });
  assert.throws(() => decipher({ authTagLength: 5 }), { code: 'ERR_CRYPTO_INVALID_AUTH_TAG' });
  const once = decipher().setAuthTag(Buffer.alloc(16));
  assert.throws(() => once.setAuthTag(Buffer.alloc(16)), { code: 'ERR_CRYPTO_INVALID_STATE' });
  assert.throws(() => crypto.createCipheriv('aes-128-ccm', key, Buffer.alloc(12)), {
    message: 'authTagLength required for aes-128-ccm',
  });
});

test('wrong padding and wrong lengths are refused', () => {
  const iv = Buffer.alloc(16);
  const decipher = crypto.createDecipheriv('aes-128-cbc', key, iv);
  decipher.update(Buffer.alloc(16));
  assert.throws(() => decipher.final(), {
    code: 'ERR_OSSL_BAD_DECRYPT',
    message: 'error:1C800064:Provider routines::bad decrypt',
    library: 'Provider routines',
    reason: 'bad decrypt',
  });
  assert.throws(() => decipher.final(), { code: 'ERR_CRYPTO_INVALID_STATE' });
  assert.throws(() => decipher.update('x'), { message: 'Trying to add data in unsupported state' });
  assert.throws(() => crypto.createCipheriv('aes-128-cbc', key, Buffer.alloc(15)), {
    code: 'ERR_CRYPTO_INVALID_IV',
    name: 'TypeError',
  });
  assert.throws(() => crypto.createCipheriv('aes-128-cbc', Buffer.alloc(15), iv), {
    code: 'ERR_CRYPTO_INVALID_KEYLEN',
    name: 'RangeError',
  });
  assert.throws(() => crypto.createCipheriv('nope', key, iv), {
    code: 'ERR_CRYPTO_UNKNOWN_CIPHER',
  });
  assert.throws(() => crypto.createCipheriv('aes-128-cbc', key), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.createCipheriv('aes-128-cbc', 5, iv), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  assert.throws(() => crypto.createCipheriv('aes-128-cbc', key, iv).update(5), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
});

test('text in base64 goes on from one update to the next', () => {
  const cipher = crypto.createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  let result = '';
  for (const byte of text) result += cipher.update(Buffer.from([byte]), null, 'base64');
  result += cipher.final('base64');
  const decipher = crypto.createDecipheriv('aes-128-ctr', key, Buffer.alloc(16));
  assert.deepStrictEqual(
    Buffer.concat([decipher.update(result, 'base64'), decipher.final()]),
    text,
  );
});

test('ciphers are streams, and a failure is an error event', async () => {
  const { Readable } = require('stream');
  const { pipeline } = require('stream/promises');
  const iv = Buffer.alloc(16);
  const big = Buffer.alloc(300000, 'sluice');
  const parts = [];
  await pipeline(
    Readable.from([big.subarray(0, 1000), big.subarray(1000)]),
    crypto.createCipheriv('aes-256-cbc', Buffer.alloc(32), iv),
    crypto.createDecipheriv('aes-256-cbc', Buffer.alloc(32), iv),
    async (source) => {
      for await (const part of source) parts.push(part);
    },
  );
  assert.ok(Buffer.concat(parts).equals(big));
  const decipher = crypto.createDecipheriv('aes-256-cbc', Buffer.alloc(32), iv);
  decipher.end(Buffer.alloc(15));
  const [error] = await require('events').once(decipher, 'error');
  assert.strictEqual(error.code, 'ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH');
});

test('a secret KeyObject is a key', () => {
  const object = crypto.createSecretKey(key);
  const iv = Buffer.alloc(16);
  const one = crypto.createCipheriv('aes-128-cbc', object, iv);
  const other = crypto.createCipheriv('aes-128-cbc', key, iv);
  assert.strictEqual(one.update(text, null, 'hex'), other.update(text, null, 'hex'));
  assert.strictEqual(
    crypto.createHmac('sha1', object).update('x').digest('hex'),
    crypto.createHmac('sha1', key).update('x').digest('hex'),
  );
});

test('a tag of AES-GCM has 16 bytes unless authTagLength says less', () => {
  const make = (options) =>
    crypto.createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12), options);
  assert.throws(() => make().setAuthTag(Buffer.alloc(12)), { code: 'ERR_CRYPTO_INVALID_AUTH_TAG' });
  make({ authTagLength: 12 }).setAuthTag(Buffer.alloc(12));
});
