'use strict';
const crypto = require('crypto');
const { inspect } = require('util');
const { program, trying } = require('./harness');

const hex = (value) => Buffer.from(value).toString('hex');

program('hash() and createHash() options', (fact) => {
  for (const args of [
    ['sha1', 'x'],
    ['sha256', Buffer.from('x'), 'base64'],
    ['sha256', 'x', 'buffer'],
    ['md5', 'x', { outputEncoding: 'latin1' }],
    ['shake128', 'x', { outputLength: 5 }],
    ['shake256', 'x', { outputLength: 0 }],
    ['sha256', 'x', { outputLength: 32 }],
    ['sha256', 'x', { outputLength: 5 }],
    ['nope', 'x'],
    ['sha1', 5],
    ['sha1'],
    [5, 'x'],
    ['sha1', 'x', 'zz'],
    ['sha1', 'x', 5],
    ['sha1', 'x', null],
    ['sha1', new ArrayBuffer(2)],
    ['SHA-256', 'x'],
    ['RSA-SHA256', 'x'],
    ['sha512-256', 'x'],
    ['blake2b512', ''],
    ['shake128', 'x'],
  ])
    fact.of(inspect(args).split('\n')[0], () => crypto.hash(...args));
  for (const options of [
    { outputLength: 8 },
    { outputLength: 'x' },
    { outputLength: -1 },
    { outputLength: 0 },
    { outputLength: 1.5 },
    undefined,
    null,
    5,
  ])
    for (const name of ['shake128', 'sha256'])
      fact.of(`${name} ${inspect(options)}`, () =>
        crypto.createHash(name, options).update('x').digest('hex'),
      );
  const hash = crypto.createHash('sha256').update('a');
  const copy = hash.copy();
  fact('copy', copy.update('b').digest('hex'), hash.digest('hex'));
  fact.of('copy after digest', () => hash.copy());
  fact.of('digest twice', () => hash.digest());
  fact.of('update after digest', () => hash.update('x'));
  fact.of('copy with outputLength', () =>
    crypto.createHash('shake256').copy({ outputLength: 4 }).digest('hex'),
  );
  for (const bad of [5, null, undefined, {}])
    fact.of(`update ${inspect(bad)}`, () => crypto.createHash('md5').update(bad));
  fact(
    'encodings',
    crypto.createHash('md5').update('6869', 'hex').digest('base64url'),
    crypto.createHash('md5').update('é', 'latin1').digest('latin1').length,
  );
  fact(
    'lists',
    crypto.getHashes().includes('RSA-SHA256'),
    crypto.getCiphers().includes('aes-256-gcm'),
    crypto.getCurves().includes('prime256v1'),
  );
});

program('createHmac() and timingSafeEqual()', (fact) => {
  for (const key of [
    'k',
    Buffer.from('k'),
    new Uint16Array(1),
    new ArrayBuffer(1),
    '',
    crypto.createSecretKey(Buffer.from('k')),
    5,
    null,
    undefined,
    {},
  ])
    fact.of(`key ${inspect(key)}`.split('\n')[0], () =>
      crypto.createHmac('sha256', key).update('x').digest('hex'),
    );
  fact.of('encoding', () =>
    crypto.createHmac('sha1', '6b', { encoding: 'hex' }).update('x').digest('hex'),
  );
  fact.of('no such', () => crypto.createHmac('nope', 'k'));
  const hmac = crypto.createHmac('sha1', 'k');
  fact('digest', hmac.digest('hex'), hmac.digest('hex'));
  fact.of('update after digest', () => hmac.update('x'));
  for (const args of [
    ['a', 'a'],
    [Buffer.from('a'), Buffer.from('a')],
    [Buffer.from('a'), Buffer.from('b')],
    [Buffer.from('a'), Buffer.from('ab')],
    [new Uint16Array([1]), new Uint8Array([1, 0])],
    [new ArrayBuffer(1), Buffer.alloc(1)],
    [new DataView(new ArrayBuffer(1)), Buffer.alloc(1)],
    [],
  ])
    fact.of(`equal ${inspect(args)}`.split('\n')[0], () => crypto.timingSafeEqual(...args));
});

program('random numbers', async (fact) => {
  for (const args of [
    [1, 2],
    [5],
    [0],
    [-1],
    [3, 3],
    [2 ** 48],
    [0, 2 ** 48],
    [2 ** 48 - 1],
    [1.5],
    ['x'],
    [0, 1, 5],
    [],
    [-5, -4],
    [2, 1],
  ])
    fact.of(`randomInt ${args}`, () => typeof crypto.randomInt(...args));
  for (const size of [0, 5, -1, 1.5, 'x', 2 ** 31, NaN, undefined])
    fact.of(`randomBytes ${size}`, () => crypto.randomBytes(size).length);
  for (const args of [
    [Buffer.alloc(4)],
    [Buffer.alloc(4), 5],
    [Buffer.alloc(4), 1, 4],
    [Buffer.alloc(4), 2, 2],
    [new ArrayBuffer(3)],
    [new Float32Array(2)],
    ['x'],
    [Buffer.alloc(4), -1],
    [Buffer.alloc(4), 'x'],
    [new DataView(new ArrayBuffer(2))],
    [[]],
  ])
    fact.of(
      `randomFillSync ${inspect(args)}`.split('\n')[0],
      () => crypto.randomFillSync(...args).byteLength,
    );
  fact(
    'uuid',
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(
      crypto.randomUUID(),
    ),
    crypto.randomUUID({ disableEntropyCache: true }).length,
  );
  for (const bad of [5, 'x', null, { disableEntropyCache: 5 }])
    fact.of(`randomUUID ${inspect(bad)}`, () => typeof crypto.randomUUID(bad));
  const seven = crypto.randomUUIDv7();
  fact(
    'v7',
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(seven),
    Math.abs(parseInt(seven.replace(/-/g, '').slice(0, 12), 16) - Date.now()) < 1000,
  );
  for (const bad of [5, 'x', null, { disableEntropyCache: 5 }])
    fact.of(`randomUUIDv7 ${inspect(bad)}`, () => typeof crypto.randomUUIDv7(bad));
  await new Promise((done) =>
    crypto.randomInt(5, (error, n) => done(fact('callback', error, n >= 0 && n < 5))),
  );
  await new Promise((done) =>
    crypto.randomFill(Buffer.alloc(3), 1, (error, buffer) =>
      done(fact('fill', error, buffer[0], buffer.length)),
    ),
  );
  fact.of('getRandomValues', () => crypto.getRandomValues(new Uint8Array(4)).length);
  for (const bad of [
    new Float32Array(2),
    new Uint8Array(65537),
    5,
    Buffer.alloc(2),
    new DataView(new ArrayBuffer(1)),
  ])
    fact.of(
      `getRandomValues ${bad.constructor.name} ${bad.length}`,
      () => crypto.getRandomValues(bad).length,
    );
});

