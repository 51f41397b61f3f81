'use strict';
// Secrets from passwords, for the owners of keys, and in archives. What only later versions of
// OpenSSL have is in test/js/crypto.
const crypto = require('crypto');
const { inspect } = require('util');
const { program } = require('./harness');

const shown = (value) => inspect(value, { breakLength: Infinity }).split('\n')[0].slice(0, 40);

program('SIV', (fact) => {
  const key = Buffer.alloc(32, 1);
  const cipher = crypto.createCipheriv('aes-128-siv', key, null);
  cipher.setAAD(Buffer.from('aad'));
  const text = Buffer.concat([cipher.update('hello'), cipher.final()]);
  const tag = cipher.getAuthTag();
  fact('encrypted', text.toString('hex'), tag.toString('hex'));
  const decrypt = (given, aad) => {
    const decipher = crypto.createDecipheriv('aes-128-siv', key, null);
    if (aad) decipher.setAAD(Buffer.from(aad));
    if (given) decipher.setAuthTag(given);
    return `${decipher.update(text)}${decipher.final()}`;
  };
  fact('decrypted', decrypt(tag, 'aad'));
  fact.of('a wrong tag', () => decrypt(Buffer.alloc(16), 'aad'));
  fact.of('other data', () => decrypt(tag, 'aae'));
  fact.of('no tag', () => decrypt(undefined, 'aad'));
  fact.of('a second text', () => {
    const other = crypto.createCipheriv('aes-128-siv', key, null);
    return [other.update('a'), other.update('b')].length;
  });
  fact('mode', crypto.getCipherInfo('aes-128-siv').mode);
});

program('arguments of argon2()', (fact) => {
  const usual = { nonce: '12345678', parallelism: 1, tagLength: 16, memory: 64, passes: 1 };
  const parameters = { message: 'pw', ...usual };
  for (const algorithm of ['argon2', 'ARGON2ID', 5, undefined])
    fact.of(`algorithm ${algorithm}`, () => crypto.argon2Sync(algorithm, parameters));
  for (const bad of [undefined, null, 5, {}, []])
    fact.of(`parameters ${shown(bad)}`, () => crypto.argon2Sync('argon2id', bad));
  const wrong = {
    message: [5, null],
    nonce: [5, 'short', '', null],
    parallelism: [0, -1, 1.5, '1', 2 ** 24, null],
    tagLength: [0, 3, 1.5, 'x', 2 ** 32, null],
    memory: [0, 7, '8', 2 ** 32, 1.5, null],
    passes: [0, 1.5, 2 ** 32, '1', null],
    secret: [5, null],
    associatedData: [5, null],
  };
  for (const [name, values] of Object.entries(wrong))
    for (const value of values)
      fact.of(`${name} ${shown(value)}`, () =>
        crypto.argon2Sync('argon2id', { ...parameters, [name]: value }),
      );
  fact.of('memory for the lanes', () =>
    crypto.argon2Sync('argon2id', { ...parameters, parallelism: 9 }),
  );
  fact('lengths', crypto.argon2.length, crypto.argon2Sync.length);
});

program('encapsulate() and decapsulate()', async (fact) => {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
  fact('sizes', sharedKey.length, ciphertext.length);
  fact('the same', crypto.decapsulate(privateKey, ciphertext).equals(sharedKey));
  fact('by a private key', crypto.encapsulate(privateKey).sharedKey.length);
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  const jwk = publicKey.export({ format: 'jwk' });
  for (const [name, key] of Object.entries({
    undefined,
    number: 5,
    object: {},
    text: 'x',
    secret: crypto.createSecretKey('abc', 'utf8'),
    pem,
    named: { key: publicKey },
    jwk: { key: jwk, format: 'jwk' },
  }))
    fact.of(`key ${name}`, () => crypto.encapsulate(key).sharedKey.length);
  for (const bad of [undefined, null, 5, {}, 'x', Buffer.alloc(0), new ArrayBuffer(2)])
    fact.of(`ciphertext ${shown(bad)}`, () => crypto.decapsulate(privateKey, bad));
  fact.of('with a public key', () => crypto.decapsulate(publicKey, ciphertext));
  for (const [type, options] of [
    ['ed25519'],
    ['dh', { group: 'modp14' }],
    ['rsa-pss', { modulusLength: 2048 }],
  ]) {
    const pair = crypto.generateKeyPairSync(type, options);
    fact.of(`${type} encapsulates`, () => crypto.encapsulate(pair.publicKey));
    fact.of(`${type} decapsulates`, () => crypto.decapsulate(pair.privateKey, Buffer.alloc(5)));
  }
  for (const bad of [5, null]) {
    fact.of(`callback ${bad}`, () => crypto.encapsulate(publicKey, bad));
    fact.of(`callback of the other ${bad}`, () => crypto.decapsulate(privateKey, ciphertext, bad));
  }
  const later = (run, ...args) =>
    new Promise((resolve) => {
      run(...args, (...results) => resolve(results));
    });
  const [error, result] = await later(crypto.encapsulate, publicKey);
  fact('callback', error, Object.keys(result));
  fact('callback of a failure', ...(await later(crypto.decapsulate, privateKey, Buffer.alloc(3))));
});

