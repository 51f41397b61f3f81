'use strict';
// JSON Web Keys (RFC 7517, RFC 7518, RFC 8037).
const { codes } = require('internal/errors/codes');
const { validateObject, validateOneOf, validateString } = require('internal/errors/validators');
const { Buffer } = require('buffer');
const { toBuffer } = require('internal/crypto/util');
const native = binding('crypto_keys');

// Curves of a JWK → OpenSSL's names and the length of a coordinate in bytes.
const EC = {
  'P-256': ['prime256v1', 32],
  secp256k1: ['secp256k1', 32],
  'P-384': ['secp384r1', 48],
  'P-521': ['secp521r1', 66],
};
const UNCOMPRESSED = Buffer.from([4]); // form of a point
const OKP = { Ed25519: 'ed25519', Ed448: 'ed448', X25519: 'x25519', X448: 'x448' };

function member(jwk, name) {
  const value = jwk[name];
  validateString(value, `key.${name}`);
  return Buffer.from(value, 'base64url');
}

function importEc(jwk, isPrivate) {
  validateOneOf(jwk.crv, 'key.crv', Object.keys(EC));
  const [curve, size] = EC[jwk.crv];
  const [x, y] = [member(jwk, 'x'), member(jwk, 'y')];
  const d = isPrivate ? member(jwk, 'd') : undefined;
  if (x.length !== size || y.length !== size)
    throw new codes.ERR_CRYPTO_INVALID_JWK('Invalid JWK EC key');
  try {
    return native.fromEc(curve, Buffer.concat([UNCOMPRESSED, x, y]), d);
  } catch {
    throw new codes.ERR_CRYPTO_INVALID_JWK('Invalid JWK EC key');
  }
}

function importOkp(jwk, isPrivate) {
  validateOneOf(jwk.crv, 'key.crv', Object.keys(OKP));
  const type = OKP[jwk.crv].toUpperCase();
  const bytes = member(jwk, isPrivate ? 'd' : 'x');
  member(jwk, 'x');
  try {
    return native.fromRaw(type, isPrivate, bytes);
  } catch {
    throw new codes.ERR_CRYPTO_INVALID_JWK();
  }
}

const RSA_PUBLIC = ['n', 'e'];
const RSA_PRIVATE = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

/** The native handle of a JWK's public or private key. */
function importJwk(jwk, isPrivate) {
  validateObject(jwk, 'key');
  validateOneOf(jwk.kty, 'key.kty', ['RSA', 'EC', 'OKP']);
  if (jwk.kty === 'EC') return importEc(jwk, isPrivate);
  if (jwk.kty === 'OKP') return importOkp(jwk, isPrivate);
  const parts = (isPrivate ? RSA_PRIVATE : RSA_PUBLIC).map((name) => member(jwk, name));
  try {
    return native.fromRsa(isPrivate, ...parts);
  } catch {
    throw new codes.ERR_CRYPTO_INVALID_JWK('Invalid JWK RSA key');
  }
}

/** The bytes of a JWK of a secret key. */
function importSecretJwk(jwk) {
  validateOneOf(jwk.kty, 'key.kty', ['oct']);
  return member(jwk, 'k');
}

function encodeMembers(components, names) {
  return Object.fromEntries(
    names.map((name) => [name, toBuffer(components[name]).toString('base64url')]),
  );
}

/** The JWK of a KeyObject with that native handle. */
function exportJwk(key, handle) {
  const isPrivate = key.type === 'private';
  const type = key.asymmetricKeyType;
  const components = () => native.components(handle, isPrivate);
  if (type === 'rsa')
    return { kty: 'RSA', ...encodeMembers(components(), isPrivate ? RSA_PRIVATE : RSA_PUBLIC) };
  if (type === 'ec') {
    const { namedCurve } = key.asymmetricKeyDetails;
    const crv = Object.keys(EC).find((name) => EC[name][0] === namedCurve);
    if (crv === undefined) throw new codes.ERR_CRYPTO_JWK_UNSUPPORTED_CURVE(namedCurve);
    const { x, y, d } = encodeMembers(components(), isPrivate ? ['x', 'y', 'd'] : ['x', 'y']);
    return { kty: 'EC', x, y, crv, ...(isPrivate ? { d } : undefined) };
  }
  const crv = Object.keys(OKP).find((name) => OKP[name] === type);
  if (crv === undefined) throw new codes.ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE();
  const { x, d } = encodeMembers(components(), isPrivate ? ['x', 'd'] : ['x']);
  return isPrivate ? { crv, d, x, kty: 'OKP' } : { crv, x, kty: 'OKP' };
}

module.exports = { exportJwk, importJwk, importSecretJwk };
