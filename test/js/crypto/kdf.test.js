'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');
const { promisify } = require('util');

// RFC 6070.
const pbkdf2Vectors = [
  ['password', 'salt', 1, 20, '0c60c80f961f0e71f3a9b524af6012062fe037a6'],
  ['password', 'salt', 4096, 20, '4b007901b765489abead49d926f721d065a429c1'],
  ['pass\0word', 'sa\0lt', 4096, 16, '56fa6aa75548099dcc37d7f03425e0c3'],
];

test('PBKDF2 is that of the RFC', async () => {
  for (const [password, salt, iterations, size, key] of pbkdf2Vectors) {
    const args = [password, Buffer.from(salt), iterations, size, 'sha1'];
    assert.strictEqual(crypto.pbkdf2Sync(...args).toString('hex'), key);
    assert.strictEqual((await promisify(crypto.pbkdf2)(...args)).toString('hex'), key);
  }
  assert.strictEqual(crypto.pbkdf2Sync('', '', 1, 0, 'sha1').length, 0);
});

test('PBKDF2 refuses what makes no sense', () => {
  assert.throws(() => crypto.pbkdf2Sync('a', 'b', 1, 10, 'nope'), {
    code: 'ERR_CRYPTO_INVALID_DIGEST',
    name: 'TypeError',
    message: 'Invalid digest: nope',
  });
  assert.throws(() => crypto.pbkdf2Sync('a', 'b', 0, 10, 'sha1'), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.pbkdf2Sync('a', 'b', 1, -1, 'sha1'), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.pbkdf2Sync('a', 'b', 1, 10), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.pbkdf2Sync(1, 'b', 1, 10, 'sha1'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.pbkdf2('a', 'b', 1, 10, 'sha1'), { code: 'ERR_INVALID_ARG_TYPE' });
});

// RFC 7914, section 12.
const scryptVectors = [
  [
    '',
    '',
    { N: 16, r: 1, p: 1 },
    '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442',
  ],
  [
    'password',
    'NaCl',
    { cost: 1024, blockSize: 8, parallelization: 16 },
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162',
  ],
];

test('scrypt is that of the RFC', async () => {
  for (const [password, salt, options, key] of scryptVectors) {
    assert.strictEqual(
      crypto.scryptSync(password, salt, 64, options).toString('hex').slice(0, 64),
      key,
    );
    const later = await promisify(crypto.scrypt)(password, salt, 64, options);
    assert.strictEqual(later.toString('hex').slice(0, 64), key);
  }
  const [standard] = await Promise.all([promisify(crypto.scrypt)('a', 'b', 16)]);
  assert.deepStrictEqual(standard, crypto.scryptSync('a', 'b', 16, { N: 16384, r: 8, p: 1 }));
});

test('scrypt refuses bad numbers and too much memory', () => {
  assert.throws(() => crypto.scryptSync('a', 'b', 10, { N: 5 }), {
    code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
    name: 'RangeError',
    message: 'Invalid scrypt params',
  });
  assert.throws(() => crypto.scryptSync('a', 'b', 10, { N: 2 ** 20 }), {
    code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
    message:
      'Invalid scrypt params: error:030000AC:digital envelope routines::memory limit exceeded',
  });
  assert.throws(() => crypto.scryptSync('a', 'b', 10, { N: 2, cost: 2 }), {
    code: 'ERR_INCOMPATIBLE_OPTION_PAIR',
  });
  assert.throws(() => crypto.scryptSync('a', 'b', -1), { code: 'ERR_OUT_OF_RANGE' });
});

// RFC 5869, test cases 1 and 3.
test('HKDF is that of the RFC', async () => {
  const key = Buffer.alloc(22, 0x0b);
  const salt = Buffer.from('000102030405060708090a0b0c', 'hex');
  const info = Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex');
  const hex = (memory) => Buffer.from(memory).toString('hex');
  const result = crypto.hkdfSync('sha256', key, salt, info, 42);
  assert.ok(result instanceof ArrayBuffer);
  assert.strictEqual(result.byteLength, 42);
  const expected =
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865';
  assert.strictEqual(hex(result), expected);
  assert.strictEqual(hex(await promisify(crypto.hkdf)('sha256', key, salt, info, 42)), expected);
  assert.strictEqual(
    hex(crypto.hkdfSync('SHA256', key, '', '', 42)),
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  );
  assert.strictEqual(crypto.hkdfSync('sha256', key, '', '', 0).byteLength, 0);
  assert.strictEqual(crypto.hkdfSync('sha256', '', '', '', 4).byteLength, 4);
  assert.throws(() => crypto.hkdfSync('sha1', 'a', 'b', '', 100000), {
    code: 'ERR_CRYPTO_INVALID_KEYLEN',
    message: 'Invalid key length',
  });
  assert.throws(() => crypto.hkdfSync('nope', 'a', 'b', '', 1), {
    code: 'ERR_CRYPTO_INVALID_DIGEST',
  });
  assert.throws(() => crypto.hkdfSync('sha1', 'a', 'b', 'x'.repeat(1025), 1), {
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('slow functions leave the loop free', async () => {
  const order = [];
  const slow = promisify(crypto.pbkdf2)('a', 'b', 300000, 32, 'sha512').then(() =>
    order.push('slow'),
  );
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  order.push('loop');
  await slow;
  assert.deepStrictEqual(order, ['loop', 'slow']);
});

test('scrypt reads each option once', () => {
  for (const [name, value] of Object.entries({ N: 16384, blockSize: 8, p: 1, maxmem: 2 ** 25 })) {
    let reads = 0;
    crypto.scryptSync('', '', 1, {
      get [name]() {
        reads++;
        return value;
      },
    });
    assert.strictEqual(reads, 1);
  }
});
