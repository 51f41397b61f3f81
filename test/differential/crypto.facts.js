'use strict';
const crypto = require('crypto');
const { promisify, inspect } = require('util');
const { program } = require('./harness');

/** An error of OpenSSL without what its versions say otherwise. */
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = crypto.generateKeyPairSync('ed25519');
const hex = (bytes) => Buffer.from(bytes).toString('hex');

program('what the module exports', (fact) => {
  for (const name of [
    'Certificate',
    'Cipheriv',
    'Decipheriv',
    'DiffieHellman',
    'DiffieHellmanGroup',
    'ECDH',
    'Hash',
    'Hmac',
    'KeyObject',
    'Sign',
    'Verify',
    'X509Certificate',
    'checkPrime',
    'checkPrimeSync',
    'constants',
    'createHash',
    'diffieHellman',
    'generateKey',
    'generateKeyPair',
    'generatePrime',
    'getCipherInfo',
    'getCiphers',
    'getCurves',
    'getDiffieHellman',
    'getFips',
    'getHashes',
    'getRandomValues',
    'hash',
    'hkdf',
    'pbkdf2',
    'privateDecrypt',
    'pseudoRandomBytes',
    'publicEncrypt',
    'randomBytes',
    'randomFill',
    'randomInt',
    'randomUUID',
    'scrypt',
    'secureHeapUsed',
    'sign',
    'subtle',
    'timingSafeEqual',
    'verify',
    'webcrypto',
  ])
    fact(name, typeof crypto[name]);
  fact('same', crypto.webcrypto === globalThis.crypto, crypto.subtle === globalThis.crypto.subtle);
});

program('hashes', (fact) => {
  for (const name of [
    'md5',
    'SHA1',
    'sha256',
    'RSA-SHA512',
    'sha3-256',
    'shake128',
    'blake2b512',
    'ripemd160',
    'sha512-256',
  ])
    fact.of(name, () => crypto.createHash(name).update('a').update(Buffer.from('b')).digest('hex'));
  for (const bad of [undefined, null, 5, 'none', {}])
    fact.of(`createHash ${bad}`, () => crypto.createHash(bad));
  for (const options of [
    { outputLength: 5 },
    { outputLength: -1 },
    { outputLength: 'x' },
    { outputLength: 0 },
    5,
    null,
  ]) {
    fact.of(`sha256 ${inspect(options)}`, () =>
      crypto.createHash('sha256', options).update('a').digest('hex'),
    );
    fact.of(`shake128 ${inspect(options)}`, () =>
      crypto.createHash('shake128', options).update('a').digest('hex'),
    );
  }
  const hash = crypto.createHash('sha1');
  for (const bad of [undefined, null, 5, {}, [], true])
    fact.of(`update ${inspect(bad)}`, () => hash.update(bad));
  fact.of('encodings', () => [
    hash.update('6162', 'hex').copy().digest('base64'),
    hash.copy().digest('latin1').length,
    hash.copy().digest('x'),
  ]);
  fact('digest', hash.digest().length);
  for (const name of ['digest', 'copy']) fact.of(`${name} again`, () => hash[name]());
  fact.of('update after', () => hash.update('x'));
  for (const args of [
    ['sha256', 'a'],
    ['sha256', 'a', 'base64'],
    ['sha256', Buffer.from('a'), 'buffer'],
    ['sha256', 5],
    ['none', 'a'],
    [5, 'a'],
    ['sha256', 'a', 'x'],
    ['sha256', 'a', 5],
    ['shake256', 'a', { outputLength: 4 }],
  ])
    fact.of(`hash ${inspect(args)}`, () => crypto.hash(...args));
  for (const args of [
    ['sha256', 'k'],
    ['none', 'k'],
    ['sha256', undefined],
    ['sha256', 5],
    [5, 'k'],
    ['sha256', crypto.createSecretKey(Buffer.from('k'))],
    ['sha256', rsa.publicKey],
  ])
    fact.of(`hmac ${typeof args[1]} ${args[0]}`, () =>
      crypto
        .createHmac(...args)
        .update('a')
        .digest('hex'),
    );
  const hmac = crypto.createHmac('md5', 'k');
  hmac.digest();
  fact.of('hmac again', () => hmac.digest('hex'));
  fact.of('hmac update', () => hmac.update('x'));
});

