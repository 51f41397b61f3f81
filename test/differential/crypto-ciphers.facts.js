'use strict';
const crypto = require('crypto');
const { inspect } = require('util');
const { program } = require('./harness');

program('ciphers', (fact) => {
  const key = Buffer.alloc(32, 1);
  const iv = Buffer.alloc(16, 2);
  for (const name of [
    'aes-256-cbc',
    'aes-256-ctr',
    'aes-256-ecb',
    'aes-256-gcm',
    'aes-256-ccm',
    'aes-256-ocb',
    'chacha20-poly1305',
    'aes-128-cbc',
    'nope',
    5,
    'AES-256-CBC',
    'id-aes256-GCM',
  ])
    fact.of(`cipher ${name}`, () => {
      const cipher = crypto.createCipheriv(
        name,
        key,
        name === 'aes-256-ecb' ? null : /gcm|ccm|ocb|poly|GCM/.test(name) ? iv.subarray(0, 12) : iv,
        { authTagLength: 16 },
      );
      const text = cipher.update('hello', 'utf8', 'hex') + cipher.final('hex');
      return [text, /gcm|ocb|poly|GCM/.test(name) ? cipher.getAuthTag().toString('hex') : ''];
    });
  for (const authTagLength of [4, 8, 12, 16, 3, 17, 'x', -1, 1.5, undefined, null])
    for (const name of ['aes-256-gcm', 'aes-256-ccm', 'chacha20-poly1305'])
      fact.of(
        `${name} ${authTagLength}`,
        () =>
          crypto.createCipheriv(name, key, iv.subarray(0, 12), { authTagLength }).constructor.name,
      );
  const open = (tag, options) => {
    const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
    const text = Buffer.concat([cipher.update('x'), cipher.final()]);
    const decipher = crypto.createDecipheriv('aes-256-gcm', key, iv, options);
    decipher.setAuthTag(tag ?? cipher.getAuthTag());
    return Buffer.concat([decipher.update(text), decipher.final()]).toString();
  };
  for (const [tag, options] of [
    [],
    [Buffer.alloc(16)],
    [Buffer.alloc(15)],
    [Buffer.alloc(3)],
    ['x'],
    [5],
    [undefined, { authTagLength: 12 }],
    [Buffer.alloc(12), { authTagLength: 12 }],
  ])
    fact.of(`open ${inspect(tag)} ${inspect(options)}`, () => open(tag, options));
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  fact.of('getAuthTag early', () => cipher.getAuthTag());
  fact.of('setAuthTag', () => cipher.setAuthTag(Buffer.alloc(16)));
  fact.of('setAAD', () => cipher.setAAD(Buffer.from('a')).constructor.name);
  fact.of('setAAD bad', () => cipher.setAAD(5));
  cipher.update('x');
  fact.of('setAAD late', () => cipher.setAAD(Buffer.from('a')));
  cipher.final();
  for (const run of [
    () => cipher.final(),
    () => cipher.update('x'),
    () => cipher.setAutoPadding(false),
    () => cipher.getAuthTag().length,
  ])
    fact.of(String(run), run);
  const padded = crypto.createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  padded.update('short');
  fact.of('not padded', () => padded.final());
  fact.of('bad padding', () => {
    const decipher = crypto.createDecipheriv('aes-256-cbc', key, iv);
    decipher.update(Buffer.alloc(16, 7));
    return decipher.final();
  });
  for (const [k, v] of [
    [key.subarray(1), iv],
    [key, iv.subarray(1)],
    [key, null],
    ['x', iv],
    [5, iv],
    [key, 5],
    [key, undefined],
  ])
    fact.of(`${inspect(k).slice(0, 12)} ${inspect(v)}`, () =>
      crypto.createCipheriv('aes-256-cbc', k, v),
    );
  for (const args of [
    ['aes-256-cbc'],
    ['aes-128-gcm'],
    ['aes-256-ccm'],
    ['chacha20-poly1305'],
    ['nope'],
    [5],
    [427],
    ['aes-128-cbc', { keyLength: 16 }],
    ['aes-128-cbc', { keyLength: 5 }],
    ['aes-128-gcm', { ivLength: 9 }],
    ['aes-128-cbc', { ivLength: 9 }],
    ['aes-128-cbc', { keyLength: 'x' }],
  ])
    fact.of(`getCipherInfo ${inspect(args)}`, () =>
      Object.entries(crypto.getCipherInfo(...args) ?? {})
        .filter(([, value]) => value !== undefined)
        .sort(),
    );
});