program('parsePKCS12()', (fact) => {
  const bundle = require('fs').readFileSync(`${process.env.SLUICE_TEST_KEYS}/server.pfx`);
  const parse = (...args) => {
    const found = crypto.parsePKCS12(...args);
    return [
      ...Object.keys(found),
      found.privateKey?.asymmetricKeyType,
      found.certificate?.subject,
      found.certificate?.checkPrivateKey(found.privateKey),
      found.additionalCertificates.map((one) => one.subject),
    ];
  };
  const memory = bundle.buffer.slice(bundle.byteOffset, bundle.byteOffset + bundle.length);
  for (const passphrase of ['secret', Buffer.from('secret'), 'wrong', '', undefined, null, 5])
    fact.of(`passphrase ${shown(passphrase)}`, () => parse(bundle, { passphrase }));
  fact.of('no passphrase', () => parse(bundle));
  fact.of('a null byte', () => parse(bundle, { passphrase: 'secret\0' }));
  fact.of('ArrayBuffer', () => parse(memory, { passphrase: 'secret' }));
  fact.of('DataView', () => parse(new DataView(memory), { passphrase: 'secret' }));
  for (const bad of [undefined, null, 5, 'x', {}])
    fact.of(`bundle ${shown(bad)}`, () => parse(bad, { passphrase: 'secret' }));
  for (const bytes of [Buffer.alloc(0), Buffer.from('abc'), bundle.subarray(0, 100)])
    fact.of(`${bytes.length} bytes`, () => parse(bytes, { passphrase: 'secret' }));
  for (const options of [null, 5, 'secret', []])
    fact.of(`options ${shown(options)}`, () => parse(bundle, options));
  fact('length', crypto.parsePKCS12.length);
});

program('signatureAlgorithm of certificates', (fact) => {
  const { readFileSync } = require('fs');
  const read = (name) => readFileSync(`${process.env.SLUICE_TEST_KEYS}/${name}.pem`);
  for (const name of ['server', 'ca']) {
    const certificate = new crypto.X509Certificate(read(name));
    fact(name, certificate.signatureAlgorithm, certificate.signatureAlgorithmOid);
  }
});

program('primes that are too long to compute with', (fact) => {
  for (const size of [1250, 1251, 4096, 4097, 100000]) {
    const prime = Buffer.alloc(size, 0xff);
    const of = (label, run) => fact.of(`${size} ${label}`, run);
    of('check', () => crypto.createDiffieHellman(prime).verifyError);
    of('compute', () => {
      const exchange = crypto.createDiffieHellman(prime);
      exchange.setPrivateKey(Buffer.from([5]));
      return exchange.computeSecret(Buffer.from([3])).length;
    });
  }
  for (const bits of [10001, 20000, 2 ** 31 - 1])
    fact.of(`${bits} bits`, () => crypto.createDiffieHellman(bits));
});

program('diffieHellman() with keys in all forms', (fact) => {
  const [own, other] = [1, 2].map(() => crypto.generateKeyPairSync('x25519'));
  const agree = (privateKey, publicKey) =>
    crypto
      .diffieHellman({ privateKey, publicKey })
      .equals(crypto.diffieHellman({ privateKey: other.privateKey, publicKey: own.publicKey }));
  fact('KeyObjects', agree(own.privateKey, other.publicKey));
  fact('of a private key', agree(own.privateKey, other.privateKey));
  fact(
    'PEM',
    agree(
      own.privateKey.export({ format: 'pem', type: 'pkcs8' }),
      other.publicKey.export({ format: 'pem', type: 'spki' }),
    ),
  );
  fact(
    'DER and JWK',
    agree(
      {
        key: own.privateKey.export({ format: 'der', type: 'pkcs8' }),
        format: 'der',
        type: 'pkcs8',
      },
      { key: other.publicKey.export({ format: 'jwk' }), format: 'jwk' },
    ),
  );
  for (const [privateKey, publicKey] of [
    [undefined, other.publicKey],
    [null, other.publicKey],
    [own.privateKey, undefined],
    [own.privateKey, null],
    [own.publicKey, other.publicKey],
    [own.privateKey, crypto.createSecretKey('abc', 'utf8')],
    [own.privateKey, crypto.generateKeyPairSync('x448').publicKey],
  ])
    fact.of(`keys ${shown(privateKey)} ${shown(publicKey)}`, () =>
      crypto.diffieHellman({ privateKey, publicKey }),
    );
});

program('context of signatures', (fact) => {
  const keys = {
    ed25519: [undefined, crypto.generateKeyPairSync('ed25519')],
    rsa: ['sha256', crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ec: ['sha256', crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  };
  const data = Buffer.from('x');
  for (const [type, [digest, { privateKey, publicKey }]] of Object.entries(keys)) {
    const signature = crypto.sign(digest, data, privateKey);
    const contexts = [undefined, null, '', 5, 'ctx', Buffer.alloc(0), new ArrayBuffer(2)];
    if (type !== 'ed25519') contexts.push(Buffer.from('ctx'));
    for (const context of contexts) {
      const name = `${type} ${shown(context)}`;
      fact.of(
        `${name} sign`,
        () => crypto.sign(digest, data, { key: privateKey, context }),
        Buffer.isBuffer,
      );
      fact.of(`${name} verify`, () =>
        crypto.verify(digest, data, { key: publicKey, context }, signature),
      );
    }
    fact.of(`${type} too long`, () =>
      crypto.sign(digest, data, { key: privateKey, context: Buffer.alloc(256) }),
    );
  }
});
