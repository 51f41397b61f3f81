'use strict';
// Keys from passwords by Argon2 (RFC 9106), which OpenSSL has from 3.2 on.
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');
const { runJob, toBuffer, toBytes } = require('internal/crypto/util');
const native = binding('crypto_random');

const ALGORITHMS = ['argon2d', 'argon2i', 'argon2id'];
const MOST = 2 ** 32 - 1;
const MOST_LANES = 2 ** 24 - 1;
const LEAST_NONCE = 8; // bytes
const LEAST_TAG = 4; // bytes
const LEAST_MEMORY = 8; // KiB for each lane

function argon2Arguments(algorithm, parameters) {
  validateString(algorithm, 'algorithm');
  validateOneOf(algorithm, 'algorithm', ALGORITHMS);
  validateObject(parameters, 'parameters');
  // Each is read once: a getter may answer otherwise the next time.
  const { message, nonce, parallelism, tagLength, memory, passes, secret, associatedData } =
    parameters;
  const bytes = (value, name) => toBytes(value, `parameters.${name}`);
  const views = [
    bytes(message, 'message'),
    bytes(nonce, 'nonce'),
    bytes(secret === undefined ? '' : secret, 'secret'),
    bytes(associatedData === undefined ? '' : associatedData, 'associatedData'),
  ];
  validateInteger(views[1].byteLength, 'parameters.nonce.byteLength', LEAST_NONCE, MOST);
  validateInteger(parallelism, 'parameters.parallelism', 1, MOST_LANES);
  validateInteger(tagLength, 'parameters.tagLength', LEAST_TAG, MOST);
  validateInteger(memory, 'parameters.memory', LEAST_MEMORY * parallelism, MOST);
  validateInteger(passes, 'parameters.passes', 1, MOST);
  if (!native.hasArgon2()) throw new codes.ERR_CRYPTO_ARGON2_NOT_SUPPORTED();
  return [algorithm.toUpperCase(), ...views, parallelism, memory, passes, tagLength];
}

/** Calls callback with a Buffer of parameters.tagLength bytes. */
function argon2(algorithm, parameters, callback) {
  const args = argon2Arguments(algorithm, parameters);
  validateFunction(callback, 'callback');
  runJob(native.argon2, args, toBuffer, callback);
}

function argon2Sync(algorithm, parameters) {
  return runJob(native.argon2, argon2Arguments(algorithm, parameters), toBuffer);
}

module.exports = { argon2, argon2Sync };
