'use strict';
// Keys as the bytes of their number or point alone.
const crypto = require('crypto');
const { inspect } = require('util');
const { program } = require('./harness');

const TYPES = {
  x25519: undefined,
  ed25519: undefined,
  ed448: undefined,
  ec: { namedCurve: 'P-256' },
  rsa: { modulusLength: 2048 },
};
const size = (result) => (Buffer.isBuffer(result) ? result.length : result);

program('export as raw bytes', (fact) => {
  for (const [type, options] of Object.entries(TYPES)) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
    const of = (label, run) => fact.of(`${type} ${label}`, run, size);
    of('public', () => publicKey.export({ format: 'raw-public' }));
    for (const form of ['compressed', 'uncompressed', 'x'])
      of(`public ${form}`, () => publicKey.export({ format: 'raw-public', type: form }));
    of('private', () => privateKey.export({ format: 'raw-private' }));
    of('seed', () => privateKey.export({ format: 'raw-seed' }));
    of('public of private', () => privateKey.export({ format: 'raw-public' }));
    of('private of public', () => publicKey.export({ format: 'raw-private' }));
    of('encrypted', () =>
      privateKey.export({ format: 'raw-private', passphrase: 'x', cipher: 'aes-128-cbc' }),
    );
    of('generated', () => {
      const pair = crypto.generateKeyPairSync(type, {
        ...options,
        publicKeyEncoding: { format: 'raw-public' },
        privateKeyEncoding: { format: 'raw-private' },
      });
      return [pair.publicKey.length, pair.privateKey.length];
    });
  }
});

program('import of raw bytes', (fact) => {
  for (const [type, options] of Object.entries(TYPES)) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
    const input = (key, format) => ({
      key: key.export({ format }),
      format,
      asymmetricKeyType: type,
      ...options,
    });
    const equal = (label, make, key) => fact.of(`${type} ${label}`, () => make().equals(key));
    equal('public', () => crypto.createPublicKey(input(publicKey, 'raw-public')), publicKey);
    equal('private', () => crypto.createPrivateKey(input(privateKey, 'raw-private')), privateKey);
    equal(
      'public of private',
      () => crypto.createPublicKey(input(privateKey, 'raw-private')),
      publicKey,
    );
  }
  const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const point = ec.publicKey.export({ format: 'raw-public', type: 'compressed' });
  fact(
    'a compressed point',
    crypto
      .createPublicKey({
        key: point,
        format: 'raw-public',
        asymmetricKeyType: 'ec',
        namedCurve: 'P-384',
      })
      .equals(ec.publicKey),
  );
});

program('wrong raw bytes', (fact) => {
  const key = Buffer.alloc(32, 1);
  for (const how of [
    {},
    { asymmetricKeyType: 5 },
    { asymmetricKeyType: 'nope' },
    { asymmetricKeyType: 'X25519' },
    { asymmetricKeyType: 'ec' },
    { asymmetricKeyType: 'ec', namedCurve: 'nope' },
    { asymmetricKeyType: 'ec', namedCurve: 'P-256' },
    { asymmetricKeyType: 'x25519' },
    { asymmetricKeyType: 'x448' },
    { asymmetricKeyType: 'rsa' },
  ]) {
    const name = inspect(how);
    fact.of(
      `public ${name}`,
      () => crypto.createPublicKey({ key, format: 'raw-public', ...how }).asymmetricKeyType,
    );
    for (const format of ['raw-private', 'raw-seed'])
      fact.of(
        `${format} ${name}`,
        () => crypto.createPrivateKey({ key, format, ...how }).asymmetricKeyType,
      );
  }
  const of = { asymmetricKeyType: 'x25519' };
  fact.of('text', () => crypto.createPublicKey({ key: 'x', format: 'raw-public', ...of }));
  fact.of('a public one for a private', () =>
    crypto.createPrivateKey({ key, format: 'raw-public', ...of }),
  );
  fact.of('no such format', () => crypto.createPrivateKey({ key, format: 'raw', ...of }));
});
