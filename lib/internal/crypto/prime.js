'use strict';
// Primes.
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInt32,
  validateObject,
} = require('internal/errors/validators');
const { binaryBytes, runJob, toArrayBuffer } = require('internal/crypto/util');
const native = binding('crypto_dh');

function fromBigInt(value, name) {
  if (value < 0n) throw new codes.ERR_OUT_OF_RANGE(name, '>= 0', value);
  let digits = value.toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  return Uint8Array.fromHex(digits);
}

const numberBytes = (value, name) =>
  typeof value === 'bigint' ? fromBigInt(value, name) : binaryBytes(value, name);

const toBigInt = (memory) => BigInt(`0x0${new Uint8Array(memory).toHex()}`);

function primeArguments(size, options) {
  validateInt32(size, 'size', 1);
  validateObject(options, 'options');
  const { safe = false, bigint = false, add, rem } = options;
  validateBoolean(safe, 'options.safe');
  validateBoolean(bigint, 'options.bigint');
  const args = [
    size,
    safe,
    ...['add', 'rem'].map((name) =>
      options[name] === undefined ? undefined : numberBytes(options[name], `options.${name}`),
    ),
  ];
  if (add !== undefined && BigInt(toBigInt(args[2])) >= 2n ** BigInt(size))
    throw new codes.ERR_OUT_OF_RANGE('options.add', 'invalid options.add', add);
  if (rem !== undefined && add === undefined) args[3] = undefined;
  const convert = (bytes) => {
    const memory = toArrayBuffer(bytes);
    return bigint ? toBigInt(memory) : memory;
  };
  return [args, convert];
}

/** Calls callback with a prime of size bits, as an ArrayBuffer or a bigint. */
function generatePrime(size, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = {};
  }
  validateFunction(callback, 'callback');
  runJob(native.newPrime, ...primeArguments(size, options), callback);
}

function generatePrimeSync(size, options = {}) {
  return runJob(native.newPrime, ...primeArguments(size, options));
}

function checkOptions(options) {
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
}

function checkPrime(candidate, options, callback) {
  if (typeof options === 'function') [options, callback] = [{}, options];
  validateFunction(callback, 'callback');
  checkOptions(options);
  runJob(native.isPrime, [numberBytes(candidate, 'candidate')], Boolean, callback);
}

/** Whether a number is a prime, wrong with a probability below 2^-128 (BN_check_prime(3)). */
function checkPrimeSync(candidate, options = {}) {
  checkOptions(options);
  return runJob(native.isPrime, [numberBytes(candidate, 'candidate')], Boolean);
}

module.exports = { checkPrime, checkPrimeSync, generatePrime, generatePrimeSync };
