'use strict';
// SubtleCrypto's keys: import, export, generation.
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const { validateObject, validateOneOf } = require('internal/errors/validators');
const { toArrayBuffer } = require('internal/crypto/util');
const keys = require('internal/crypto/keys');
const { keyObjectOf, makeCryptoKey } = require('internal/crypto/cryptokey');
const support = require('internal/crypto/subtle_support');
const native = binding('crypto_keys');

const { BLOCK_BITS, CURVES, KEY_USAGES, allowedUsages, checkUsages, exception, operation } =
  support;
const AES_BITS = [128, 192, 256];
const NO_EXPORT = ['PBKDF2', 'HKDF']; // algorithms whose keys only derive others

const isSecret = (name) => KEY_USAGES[name].secret !== undefined;
const dataError = (message) => exception(message, 'DataError');

// What a JWK says of itself must not contradict what is asked for.
function checkJwk(jwk, extractable, usages) {
  validateObject(jwk, 'keyData');
  if (jwk.ext === false && extractable)
    throw dataError('JWK "ext" Parameter and extractable mismatch');
  if (jwk.key_ops !== undefined && !usages.every((usage) => jwk.key_ops.includes(usage)))
    throw dataError('Key operations and usage mismatch');
}

function secretKey(format, data, name) {
  if (format === 'raw')
    return keys.createSecretKey(Buffer.from(support.dataBytes(data, 'keyData')));
  if (format === 'jwk' && !NO_EXPORT.includes(name))
    return keys.createSecretKey(data, { format: 'jwk' });
  throw exception(`Unable to import ${name} using ${format} format`, 'NotSupportedError');
}

function secretAlgorithm(algorithm, key) {
  const { name } = algorithm;
  const bits = key.symmetricKeySize * 8;
  if (name.startsWith('AES') && !AES_BITS.includes(bits)) throw dataError('Invalid key length');
  if (name === 'HMAC') {
    support.digestOf(algorithm);
    if (bits === 0) throw dataError('Zero-length key is not supported');
    if (algorithm.length !== undefined && algorithm.length !== bits)
      throw dataError('Invalid key length');
    return { name, length: bits, hash: algorithm.hash };
  }
  return name.startsWith('AES') ? { name, length: bits } : { name };
}

// A point of a curve or the bytes of an Edwards or Montgomery key.
function rawPublicKey(algorithm, data) {
  const bytes = support.dataBytes(data, 'keyData');
  const curve = CURVES[algorithm.namedCurve];
  const handle =
    curve !== undefined
      ? native.fromEc(curve, bytes, undefined)
      : native.fromRaw(algorithm.name.toUpperCase(), false, bytes);
  return new keys.PublicKeyObject(handle);
}

function asymmetricKey(format, data, algorithm) {
  try {
    switch (format) {
      case 'spki':
        return keys.createPublicKey({ key: data, format: 'der', type: 'spki' });
      case 'pkcs8':
        return keys.createPrivateKey({ key: data, format: 'der', type: 'pkcs8' });
      case 'jwk':
        return data.d === undefined
          ? keys.createPublicKey({ key: data, format: 'jwk' })
          : keys.createPrivateKey({ key: data, format: 'jwk' });
      default:
        return rawPublicKey(algorithm, data);
    }
  } catch (error) {
    if (error.code === 'ERR_INVALID_ARG_TYPE') throw error;
    throw dataError('Invalid keyData');
  }
}

function asymmetricAlgorithm(algorithm, key) {
  const { name } = algorithm;
  const type = key.asymmetricKeyType;
  const details = key.asymmetricKeyDetails;
  const wanted = name.startsWith('RSA') ? 'rsa' : name.startsWith('EC') ? 'ec' : name.toLowerCase();
  if (type !== wanted) throw dataError('Invalid key type');
  if (wanted === 'ec') {
    const { namedCurve } = algorithm;
    if (CURVES[namedCurve] === undefined)
      throw exception('Unrecognized namedCurve', 'NotSupportedError');
    if (details.namedCurve !== CURVES[namedCurve]) throw dataError('Named curve mismatch');
    return { name, namedCurve };
  }
  if (wanted !== 'rsa') return { name };
  support.digestOf(algorithm);
  const digits = details.publicExponent.toString(16);
  const publicExponent = Uint8Array.fromHex(digits.length % 2 === 1 ? `0${digits}` : digits);
  return { name, modulusLength: details.modulusLength, publicExponent, hash: algorithm.hash };
}

function importKey(format, data, algorithm, extractable, usages) {
  validateOneOf(format, 'format', ['raw', 'pkcs8', 'spki', 'jwk']);
  algorithm = support.normalize(algorithm);
  const { name } = algorithm;
  extractable = Boolean(extractable);
  checkExtractable(name, extractable);
  if (format === 'jwk') checkJwk(data, extractable, usages);
  const key = isSecret(name)
    ? secretKey(format, data, name)
    : asymmetricKey(format, data, algorithm);
  return ofKeyObject(key, algorithm, extractable, usages);
}

function checkExtractable(name, extractable) {
  if (NO_EXPORT.includes(name) && extractable)
    throw exception(`${name} keys are not extractable`, 'SyntaxError');
}

/** KeyObject.prototype.toCryptoKey(). */
function toCryptoKey(key, algorithm, extractable, usages) {
  algorithm = support.normalize(algorithm);
  checkExtractable(algorithm.name, Boolean(extractable));
  if (isSecret(algorithm.name) !== (key.type === 'secret')) throw dataError('Invalid key type');
  return ofKeyObject(key, algorithm, Boolean(extractable), usages);
}

