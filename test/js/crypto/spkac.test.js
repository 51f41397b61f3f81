'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');

// openssl spkac -key key.pem -challenge hello
const spkac = Buffer.from(
  'MIIBPzCBqTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA5Rms3phD2VZoQCwniIAfOtFmzXfcfeMY' +
    '+bJTQITvo5I6J9wVi6HkVLDoLlSGX9nBLhrT1H4HPJ4VeceClhQnp2YqoNdA/tFsH2D5OXUgFkhqmq2h' +
    'ds/G9RLEHhB37Nm3I9707XDYR/f4MK2YU5AqHQwdKcgpXfp4/BCXdmd2WtcCAwEAARYFaGVsbG8wDQYJ' +
    'KoZIhvcNAQEEBQADgYEAgbLrd4x1sJ14BncVFgT5DvEvxTx3JSFJyzy5ccONbS/RHdDFZSi1gz3ExCpp' +
    'NNNNakQDL4elVf9gaRiHYVRmmYGvBa7MyZmVc6wKY6tYZwnyKJgFfBY9PkcfH4vJJQLM8rIArx4NFbkE' +
    'L+ScRWg7CcsGPFWRNy4mJuQZfIRDWNQ=',
);

for (const [name, certificate] of [
  ['Certificate', crypto.Certificate],
  ['an instance of Certificate', new crypto.Certificate()],
]) {
  test(`${name} verifies a SPKAC and tells its key and challenge`, () => {
    assert.strictEqual(certificate.verifySpkac(spkac), true);
    assert.strictEqual(certificate.verifySpkac(spkac.toString()), true);
    assert.strictEqual(certificate.exportChallenge(spkac).toString(), 'hello');
    const key = crypto.createPublicKey(certificate.exportPublicKey(spkac));
    assert.strictEqual(key.asymmetricKeyType, 'rsa');
  });

  test(`${name} refuses what is none`, () => {
    const other = Buffer.from(spkac.toString().replace(/A/, 'B'));
    assert.strictEqual(certificate.verifySpkac(other), false);
    assert.strictEqual(certificate.exportPublicKey('none'), '');
    assert.strictEqual(certificate.exportChallenge('none'), '');
    assert.throws(() => certificate.verifySpkac(1), { code: 'ERR_INVALID_ARG_TYPE' });
  });
}
