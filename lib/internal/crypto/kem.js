'use strict';
// Encapsulation of secrets: RSASVE (NIST SP 800-56B), DHKEM (RFC 9180), ML-KEM (FIPS 203), as far as
// the OpenSSL in use has them.
const { codes } = require('internal/errors/codes');
const { validateFunction } = require('internal/errors/validators');
const { runJob, toBuffer, toBytes } = require('internal/crypto/util');
const { handleOf, toPrivateKey, toPublicKey } = require('internal/crypto/keys');
const native = binding('crypto_kem');

/** runJob() whose failure says what could not be done; OpenSSL's own is its cause. */
function run(job, args, convert, callback, message) {
  const failed = (cause) =>
    Object.assign(new codes.ERR_CRYPTO_OPERATION_FAILED(message), { cause });
  if (callback === undefined) {
    try {
      return runJob(job, args, convert);
    } catch (error) {
      throw failed(error);
    }
  }
  validateFunction(callback, 'callback');
  return runJob(job, args, convert, (error, result) =>
    error ? callback(failed(error)) : callback(null, result),
  );
}

/** A new secret, and what it takes to give it to who has the private key. */
function encapsulate(key, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const convert = ([sharedKey, ciphertext]) => ({
    sharedKey: toBuffer(sharedKey),
    ciphertext: toBuffer(ciphertext),
  });
  const args = [handleOf(toPublicKey(key))];
  return run(native.encapsulate, args, convert, callback, 'Encapsulation failed');
}

/** The secret that encapsulate() made a ciphertext for. */
function decapsulate(key, ciphertext, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const args = [handleOf(toPrivateKey(key)), toBytes(ciphertext, 'ciphertext')];
  return run(native.decapsulate, args, toBuffer, callback, 'Decapsulation failed');
}

module.exports = { decapsulate, encapsulate };
