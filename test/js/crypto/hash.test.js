'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

// FIPS 180-4, FIPS 202, RFC 1321: the digests of "abc".
const abc = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
    '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  ripemd160: '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
};

for (const [name, digest] of Object.entries(abc)) {
  test(`${name} of "abc" is the standard's`, () => {
    assert.strictEqual(crypto.createHash(name).update('abc').digest('hex'), digest);
    assert.strictEqual(
      crypto.createHash(name).update('a').update(Buffer.from('bc')).digest('hex'),
      digest,
    );
    assert.strictEqual(crypto.hash(name, 'abc'), digest);
    assert.strictEqual(
      crypto.hash(name, new Uint8Array([97, 98, 99]), 'buffer').toString('hex'),
      digest,
    );
  });
}

test('names of digests are those of OpenSSL, in any case', () => {
  const names = crypto.getHashes();
  for (const name of ['md5', 'sha256', 'RSA-SHA256', 'shake128'])
    assert.ok(names.includes(name), name);
  for (const name of ['SHA256', 'sha-256', 'RSA-SHA256', 'SHA2-256'])
    assert.strictEqual(crypto.createHash(name).update('abc').digest('hex'), abc.sha256);
});

test('update() reads text in the encoding that it is given', () => {
  const digest = (...args) =>
    crypto
      .createHash('sha1')
      .update(...args)
      .digest('hex');
  assert.strictEqual(digest('616263', 'hex'), abc.sha1);
  assert.strictEqual(digest('YWJj', 'base64'), abc.sha1);
  assert.strictEqual(digest('\u00e9', 'latin1'), digest(Buffer.from([0xe9])));
  assert.notStrictEqual(digest('\u00e9'), digest('\u00e9', 'latin1'));
  assert.strictEqual(digest(new DataView(Uint8Array.from([0, 97, 98, 99]).buffer, 1)), abc.sha1);
});

test('digest() gives a Buffer, or text in an encoding, once', () => {
  const hash = crypto.createHash('md5').update('abc');
  const digest = hash.digest();
  assert.ok(Buffer.isBuffer(digest));
  assert.strictEqual(digest.toString('hex'), abc.md5);
  assert.strictEqual(
    crypto.createHash('md5').update('abc').digest('base64'),
    digest.toString('base64'),
  );
  assert.throws(() => hash.digest(), {
    code: 'ERR_CRYPTO_HASH_FINALIZED',
    message: 'Digest already called',
  });
  assert.throws(() => hash.update('x'), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
  assert.throws(() => hash.copy(), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
});

test('a copy goes on from the state of its hash', () => {
  const hash = crypto.createHash('sha256').update('a');
  const copy = hash.copy();
  assert.strictEqual(copy.update('bc').digest('hex'), abc.sha256);
  assert.strictEqual(hash.update('bc').digest('hex'), abc.sha256);
});

test('a hash is a stream', async () => {
  const hash = crypto.createHash('sha256');
  const result = new Promise((resolve, reject) => {
    hash.on('error', reject).once('readable', () => resolve(hash.read()));
  });
  hash.write('ab');
  hash.end(Buffer.from('c'));
  assert.strictEqual((await result).toString('hex'), abc.sha256);
  assert.strictEqual(hash.digest('hex'), abc.sha256);
  const piped = require('stream').Readable.from(['a', 'b', 'c']).pipe(crypto.createHash('sha1'));
  piped.setEncoding('hex');
  let text = '';
  for await (const part of piped) text += part;
  assert.strictEqual(text, abc.sha1);
});

test('outputLength is for digests of any length', () => {
  const digest = (outputLength) =>
    crypto.createHash('shake128', { outputLength }).update('').digest('hex');
  // FIPS 202, SHAKE128 of nothing.
  assert.strictEqual(digest(16), '7f9c2ba4e88f827d616045507605853e');
  assert.strictEqual(digest(undefined), digest(16));
  assert.strictEqual(digest(20).slice(0, 32), digest(16));
  assert.strictEqual(digest(0), '');
  assert.throws(() => crypto.createHash('sha256', { outputLength: 5 }), {
    code: 'ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH',
    library: 'digital envelope routines',
    reason: 'not XOF or invalid length',
  });
  assert.throws(() => crypto.createHash('shake128', { outputLength: -1 }), {
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('what is no digest and no data is refused by name', () => {
  assert.throws(() => crypto.createHash('nope'), { message: 'Digest method not supported' });
  assert.throws(() => crypto.createHash(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.createHash('md5').update(5), {
    code: 'ERR_INVALID_ARG_TYPE',
    message:
      'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.' +
      ' Received type number (5)',
  });
  assert.throws(() => crypto.createHash('md5').update(), { code: 'ERR_INVALID_ARG_TYPE' });
});

// RFC 4231.
test('HMAC is that of the RFC', () => {
  const mac = (name, key, data) => crypto.createHmac(name, key).update(data).digest('hex');
  assert.strictEqual(
    mac('sha256', Buffer.alloc(20, 0x0b), 'Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  assert.strictEqual(
    mac('sha256', 'Jefe', 'what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  assert.strictEqual(
    mac(
      'sha512',
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
    ),
    '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352' +
      '6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
  );
  assert.strictEqual(mac('md5', '', ''), '74e6f7298a9c2d168935f58c001bad88');
});

test('an HMAC is a stream, and its second digest is empty', async () => {
  const mac = crypto.createHmac('sha256', 'Jefe');
  mac.end('what do ya want for nothing?');
  const [bytes] = await require('events').once(mac, 'data');
  assert.strictEqual(bytes.toString('hex').slice(0, 8), '5bdcc146');
  const other = crypto.createHmac('md5', 'k');
  assert.strictEqual(other.digest().length, 16);
  assert.strictEqual(other.digest().length, 0);
  assert.throws(() => other.update('x'), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
  assert.throws(() => crypto.createHmac('nope', 'k'), {
    code: 'ERR_CRYPTO_INVALID_DIGEST',
    message: 'Invalid digest: nope',
  });
  assert.throws(() => crypto.createHmac('md5', 5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('many hashes at a time do not disturb each other', () => {
  const hashes = Array.from({ length: 100 }, () => crypto.createHash('sha256'));
  for (const letter of 'abc') for (const hash of hashes) hash.update(letter);
  for (const hash of hashes) assert.strictEqual(hash.digest('hex'), abc.sha256);
});