function ofKeyObject(key, algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(name, [key.type], usages);
  if (usages.length === 0 && key.type !== 'public')
    throw exception(
      'Usages cannot be empty when importing a private or secret key.',
      'SyntaxError',
    );
  const own = isSecret(name)
    ? secretAlgorithm(algorithm, key)
    : asymmetricAlgorithm(algorithm, key);
  return makeCryptoKey(key, own, extractable, allowedUsages(name, key.type, usages));
}

// The standard's names of algorithms in a JWK.
function jwkAlgorithm({ name, hash, length }) {
  const bits = hash?.name.slice('SHA-'.length);
  switch (name) {
    case 'HMAC':
      return `HS${bits}`;
    case 'RSASSA-PKCS1-v1_5':
      return `RS${bits}`;
    case 'RSA-PSS':
      return `PS${bits}`;
    case 'RSA-OAEP':
      return bits === '1' ? 'RSA-OAEP' : `RSA-OAEP-${bits}`;
    case 'Ed25519':
    case 'Ed448':
      return name;
    default:
      return name.startsWith('AES') ? `A${length}${name.slice('AES-'.length)}` : undefined;
  }
}

function exportRaw(key, object, unsupported) {
  if (key.type === 'secret') return object.export();
  if (key.algorithm.name.startsWith('RSA')) throw unsupported();
  if (key.type !== 'public') throw exception('Key must be a public key', 'InvalidAccessError');
  const { x, y } = native.components(keys.handleOf(object), false);
  return y === undefined ? x : Buffer.concat([Buffer.from([4]), x, y]);
}

function exportKey(format, key) {
  validateOneOf(format, 'format', ['raw', 'pkcs8', 'spki', 'jwk']);
  const object = keyObjectOf(key);
  if (object === undefined) throw new codes.ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
  const { name } = key.algorithm;
  const unsupported = () =>
    exception(
      `Unable to export ${name} ${key.type} key using ${format} format`,
      'NotSupportedError',
    );
  if (NO_EXPORT.includes(name)) throw unsupported();
  if (!key.extractable) throw exception('key is not extractable', 'InvalidAccessError');
  if (format === 'jwk') {
    const alg = jwkAlgorithm(key.algorithm);
    return {
      key_ops: key.usages,
      ext: true,
      ...object.export({ format: 'jwk' }),
      ...(alg === undefined ? undefined : { alg }),
    };
  }
  if (format === 'raw') return toArrayBuffer(Uint8Array.from(exportRaw(key, object, unsupported)));
  if (key.type !== (format === 'spki' ? 'public' : 'private')) throw unsupported();
  return toArrayBuffer(Uint8Array.from(object.export({ format: 'der', type: format })));
}

/** The bits of a new secret key; undefined if any number will do. */
function secretBits({ name, length, hash }) {
  if (name.startsWith('AES')) {
    if (!AES_BITS.includes(length))
      throw exception('AES key length must be 128, 192, or 256 bits', 'OperationError');
    return length;
  }
  if (name !== 'HMAC') return undefined;
  if (length === 0) throw exception('Zero-length key is not supported', 'OperationError');
  return length ?? BLOCK_BITS[hash?.name];
}

const numberOf = (bytes) => bytes.reduce((all, byte) => all * 256 + byte, 0);

function pairOptions(algorithm) {
  const { name } = algorithm;
  if (name.startsWith('RSA')) {
    support.digestOf(algorithm);
    const { modulusLength, publicExponent } = algorithm;
    return [
      'rsa',
      {
        modulusLength,
        publicExponent: numberOf(support.dataBytes(publicExponent, 'algorithm.publicExponent')),
      },
    ];
  }
  if (!name.startsWith('EC')) return [name.toLowerCase()];
  if (CURVES[algorithm.namedCurve] === undefined)
    throw exception('Unrecognized namedCurve', 'NotSupportedError');
  return ['ec', { namedCurve: algorithm.namedCurve }];
}

async function generatePair(algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(name, ['public', 'private'], usages);
  if (allowedUsages(name, 'private', usages).length === 0)
    throw exception('Usages cannot be empty when creating a key.', 'SyntaxError');
  const { generateKeyPair } = require('internal/crypto/generate');
  const { promisify } = require('util');
  const [type, options] = pairOptions(algorithm);
  const pair = await operation(() => promisify(generateKeyPair)(type, options));
  const own = asymmetricAlgorithm(algorithm, pair.privateKey);
  const wrap = (key, visible) =>
    makeCryptoKey(key, own, visible, allowedUsages(name, key.type, usages));
  return { publicKey: wrap(pair.publicKey, true), privateKey: wrap(pair.privateKey, extractable) };
}

async function generateKey(algorithm, extractable, usages) {
  algorithm = support.normalize(algorithm);
  const { name } = algorithm;
  if (!isSecret(name)) return generatePair(algorithm, Boolean(extractable), usages);
  if (NO_EXPORT.includes(name)) throw exception('Unrecognized algorithm name', 'NotSupportedError');
  checkUsages(name, ['secret'], usages);
  if (usages.length === 0)
    throw exception('Usages cannot be empty when creating a key.', 'SyntaxError');
  if (name === 'HMAC') support.digestOf(algorithm);
  const key = keys.createSecretKey(
    require('internal/crypto/random').randomBytes(secretBits(algorithm) >>> 3),
  );
  return makeCryptoKey(
    key,
    secretAlgorithm(algorithm, key),
    Boolean(extractable),
    allowedUsages(name, 'secret', usages),
  );
}

module.exports = { exportKey, generateKey, importKey, toCryptoKey, secretBits };