program('random', (fact) => {
  for (const size of [0, 5, -1, 1.5, 'x', null, undefined, 2 ** 32, NaN])
    fact.of(`randomBytes ${size}`, () => crypto.randomBytes(size).length);
  fact.of('callback', () => crypto.randomBytes(1, 5));
  for (const args of [
    [],
    ['x'],
    [Buffer.alloc(4), 5],
    [Buffer.alloc(4), -1],
    [Buffer.alloc(4), 1, 9],
    [Buffer.alloc(4), 'x'],
    [Buffer.alloc(4), 1, 2],
    [new ArrayBuffer(2)],
    [[]],
  ])
    fact.of(
      `randomFillSync ${args.length} ${args[0]?.constructor.name} ${args[1]} ${args[2]}`,
      () => crypto.randomFillSync(...args),
      (one) => one.byteLength,
    );
  for (const args of [
    [],
    [0],
    [5],
    [5, 5],
    [5, 3],
    ['x'],
    [1.5],
    [0, 2 ** 48],
    [-(2 ** 47), 2 ** 47],
    [5, 6],
    [5, 'x'],
    [2 ** 53],
    [1, 2, 3],
  ])
    fact.of(`randomInt ${args}`, () => typeof crypto.randomInt(...args));
  for (const options of [
    undefined,
    {},
    { disableEntropyCache: true },
    { disableEntropyCache: 5 },
    5,
    null,
  ])
    fact.of(`randomUUID ${inspect(options)}`, () =>
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/.test(crypto.randomUUID(options)),
    );
  for (const args of [
    [Buffer.from('a'), Buffer.from('a')],
    [Buffer.from('a'), Buffer.from('b')],
    [Buffer.from('a'), Buffer.from('ab')],
    ['a', 'a'],
    [Buffer.from('a')],
  ])
    fact.of(`timingSafeEqual ${inspect(args)}`, () => crypto.timingSafeEqual(...args));
  for (const bad of [
    new Float32Array(1),
    'x',
    Buffer.alloc(65537),
    [1],
    new DataView(new ArrayBuffer(1)),
  ])
    fact.of(
      `getRandomValues ${bad.constructor.name}`,
      () => crypto.getRandomValues(bad),
      (one) => one.length,
    );
});

program('keys from passwords', async (fact) => {
  for (const args of [
    ['p', 's', 1, 8, 'sha1'],
    ['p', 's', 0, 8, 'sha1'],
    ['p', 's', 1, -1, 'sha1'],
    ['p', 's', 1, 0, 'sha1'],
    ['p', 's', 1, 8],
    ['p', 's', 1, 8, 'none'],
    [5, 's', 1, 8, 'sha1'],
    ['p', 5, 1, 8, 'sha1'],
    ['p', 's', 'x', 8, 'sha1'],
    ['p', 's', 1, 'x', 'sha1'],
    ['p', 's', 1, 2 ** 31, 'sha1'],
  ])
    fact.of(`pbkdf2Sync ${args}`, () => crypto.pbkdf2Sync(...args).toString('hex'));
  fact.of('pbkdf2 callback', () => crypto.pbkdf2('p', 's', 1, 8, 'sha1', 5));
  fact('pbkdf2', hex(await promisify(crypto.pbkdf2)('p', 's', 1, 8, 'sha1')));
  for (const args of [
    ['p', 's', 8],
    ['p', 's', 8, { N: 3 }],
    ['p', 's', 8, { N: 1 }],
    ['p', 's', 8, { N: 2 ** 20 }],
    ['p', 's', 8, { r: 0 }],
    ['p', 's', 8, { cost: 16, N: 16 }],
    ['p', 's', 8, { N: 'x' }],
    ['p', 's', 8, 5],
    ['p', 's', -1],
    ['p', 's', 'x'],
    [5, 's', 8],
    ['p', 's', 8, { maxmem: -1 }],
    ['p', 's', 8, { p: 2 ** 30 }],
    ['p', 's', 0],
  ])
    fact.of(`scryptSync ${inspect(args)}`, () => crypto.scryptSync(...args).toString('hex'));
  for (const args of [
    ['sha256', 'k', 's', 'i', 8],
    ['none', 'k', 's', 'i', 8],
    ['sha256', 'k', 's', 'i', 255 * 32 + 1],
    ['sha256', 'k', 's', 'x'.repeat(1025), 8],
    ['sha256', 5, 's', 'i', 8],
    ['sha256', 'k', 's', 5, 8],
    ['sha256', 'k', 's', 'i', -1],
    ['sha256', 'k', '', '', 0],
    [5, 'k', 's', 'i', 8],
  ])
    fact.of(`hkdfSync ${inspect(args).slice(0, 50)}`, () => hex(crypto.hkdfSync(...args)));
});

