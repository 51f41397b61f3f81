'use strict';
// New keys: generateKeyPair() and generateKey().
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('internal/errors/validators');
const { checkDigest, digestNumber, promiseJob, runJob } = require('internal/crypto/util');
const {
  PrivateKeyObject,
  SecretKeyObject,
  curveOf,
  encodeKey,
  publicHalf,
} = require('internal/crypto/keys');
const { randomBytes } = require('internal/crypto/random');
const { promisify } = require('util');
const native = binding('crypto_generate');
const { digestSize } = binding('crypto_hash');

const DEFAULT_EXPONENT = 0x10001;
const MOST_RSA_BITS = 16384; // OpenSSL refuses more

function rsaArguments(options, pss) {
  validateObject(options, 'options');
  const { modulusLength, publicExponent } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  if (modulusLength > MOST_RSA_BITS)
    throw new codes.ERR_OUT_OF_RANGE('options.modulusLength', `<= ${MOST_RSA_BITS}`, modulusLength);
  if (publicExponent !== undefined) validateUint32(publicExponent, 'options.publicExponent');
  const args = [modulusLength, publicExponent ?? DEFAULT_EXPONENT, pss];
  if (!pss) return args;
  const hash = options.hashAlgorithm ?? options.hash;
  const mgf1Hash = options.mgf1HashAlgorithm ?? options.mgf1Hash ?? hash;
  if (options.saltLength !== undefined)
    validateInteger(options.saltLength, 'options.saltLength', 0, 2 ** 31 - 1);
  if (hash !== undefined) checkDigest(hash, 'options.hashAlgorithm');
  if (mgf1Hash !== undefined) checkDigest(mgf1Hash, 'options.mgf1HashAlgorithm');
  // Signatures of such a key have a salt of the digest's length at least.
  const salt = options.saltLength ?? (hash && digestSize(digestNumber(hash)));
  return [...args, hash, mgf1Hash, salt];
}

function ecArguments(options) {
  validateObject(options, 'options');
  const { namedCurve, paramEncoding } = options;
  validateString(namedCurve, 'options.namedCurve');
  if (paramEncoding != null && paramEncoding !== 'named' && paramEncoding !== 'explicit')
    throw new codes.ERR_INVALID_ARG_VALUE('options.paramEncoding', paramEncoding);
  return [curveOf(namedCurve), paramEncoding === 'explicit' ? 'explicit' : 'named_curve'];
}

function dsaArguments(options) {
  validateObject(options, 'options');
  const { modulusLength, divisorLength } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  if (divisorLength !== undefined)
    validateInteger(divisorLength, 'options.divisorLength', 0, 2 ** 31 - 1);
  return [modulusLength, divisorLength ?? 0];
}

function dhArguments(options) {
  validateObject(options, 'options');
  const { group, prime, primeLength, generator } = options;
  if (group != null) {
    for (const name of ['prime', 'primeLength', 'generator'])
      if (options[name] != null) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('group', name);
    validateString(group, 'options.group');
    const { DiffieHellmanGroup } = require('internal/crypto/dh');
    const known = new DiffieHellmanGroup(group);
    return [0, 0, known.getPrime(), known.getGenerator()];
  }
  if (prime != null && primeLength != null)
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('prime', 'primeLength');
  if (prime != null && !ArrayBuffer.isView(prime))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.prime',
      ['Buffer', 'TypedArray', 'DataView'],
      prime,
    );
  if (prime == null && primeLength == null)
    throw new codes.ERR_MISSING_OPTION('At least one of the group, prime, or primeLength options');
  if (primeLength != null) validateInteger(primeLength, 'options.primeLength', 0, 2 ** 31 - 1);
  if (generator != null) validateInteger(generator, 'options.generator', 0, 2 ** 31 - 1);
  const number = generator ?? 2;
  if (prime == null) return [primeLength, number];
  return [0, 0, prime, Buffer.from([number >>> 24, number >>> 16, number >>> 8, number])];
}

// type: [native function, (options) => its arguments]
const jobs = {
  __proto__: null,
  rsa: [native.rsa, (options) => rsaArguments(options, false)],
  'rsa-pss': [native.rsa, (options) => rsaArguments(options, true)],
  ec: [native.ec, ecArguments],
  dsa: [native.dsa, dsaArguments],
  dh: [native.dh, dhArguments],
};
const rawJob = (type) => [native.raw, () => [type.toUpperCase()]];
for (const type of ['ed25519', 'ed448', 'x25519', 'x448']) jobs[type] = rawJob(type);

// Of OpenSSL from 3.5 on.
const LATER =
  /^(?:ml-dsa-(?:44|65|87)|ml-kem-(?:512|768|1024)|slh-dsa-(?:sha2|shake)-(?:128|192|256)[fs])$/;

function jobOf(type) {
  if (jobs[type] !== undefined) return jobs[type];
  return LATER.test(type) && native.knows(type.toUpperCase()) ? rawJob(type) : undefined;
}

function pairJob(type, options) {
  validateString(type, 'type');
  const known = jobOf(type);
  if (known === undefined)
    throw new codes.ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  if (options !== undefined) validateObject(options, 'options');
  const [job, parse] = known;
  for (const name of ['publicKeyEncoding', 'privateKeyEncoding'])
    if (options?.[name] != null) validateObject(options[name], `options.${name}`);
  const convert = (handle) => {
    const key = new PrivateKeyObject(handle);
    return {
      publicKey: encodeKey(
        publicHalf(key),
        options?.publicKeyEncoding ?? undefined,
        'options.publicKeyEncoding',
      ),
      privateKey: encodeKey(
        key,
        options?.privateKeyEncoding ?? undefined,
        'options.privateKeyEncoding',
      ),
    };
  };
  return [job, parse(options), convert];
}

/** Calls callback(error, publicKey, privateKey). */
function generateKeyPair(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  const job = pairJob(type, options);
  validateFunction(callback, 'callback');
  runJob(...job, (error, pair) =>
    error ? callback(error) : callback(null, pair.publicKey, pair.privateKey),
  );
}
Object.defineProperty(generateKeyPair, promisify.custom, {
  value: async (type, options) => promiseJob(...pairJob(type, options)),
});

function generateKeyPairSync(type, options) {
  return runJob(...pairJob(type, options));
}

const AES_BITS = [128, 192, 256];

function keyBits(type, options) {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  if (type === 'hmac') validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
  else if (type === 'aes') validateOneOf(length, 'options.length', AES_BITS);
  else throw new codes.ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  return length;
}

/** A random secret key for `hmac` or `aes`. */
function generateKeySync(type, options) {
  return new SecretKeyObject(randomBytes(keyBits(type, options) >>> 3));
}

function generateKey(type, options, callback) {
  const bits = keyBits(type, options);
  validateFunction(callback, 'callback');
  randomBytes(bits >>> 3, (error, bytes) =>
    error ? callback(error) : callback(undefined, new SecretKeyObject(bytes)),
  );
}

module.exports = { generateKey, generateKeyPair, generateKeyPairSync, generateKeySync };
