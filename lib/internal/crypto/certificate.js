'use strict';
// Certificate: signed public keys with a challenge (SPKAC), as browsers once made them. Servers that
// know such keys still read them.
const { callable } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const { toBuffer, toBytes } = require('internal/crypto/util');
const native = binding('crypto_spkac');

const MOST = 2 ** 31 - 1; // bytes

function spkacBytes(spkac, encoding) {
  const bytes = toBytes(spkac, 'spkac', encoding);
  if (bytes.byteLength > MOST)
    throw new codes.ERR_OUT_OF_RANGE('spkac', `<= ${MOST}`, bytes.byteLength);
  return bytes;
}

/** Whether the key of a SPKAC signed it; "" for nothing at all. */
function verifySpkac(spkac, encoding) {
  const bytes = spkacBytes(spkac, encoding);
  return bytes.byteLength === 0 ? '' : native.verify(bytes);
}

/** The key of a SPKAC in PEM, "" if there is none. @returns {Buffer | string} */
function exportPublicKey(spkac, encoding) {
  const key = native.publicKey(spkacBytes(spkac, encoding));
  return key === undefined ? '' : toBuffer(key);
}

/** The challenge that a SPKAC answers, "" if there is none. @returns {Buffer | string} */
function exportChallenge(spkac, encoding) {
  const challenge = native.challenge(spkacBytes(spkac, encoding));
  return challenge === undefined ? '' : toBuffer(challenge);
}

class Certificate {}
Object.assign(Certificate, { exportChallenge, exportPublicKey, verifySpkac });
Object.assign(Certificate.prototype, { verifySpkac, exportPublicKey, exportChallenge });

module.exports = { Certificate: callable(Certificate) };