program('ciphers', (fact) => {
  const key = Buffer.alloc(32, 1);
  const iv = Buffer.alloc(16, 2);
  for (const name of [
    'aes-256-cbc',
    'aes-256-ctr',
    'AES-256-ECB',
    'aes-256-gcm',
    'aes-256-ccm',
    'aes-256-ocb',
    'chacha20-poly1305',
    'aes-256-wrap',
    'des-ede3-cbc',
    'aes256',
    'none',
  ])
    fact.of(
      `info ${name}`,
      () => crypto.getCipherInfo(name),
      (one) => one && Object.entries(one).sort(),
    );
  for (const args of [
    ['aes-256-cbc', { keyLength: 16 }],
    ['aes-256-gcm', { ivLength: 5 }],
    [427],
    ['aes-256-cbc', { ivLength: 'x' }],
    ['aes-256-cbc', 5],
  ])
    fact.of(
      `info ${inspect(args)}`,
      () => crypto.getCipherInfo(...args),
      (one) => one && Object.entries(one).sort(),
    );
  for (const args of [
    ['aes-256-cbc', key, iv],
    ['aes-256-cbc', key.subarray(1), iv],
    ['aes-256-cbc', key, iv.subarray(1)],
    ['aes-256-cbc', key, null],
    ['aes-256-ecb', key, null],
    ['aes-256-ecb', key, iv],
    ['none', key, iv],
    [5, key, iv],
    ['aes-256-cbc', 5, iv],
    ['aes-256-cbc', key, 5],
    ['aes-256-gcm', key, Buffer.alloc(0)],
    ['aes-256-gcm', key, iv, { authTagLength: 4 }],
    ['aes-256-gcm', key, iv, { authTagLength: 5 }],
    ['aes-256-ccm', key, iv.subarray(4)],
    ['aes-256-ccm', key, iv.subarray(4), { authTagLength: 3 }],
    ['aes-256-ocb', key, iv.subarray(4)],
    ['chacha20-poly1305', key, iv.subarray(4)],
    ['aes-256-cbc', crypto.createSecretKey(key), iv],
    ['aes-256-cbc', rsa.publicKey, iv],
    ['aes-256-cbc', key.toString('latin1'), iv.toString('latin1')],
  ]) {
    fact.of(
      `createCipheriv ${args[0]} ${args[1]?.length} ${args[2]?.length} ${inspect(args[3])}`,
      () => crypto.createCipheriv(...args).update('text', 'utf8', 'hex'),
    );
    fact.of(
      'createDecipheriv',
      () => crypto.createDecipheriv(...args),
      (one) => one.constructor.name,
    );
  }
  const cipher = crypto.createCipheriv('aes-256-cbc', key, iv);
  const text = cipher.update('some text', 'utf8', 'base64') + cipher.final('base64');
  fact('cbc', text);
  for (const name of ['final', 'update', 'setAutoPadding', 'getAuthTag', 'setAAD'])
    fact.of(`${name} after final`, () => cipher[name]('x'));
  for (const bad of [5, null, {}, undefined])
    fact.of(`update ${bad}`, () => crypto.createCipheriv('aes-256-cbc', key, iv).update(bad));
  const damaged = crypto.createDecipheriv('aes-256-cbc', key, iv);
  damaged.update('x'.repeat(16));
  fact.of('bad padding', () => damaged.final());
  const short = crypto.createDecipheriv('aes-256-cbc', key, iv);
  short.update('x');
  fact.of('short', () => short.final());
  const bare = crypto.createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  bare.update('x');
  fact.of('no padding', () => bare.final());
  const gcm = crypto.createCipheriv('aes-256-gcm', key, iv);
  fact.of('tag before', () => gcm.getAuthTag());
  gcm.setAAD(Buffer.from('aad'));
  const sealed = gcm.update('secret', 'utf8', 'hex') + gcm.final('hex');
  const tag = gcm.getAuthTag();
  fact('gcm', sealed, tag);
  for (const [name, change] of Object.entries({
    right: () => {},
    'no tag': 'skip',
    'wrong tag': (one) => one.setAuthTag(Buffer.alloc(16)),
    'other aad': (one) => one.setAAD(Buffer.from('x')),
  })) {
    const open = crypto.createDecipheriv('aes-256-gcm', key, iv);
    fact.of(name, () => {
      open.setAAD(Buffer.from('aad'));
      if (change !== 'skip') {
        open.setAuthTag(tag);
        change(open);
      }
      return open.update(sealed, 'hex', 'utf8') + open.final('utf8');
    });
  }
  for (const bad of [Buffer.alloc(3), Buffer.alloc(17), 'x', 5, null, Buffer.alloc(12)])
    fact.of(
      `setAuthTag ${inspect(bad)}`,
      () => crypto.createDecipheriv('aes-256-gcm', key, iv).setAuthTag(bad),
      () => 'set',
    );
});