program('keys from passwords', async (fact) => {
  const tryOf = trying(fact);
  for (const args of [
    ['p', 's', 1, 8, 'sha1'],
    ['p', 's', 0, 8, 'sha1'],
    ['p', 's', 1, 0, 'sha1'],
    ['p', 's', 1, -1, 'sha1'],
    ['p', 's', 1, 8, 'nope'],
    ['p', 's', 1, 8],
    [5, 's', 1, 8, 'sha1'],
    ['p', 5, 1, 8, 'sha1'],
    ['p', 's', 1.5, 8, 'sha1'],
    ['p', 's', 1, 2 ** 31, 'sha1'],
    ['', '', 1, 4, 'sha256'],
  ])
    fact.of(`pbkdf2 ${args}`, () => hex(crypto.pbkdf2Sync(...args)));
  for (const options of [
    {},
    { N: 16 },
    { N: 15 },
    { N: 1 },
    { r: 1, p: 1, N: 2 },
    { cost: 16, blockSize: 8, parallelization: 1 },
    { N: 16, cost: 16 },
    { maxmem: 1 },
    { N: 2 ** 20 },
    { N: 'x' },
    { r: 0 },
    { p: 0 },
    null,
    5,
  ])
    fact.of(`scrypt ${inspect(options)}`, () => hex(crypto.scryptSync('p', 's', 8, options)));
  for (const args of [
    ['sha256', 'k', 's', 'i', 8],
    ['sha256', 'k', '', '', 8],
    ['sha256', '', 's', 'i', 8],
    ['sha256', 'k', 's', 'i', 0],
    ['sha256', 'k', 's', 'i', -1],
    ['sha256', 'k', 's', 'i', 8161],
    ['nope', 'k', 's', 'i', 8],
    ['sha256', 'k', 's', Buffer.alloc(1025), 8],
    ['sha256', 5, 's', 'i', 8],
    ['sha256', crypto.createSecretKey(Buffer.from('k')), 's', 'i', 8],
  ])
    fact.of(`hkdf ${args.map((one) => inspect(one).slice(0, 20))}`, () =>
      hex(crypto.hkdfSync(...args)),
    );
  await tryOf(
    'callbacks',
    () =>
      new Promise((done, failed) =>
        crypto.pbkdf2('p', 's', 1, 4, 'sha1', (error, key) =>
          error ? failed(error) : done(hex(key)),
        ),
      ),
  );
  fact.of('no callback', () => crypto.pbkdf2('p', 's', 1, 4, 'sha1'));
  fact.of('no callback', () => crypto.scrypt('p', 's', 4));
  fact.of('no callback', () => crypto.hkdf('sha1', 'k', 's', 'i', 4));
});

program('keys', async (fact) => {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  fact.of('toCryptoKey', () => {
    const key = publicKey.toCryptoKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
      'verify',
    ]);
    return [key.type, key.extractable, key.usages, key.algorithm.name];
  });
  fact.of(
    'secret toCryptoKey',
    () =>
      crypto.createSecretKey(Buffer.alloc(16)).toCryptoKey('AES-GCM', false, ['encrypt']).algorithm,
  );
  fact.of('bad usages', () =>
    crypto.createSecretKey(Buffer.alloc(16)).toCryptoKey('AES-GCM', false, ['sign']),
  );
  fact(
    'equals',
    publicKey.equals(publicKey),
    crypto.createPublicKey(privateKey).equals(publicKey),
    privateKey.equals(publicKey),
  );
  fact.of('equals of none', () => publicKey.equals(5));
  fact(
    'details',
    Object.keys(privateKey.asymmetricKeyDetails),
    privateKey.asymmetricKeyType,
    crypto.createSecretKey(Buffer.alloc(3)).symmetricKeySize,
  );
  fact.of('getFips', () => crypto.getFips());
  fact.of('secureHeapUsed', () => Object.keys(crypto.secureHeapUsed()));
  fact.of('checkPrime', () => [
    crypto.checkPrimeSync(7n),
    crypto.checkPrimeSync(8n),
    crypto.generatePrimeSync(8, { bigint: true }) > 0n,
  ]);
  fact.of('generateKey', () => crypto.generateKeySync('hmac', { length: 64 }).symmetricKeySize);
  for (const args of [
    ['aes', { length: 128 }],
    ['aes', { length: 100 }],
    ['hmac', { length: 7 }],
    ['hmac', {}],
    ['x', { length: 8 }],
    ['hmac'],
    [5],
  ])
    fact.of(
      `generateKeySync ${inspect(args)}`,
      () => crypto.generateKeySync(...args).symmetricKeySize,
    );
});
