'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

test('both sides of Diffie-Hellman get the same secret', () => {
  for (const name of ['modp5', 'modp14']) {
    const [alice, bob] = [crypto.getDiffieHellman(name), crypto.createDiffieHellmanGroup(name)];
    alice.generateKeys();
    const secret = alice.computeSecret(bob.generateKeys('hex'), 'hex');
    assert.deepStrictEqual(bob.computeSecret(alice.getPublicKey()), secret);
    assert.strictEqual(secret.length, alice.getPrime().length);
    assert.strictEqual(alice.verifyError, 0);
    assert.strictEqual(alice.setPrivateKey, undefined);
  }
  const first = crypto.createDiffieHellman(256);
  assert.strictEqual(first.verifyError, 0);
  const second = crypto.createDiffieHellman(first.getPrime('hex'), 'hex', first.getGenerator());
  first.generateKeys();
  const shared = first.computeSecret(second.generateKeys(), null, 'hex');
  assert.strictEqual(second.computeSecret(first.getPublicKey(), null, 'hex'), shared);
});

test('keys of Diffie-Hellman out of range are refused', () => {
  const side = crypto.getDiffieHellman('modp5');
  assert.throws(() => side.getPublicKey(), { code: 'ERR_CRYPTO_INVALID_STATE' });
  assert.throws(() => side.computeSecret(Buffer.from([5])), {
    code: 'ERR_CRYPTO_INVALID_KEYPAIR',
  });
  side.generateKeys();
  for (const key of [Buffer.alloc(0), Buffer.from([0]), Buffer.from([1])])
    assert.throws(() => side.computeSecret(key), { message: 'Supplied key is too small' });
  assert.throws(() => side.computeSecret(side.getPrime()), {
    message: 'Supplied key is too large',
  });
  assert.throws(() => crypto.getDiffieHellman('modp3'), { code: 'ERR_CRYPTO_UNKNOWN_DH_GROUP' });
  assert.throws(() => crypto.createDiffieHellman({}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => crypto.createDiffieHellman(1), { code: 'ERR_OUT_OF_RANGE' });
  const odd = crypto.createDiffieHellman(Buffer.from([0]));
  assert.throws(() => odd.generateKeys());
});

test('both sides of ECDH get the same secret, whatever the form of the points', () => {
  for (const curve of ['prime256v1', 'P-384', 'secp256k1']) {
    const [alice, bob] = [crypto.createECDH(curve), crypto.createECDH(curve)];
    alice.generateKeys();
    const secret = alice.computeSecret(bob.generateKeys('base64', 'compressed'), 'base64', 'hex');
    assert.strictEqual(bob.computeSecret(alice.getPublicKey(null, 'hybrid'), null, 'hex'), secret);
    const copy = crypto.createECDH(curve);
    copy.setPrivateKey(alice.getPrivateKey('hex'), 'hex');
    assert.deepStrictEqual(copy.getPublicKey(), alice.getPublicKey());
  }
});

test('points off the curve and keys out of range are refused', () => {
  const side = crypto.createECDH('prime256v1');
  assert.throws(() => side.computeSecret(Buffer.alloc(65, 4)), {
    code: 'ERR_CRYPTO_OPERATION_FAILED',
  });
  side.generateKeys();
  for (const point of [
    Buffer.alloc(0),
    Buffer.alloc(1),
    Buffer.alloc(65, 4),
    Buffer.alloc(33, 0xff),
  ])
    assert.throws(() => side.computeSecret(point), { code: 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY' });
  for (const key of [Buffer.alloc(32), Buffer.alloc(32, 0xff), Buffer.alloc(100, 1)])
    assert.throws(() => side.setPrivateKey(key), {
      message: 'Private key is not valid for specified curve.',
    });
  assert.throws(() => side.getPublicKey(null, 'nope'), { code: 'ERR_CRYPTO_ECDH_INVALID_FORMAT' });
  assert.throws(() => crypto.createECDH('nope'), { code: 'ERR_CRYPTO_INVALID_CURVE' });
});

test('diffieHellman() gives both sides the same secret', () => {
  for (const [type, options] of [['x25519'], ['x448'], ['ec', { namedCurve: 'P-256' }]]) {
    const [one, other] = [
      crypto.generateKeyPairSync(type, options),
      crypto.generateKeyPairSync(type, options),
    ];
    const secret = crypto.diffieHellman({ privateKey: one.privateKey, publicKey: other.publicKey });
    assert.deepStrictEqual(
      crypto.diffieHellman({ privateKey: other.privateKey, publicKey: one.publicKey }),
      secret,
    );
  }
});

test('diffieHellman() takes two keys of one kind', () => {
  const x25519 = crypto.generateKeyPairSync('x25519');
  const x448 = crypto.generateKeyPairSync('x448');
  assert.throws(
    () => crypto.diffieHellman({ privateKey: x25519.privateKey, publicKey: x448.publicKey }),
    {
      code: 'ERR_CRYPTO_INCOMPATIBLE_KEY',
    },
  );
  assert.throws(
    () => crypto.diffieHellman({ privateKey: x25519.publicKey, publicKey: x25519.publicKey }),
    {
      code: 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE',
    },
  );
  assert.throws(() => crypto.diffieHellman({ privateKey: x25519.privateKey }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  // A point of small order gives a secret that anyone knows.
  const zero = crypto.createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32).toString('base64url') },
    format: 'jwk',
  });
  assert.throws(() => crypto.diffieHellman({ privateKey: x25519.privateKey, publicKey: zero }), {
    code: /^ERR_OSSL/,
  });
});

test('primes are generated and recognised', async () => {
  const { promisify } = require('util');
  const prime = crypto.generatePrimeSync(64, { bigint: true });
  assert.strictEqual(typeof prime, 'bigint');
  assert.ok(crypto.checkPrimeSync(prime));
  const safe = await promisify(crypto.generatePrime)(64, { safe: true, bigint: true });
  assert.ok(crypto.checkPrimeSync((safe - 1n) / 2n));
  assert.strictEqual(await promisify(crypto.checkPrime)(15n), false);
  const added = crypto.generatePrimeSync(32, { add: 12n, rem: 11n, bigint: true });
  assert.strictEqual(added % 12n, 11n);
  assert.throws(() => crypto.generatePrimeSync(0), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => crypto.checkPrimeSync(-1n), { code: 'ERR_OUT_OF_RANGE' });
});

test('ECDH does not compute with a public key that is not that of the private one', () => {
  const [alice, bob] = [crypto.createECDH('prime256v1'), crypto.createECDH('prime256v1')];
  alice.generateKeys();
  bob.generateKeys();
  alice.setPublicKey(bob.getPublicKey());
  assert.throws(() => alice.computeSecret(bob.getPublicKey()), {
    code: 'ERR_CRYPTO_INVALID_KEYPAIR',
  });
});

test('a secret of two keys is as long as the prime, whatever its value', () => {
  const prime = crypto.getDiffieHellman('modp5').getPrime();
  for (let i = 0; i < 300; i++) {
    const [own, other] = [0, 1].map(() => crypto.generateKeyPairSync('dh', { prime }));
    const secret = crypto.diffieHellman({
      privateKey: own.privateKey,
      publicKey: other.publicKey,
    });
    assert.strictEqual(secret.length, prime.length);
    if (secret[0] === 0) return;
  }
});