program('keys', (fact) => {
  for (const key of [
    rsa.publicKey,
    rsa.privateKey,
    ec.publicKey,
    ed.privateKey,
    crypto.createSecretKey(Buffer.from('s')),
  ])
    fact(
      'is',
      key.constructor.name,
      key.type,
      key.asymmetricKeyType,
      key.asymmetricKeyDetails,
      key.symmetricKeySize,
      Object.prototype.toString.call(key),
    );
  for (const options of [
    undefined,
    {},
    { format: 'pem' },
    { type: 'spki' },
    { type: 'spki', format: 'x' },
    { type: 'x', format: 'pem' },
    { type: 'pkcs1', format: 'pem' },
    { type: 'pkcs8', format: 'pem' },
    { format: 'jwk' },
    { type: 'spki', format: 'der' },
    { type: 'spki', format: 'pem', cipher: 'aes-128-cbc' },
  ])
    for (const [name, key] of [
      ['rsa', rsa.publicKey],
      ['ec', ec.publicKey],
      ['ed', ed.publicKey],
    ])
      fact.of(
        `export ${name} ${inspect(options)}`,
        () => key.export(options),
        (one) =>
          typeof one === 'string'
            ? one.split('\n')[0]
            : Object.keys(one).length > 20
              ? 'bytes'
              : Object.keys(one),
      );
  for (const options of [
    { type: 'pkcs8', format: 'pem' },
    { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc' },
    { type: 'pkcs8', format: 'pem', cipher: 'none', passphrase: 'x' },
    { type: 'pkcs8', format: 'pem', cipher: 5, passphrase: 'x' },
    { type: 'pkcs8', format: 'pem', passphrase: 'x' },
    { type: 'sec1', format: 'pem' },
    { type: 'pkcs1', format: 'der', cipher: 'aes-128-cbc', passphrase: 'x' },
    { format: 'jwk', cipher: 'aes-128-cbc', passphrase: 'x' },
  ])
    for (const [name, key] of [
      ['rsa', rsa.privateKey],
      ['ec', ec.privateKey],
    ])
      fact.of(
        `export private ${name} ${inspect(options)}`,
        () => key.export(options),
        (one) => (typeof one === 'string' ? one.split('\n')[0] : 'bytes'),
      );
  for (const bad of [
    undefined,
    null,
    5,
    '',
    'x',
    {},
    { key: 5 },
    { key: 'x', format: 'x' },
    { key: 'x', format: 'der' },
    { key: 'x', format: 'der', type: 'x' },
    { key: {}, format: 'jwk' },
    { key: { kty: 'RSA' }, format: 'jwk' },
    { key: { kty: 'x' }, format: 'jwk' },
    { key: Buffer.from('x'), format: 'der', type: 'pkcs1' },
    { key: 'x', encoding: 'x' },
  ])
    for (const name of ['createPrivateKey', 'createPublicKey'])
      fact.of(
        `${name} ${inspect(bad)}`,
        () => crypto[name](bad),
        (one) => one.type,
      );
  for (const bad of [undefined, null, 5, '', 'text', {}, Buffer.alloc(0), rsa.publicKey])
    fact.of(
      `createSecretKey ${typeof bad === 'object' && bad?.constructor.name}`,
      () => crypto.createSecretKey(bad),
      (one) => one.symmetricKeySize,
    );
  fact.of(
    'private as public',
    () => crypto.createPublicKey(rsa.privateKey),
    (one) => one.equals(rsa.publicKey),
  );
  fact.of('public as private', () => crypto.createPrivateKey(rsa.publicKey));
  for (const other of [rsa.publicKey, rsa.privateKey, 5, null])
    fact.of('equals', () => rsa.publicKey.equals(other));
  const locked = rsa.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-128-cbc',
    passphrase: 'right',
  });
  for (const passphrase of [undefined, 'wrong', 'right', 5, Buffer.from('right'), 'x'.repeat(1025)])
    fact.of(
      `passphrase ${String(passphrase).slice(0, 8)}`,
      () => crypto.createPrivateKey({ key: locked, passphrase }),
      (one) => one.type,
    );
});

