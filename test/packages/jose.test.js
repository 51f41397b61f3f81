'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('jose', [], [], ['jsonwebtoken']);
const jwt = load('jsonwebtoken');
const jose = load('jose');

for (const alg of ['RS256', 'PS256', 'ES384', 'EdDSA'])
  test(`tokens are signed by ${alg}, and verified`, async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const token = await new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg }).sign(privateKey);
    assert.deepStrictEqual((await jose.jwtVerify(token, publicKey)).payload, { a: 1 });
    await assert.rejects(jose.jwtVerify(`${token}x`, publicKey));
    if (alg === 'EdDSA') return;
    const pem = await jose.exportSPKI(publicKey);
    assert.deepStrictEqual(jwt.verify(token, pem), { a: 1 });
  });

for (const alg of ['RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW', 'A256KW', 'dir'])
  test(`tokens are encrypted by ${alg}, and decrypted`, async () => {
    const secret = new Uint8Array(32).fill(7);
    const pair = /^(?:RSA|ECDH)/.test(alg)
      ? await jose.generateKeyPair(alg)
      : { publicKey: secret, privateKey: secret };
    const token = await new jose.EncryptJWT({ b: 2 })
      .setProtectedHeader({ alg, enc: 'A256GCM' })
      .encrypt(pair.publicKey);
    assert.deepStrictEqual((await jose.jwtDecrypt(token, pair.privateKey)).payload, { b: 2 });
  });
