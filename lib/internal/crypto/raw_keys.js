'use strict';
// Asymmetric keys as the bytes of their number or point alone, without a structure around them.
const { codes } = require('internal/errors/codes');
const { validateOneOf, validateString } = require('internal/errors/validators');
const { Buffer } = require('buffer');
const { binaryBytes, toBuffer } = require('internal/crypto/util');
const native = binding('crypto_keys');
const { publicPoint } = binding('crypto_dh');

const POINTS = ['ed25519', 'ed448', 'x25519', 'x448'];
const LATER = /^(?:ml-dsa|ml-kem|slh-dsa)-/; // types of OpenSSL from 3.5 on
const OTHERS = ['rsa', 'rsa-pss', 'dsa', 'dh'];
const FORMATS = { public: ['raw-public'], private: ['raw-private', 'raw-seed'] };

function incompatible() {
  const error = new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('', '');
  error.message = 'The selected key encoding is incompatible with the key type';
  return error;
}

/** A point of a curve; type is 'compressed' or 'uncompressed'. */
function pointBytes({ x, y }, type = 'uncompressed') {
  validateOneOf(type, 'options.type', ['compressed', 'uncompressed']);
  if (type === 'uncompressed') return Buffer.concat([Buffer.from([4]), x, y]);
  return Buffer.concat([Buffer.from([2 + (y.at(-1) & 1)]), x]);
}

/**
 * The bytes of a KeyObject with that native handle.
 * @param {{ format: string, type?: string, passphrase?: any }} options
 */
function exportRaw(key, handle, { format, type, passphrase }, prefix = 'options') {
  if (!FORMATS[key.type].includes(format))
    throw new codes.ERR_INVALID_ARG_VALUE(`${prefix}.format`, format);
  if (passphrase !== undefined)
    throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(format, 'does not support encryption');
  const keyType = key.asymmetricKeyType;
  if (OTHERS.includes(keyType)) throw incompatible();
  const parts = native.components(handle, key.type === 'private');
  if (format === 'raw-public')
    return keyType === 'ec' ? pointBytes(parts, type) : toBuffer(parts.x);
  // Those that have a seed are told by it.
  const bytes = format === 'raw-seed' ? parts.seed : /^ml-/.test(keyType) ? undefined : parts.d;
  if (bytes === undefined) throw incompatible();
  return toBuffer(bytes);
}

function fromBytes(type, curve, bytes, format) {
  const isPrivate = format !== 'raw-public';
  if (format === 'raw-seed') return native.fromSeed(type.toUpperCase(), bytes);
  if (type !== 'ec') return native.fromRaw(type.toUpperCase(), isPrivate, bytes);
  if (!isPrivate) return native.fromEc(curve, bytes, undefined);
  const point = publicPoint(curve, bytes);
  if (point === undefined) throw new RangeError('no private key of the curve');
  return native.fromEc(curve, point, bytes);
}

/**
 * The native handle of a key given as {key, format, asymmetricKeyType, namedCurve}.
 * @param {Function} curveOf  checks the name of a curve
 */
function importRaw({ key, format, asymmetricKeyType: type, namedCurve }, name, curveOf) {
  const bytes = binaryBytes(key, name);
  validateString(type, 'key.asymmetricKeyType');
  const isKnown = type === 'ec' || POINTS.includes(type) || LATER.test(type);
  if (!isKnown && !OTHERS.includes(type)) {
    const error = new codes.ERR_INVALID_ARG_VALUE('key.asymmetricKeyType', type);
    error.message = `Invalid asymmetricKeyType: ${type}`;
    throw error;
  }
  if (type === 'ec') validateString(namedCurve, 'key.namedCurve');
  const hasSeed = /^ml-/.test(type);
  if (!isKnown || (format === 'raw-seed') !== (hasSeed && format !== 'raw-public'))
    throw incompatible();
  const curve = type === 'ec' ? curveOf(namedCurve, 'key.namedCurve') : undefined;
  try {
    return fromBytes(type, curve, bytes, format);
  } catch (cause) {
    const error = new codes.ERR_INVALID_ARG_VALUE(name, 'key');
    error.message = 'Invalid key data';
    throw Object.assign(error, { cause });
  }
}

module.exports = { exportRaw, importRaw };