program('making keys', async (fact) => {
  for (const args of [
    [],
    ['x'],
    ['rsa'],
    ['rsa', {}],
    ['rsa', { modulusLength: 'x' }],
    ['rsa', { modulusLength: 512, publicExponent: 'x' }],
    ['rsa', { modulusLength: -1 }],
    ['ec'],
    ['ec', {}],
    ['ec', { namedCurve: 'x' }],
    ['ec', { namedCurve: 5 }],
    ['ec', { namedCurve: 'P-256', paramEncoding: 'x' }],
    ['ed25519'],
    ['x25519', {}],
    ['dh', {}],
    ['dh', { group: 'x' }],
    ['dh', { prime: 5 }],
    ['dsa', {}],
    ['dsa', { modulusLength: 512, divisorLength: 'x' }],
    ['rsa-pss', { modulusLength: 512, hashAlgorithm: 'x' }],
    ['rsa-pss', { modulusLength: 512, saltLength: -1 }],
    [5],
    ['rsa', 5],
    ['rsa', { modulusLength: 512, publicKeyEncoding: 5 }],
    ['rsa', { modulusLength: 512, publicKeyEncoding: { type: 'x', format: 'pem' } }],
    [
      'rsa',
      { modulusLength: 512, privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'x' } },
    ],
    ['ed448', { publicKeyEncoding: { type: 'spki', format: 'pem' } }],
  ])
    fact.of(
      `generateKeyPairSync ${inspect(args)}`,
      () => crypto.generateKeyPairSync(...args),
      (one) => [typeof one.publicKey, one.privateKey?.asymmetricKeyType],
    );
  for (const args of [
    [],
    ['x', {}],
    ['hmac', { length: 64 }],
    ['hmac', { length: 7 }],
    ['aes', { length: 128 }],
    ['aes', { length: 100 }],
    ['hmac'],
    ['hmac', { length: 'x' }],
    ['hmac', { length: 2 ** 31 }],
  ])
    fact.of(
      `generateKeySync ${inspect(args)}`,
      () => crypto.generateKeySync(...args),
      (one) => one.symmetricKeySize,
    );
  fact.of('callback', () => crypto.generateKeyPair('ed25519', 5));
  fact.of('no callback', () => crypto.generateKey('hmac', { length: 64 }));
  const pair = await promisify(crypto.generateKeyPair)('ec', {
    namedCurve: 'secp256k1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  fact('pair', Buffer.isBuffer(pair.publicKey), pair.privateKey.split('\n')[0]);
  for (const args of [
    [],
    ['x'],
    [1],
    [8],
    [8, { safe: 'x' }],
    [8, { add: 5 }],
    [8, { add: 6n, rem: 5n }],
    [8, { bigint: true }],
    [8, { bigint: 5 }],
    [8, { rem: 5n }],
    [3, { add: 2n ** 80n }],
  ])
    fact.of(
      `generatePrimeSync ${inspect(args)}`,
      () => crypto.generatePrimeSync(...args),
      (one) => typeof one,
    );
  for (const args of [
    [],
    [5],
    [7n],
    [8n],
    [Buffer.from([7])],
    [-1n],
    [7n, { checks: -1 }],
    [7n, { checks: 'x' }],
    ['x'],
  ])
    fact.of(`checkPrimeSync ${inspect(args)}`, () => crypto.checkPrimeSync(...args));
});

program('signatures', (fact) => {
  for (const [name, pair, digest] of [
    ['rsa', rsa, 'sha256'],
    ['ec', ec, 'sha256'],
    ['ed', ed, null],
    ['ed with digest', ed, 'sha256'],
    ['rsa without', rsa, null],
    ['none', rsa, 'none'],
    ['number', rsa, 5],
  ]) {
    fact.of(`sign ${name}`, () => {
      const signature = crypto.sign(digest, 'text', pair.privateKey);
      return [
        crypto.verify(digest, 'text', pair.publicKey, signature),
        crypto.verify(digest, 'other', pair.publicKey, signature),
        crypto.verify(digest, 'text', pair.publicKey, Buffer.from('x')),
      ];
    });
  }
  for (const args of [
    ['sha256', 5, rsa.privateKey],
    ['sha256', 'a'],
    ['sha256', 'a', 5],
    ['sha256', 'a', rsa.publicKey],
    ['sha256', 'a', { key: rsa.privateKey, padding: 99 }],
    ['sha256', 'a', { key: rsa.privateKey, saltLength: 'x' }],
    ['sha256', 'a', { key: ec.privateKey, dsaEncoding: 'x' }],
    ['sha256', 'a', { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }],
    ['sha256', 'a', rsa.privateKey, 5],
  ])
    fact.of(
      `sign ${typeof args[1]} ${inspect(args[2], { depth: 0 })}`,
      () => crypto.sign(...args),
      (one) => Buffer.isBuffer(one),
    );
  for (const bad of [undefined, 5, 'none']) {
    fact.of(`createSign ${bad}`, () => crypto.createSign(bad));
    fact.of(`createVerify ${bad}`, () => crypto.createVerify(bad));
  }
  const sign = crypto.createSign('RSA-SHA256').update('a');
  for (const bad of [undefined, null, 5, {}]) fact.of(`sign() ${bad}`, () => sign.sign(bad));
  fact('signed', sign.sign(rsa.privateKey, 'hex').length);
  fact.of(
    'again',
    () => sign.sign(rsa.privateKey),
    (one) => one.length,
  );
  fact.of('update after', () => sign.update('x'));
  const verify = crypto.createVerify('sha256').update('a');
  for (const args of [
    [rsa.publicKey],
    [rsa.publicKey, 5],
    [undefined, 'x'],
    [rsa.publicKey, 'zz', 'hex'],
  ])
    fact.of(`verify() ${args.length} ${typeof args[1]}`, () => verify.verify(...args));
});

program('RSA', (fact) => {
  const { RSA_PKCS1_PADDING, RSA_NO_PADDING, RSA_PKCS1_OAEP_PADDING } = crypto.constants;
  const sealed = crypto.publicEncrypt(rsa.publicKey, Buffer.from('secret'));
  fact(
    'oaep',
    crypto.privateDecrypt(rsa.privateKey, sealed),
    crypto.publicDecrypt(rsa.publicKey, crypto.privateEncrypt(rsa.privateKey, Buffer.from('x'))),
  );
  for (const options of [
    { padding: RSA_PKCS1_PADDING },
    { padding: RSA_NO_PADDING },
    { padding: 99 },
    { padding: 'x' },
    { oaepHash: 'sha256' },
    { oaepHash: 'none' },
    { oaepHash: 5 },
    { oaepLabel: 5 },
    { oaepLabel: 'label' },
    { padding: RSA_PKCS1_OAEP_PADDING },
  ])
    fact.of(
      `publicEncrypt ${inspect(options)}`,
      () => crypto.publicEncrypt({ key: rsa.publicKey, ...options }, Buffer.from('a')).length,
    );
  for (const bad of [undefined, null, 5, {}])
    fact.of(`data ${bad}`, () => crypto.publicEncrypt(rsa.publicKey, bad));
  fact.of('too long', () => crypto.publicEncrypt(rsa.publicKey, Buffer.alloc(200)));
  fact.of('garbage', () => crypto.privateDecrypt(rsa.privateKey, Buffer.alloc(128, 1)));
  fact.of('of ec', () => crypto.publicEncrypt(ec.publicKey, Buffer.from('a')));
  fact.of('public', () => crypto.privateDecrypt(rsa.publicKey, sealed));
});

program('key agreement', (fact) => {
  for (const args of [
    [],
    ['x'],
    [1],
    [0],
    [-1],
    ['ff', 'hex'],
    ['ff', 'hex', 1],
    ['ff', 'hex', 'x'],
    [1.5],
    [{}],
    [null],
    [Buffer.from([0xff]), 2],
  ])
    fact.of(
      `createDiffieHellman ${inspect(args)}`,
      () => crypto.createDiffieHellman(...args),
      (one) => one.verifyError,
    );
  for (const name of ['modp1', 'modp14', 'MODP14', 'x', 5, undefined])
    fact.of(
      `getDiffieHellman ${name}`,
      () => crypto.getDiffieHellman(name),
      (one) => one.getPrime().length,
    );
  const dh = crypto.getDiffieHellman('modp5');
  for (const name of ['getPublicKey', 'getPrivateKey']) fact.of(name, () => dh[name]());
  dh.generateKeys();
  for (const bad of [undefined, 5, '', Buffer.from([1]), Buffer.alloc(300, 255)])
    fact.of(
      `computeSecret ${inspect(bad).slice(0, 20)}`,
      () => dh.computeSecret(bad),
      (one) => one.length,
    );
  fact('setters', dh.setPublicKey, dh.setPrivateKey, dh.verifyError, dh.getGenerator('hex'));
  for (const curve of ['prime256v1', 'P-256', 'x', 5, undefined])
    fact.of(
      `createECDH ${curve}`,
      () => crypto.createECDH(curve),
      (one) => one.constructor.name,
    );
  const [a, b] = [crypto.createECDH('prime256v1'), crypto.createECDH('prime256v1')];
  for (const name of ['getPublicKey', 'getPrivateKey']) fact.of(name, () => a[name]());
  fact.of('computeSecret without key', () => a.computeSecret(b.generateKeys()));
  fact(
    'lengths',
    a.generateKeys('hex').length,
    a.generateKeys('hex', 'compressed').length,
    a.getPublicKey('latin1', 'hybrid').length,
  );
  fact.of('form', () => a.getPublicKey('hex', 'x'));
  fact.of('secret', () =>
    a.computeSecret(b.getPublicKey()).equals(b.computeSecret(a.getPublicKey())),
  );
  for (const bad of ['x', Buffer.alloc(65, 4), 5])
    fact.of(`computeSecret ${inspect(bad).slice(0, 12)}`, () => a.computeSecret(bad));
  for (const bad of [Buffer.alloc(32), Buffer.alloc(40, 255), 'x', 5])
    fact.of(`setPrivateKey ${inspect(bad).slice(0, 12)}`, () => a.setPrivateKey(bad));
  fact.of(
    'convertKey',
    () =>
      crypto.ECDH.convertKey(b.getPublicKey(), 'prime256v1', undefined, 'hex', 'compressed').length,
  );
  for (const options of [
    undefined,
    {},
    { privateKey: ec.privateKey },
    { privateKey: ec.privateKey, publicKey: rsa.publicKey },
    { privateKey: ec.publicKey, publicKey: ec.publicKey },
    { privateKey: ec.privateKey, publicKey: ec.publicKey },
  ])
    fact.of(
      `diffieHellman ${inspect(options, { depth: 0 })}`,
      () => crypto.diffieHellman(options),
      (one) => one.length,
    );
});

program('X509Certificate', (fact) => {
  for (const bad of [undefined, null, 5, '', 'x', Buffer.from('x'), {}])
    fact.of(`new ${inspect(bad)}`, () => new crypto.X509Certificate(bad));
  fact('names', Object.getOwnPropertyNames(crypto.X509Certificate.prototype).sort());
});

program('WebCrypto', async (fact) => {
  const { subtle } = crypto;
  fact(
    'digest',
    hex(await subtle.digest('SHA-256', Buffer.from('a'))),
    hex(await subtle.digest({ name: 'sha-1' }, new ArrayBuffer(1))),
  );
  for (const args of [['x', Buffer.from('a')], ['SHA-256', 'a'], ['SHA-256'], []])
    await subtle.digest(...args).catch((error) => fact(`digest ${args}`, error.name, error.code));
  for (const [algorithm, usages] of [
    [{ name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']],
    [{ name: 'AES-GCM', length: 5 }, ['encrypt']],
    [{ name: 'AES-GCM', length: 256 }, []],
    [{ name: 'AES-GCM', length: 256 }, ['sign']],
    [{ name: 'x' }, ['sign']],
    [{ name: 'HMAC', hash: 'SHA-256' }, ['sign']],
    [{ name: 'ECDSA', namedCurve: 'P-256' }, ['sign', 'verify']],
    [{ name: 'ECDSA', namedCurve: 'x' }, ['sign']],
    ['Ed25519', ['sign', 'verify']],
    [
      {
        name: 'RSA-OAEP',
        modulusLength: 1024,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: 'SHA-1',
      },
      ['encrypt', 'decrypt'],
    ],
  ])
    await subtle.generateKey(algorithm, true, usages).then(
      (key) =>
        fact(
          JSON.stringify(algorithm),
          key.algorithm ?? key.publicKey.algorithm.name,
          key.type ?? key.privateKey.type,
          key.usages ?? key.privateKey.usages,
        ),
      (error) => fact(JSON.stringify(algorithm), error.name, error.message),
    );
  const key = await subtle.importKey('raw', Buffer.alloc(16), 'AES-CBC', false, [
    'encrypt',
    'decrypt',
  ]);
  const sealed = await subtle.encrypt(
    { name: 'AES-CBC', iv: Buffer.alloc(16) },
    key,
    Buffer.from('text'),
  );
  fact(
    'encrypt',
    hex(sealed),
    Buffer.from(await subtle.decrypt({ name: 'AES-CBC', iv: Buffer.alloc(16) }, key, sealed)),
  );
  await subtle.exportKey('raw', key).catch((error) => fact('export', error.name, error.message));
  await subtle.sign('HMAC', key, Buffer.from('a')).catch((error) => fact('sign', error.name));
  fact.of(
    'this',
    () =>
      subtle.digest
        .call({}, 'SHA-1', Buffer.from(''))
        .catch((error) => fact('rejects', error.name, error.code)),
    () => 'a promise',
  );
});
