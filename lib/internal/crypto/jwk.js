'use strict';
// JSON Web Keys (RFC 7517, RFC 7518, RFC 8037; those of lattices and hashes by their draft, as AKP).
const { codes } = require('internal/errors/codes');
const { validateObject, validateOneOf } = require('internal/errors/validators');
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

const invalid = (kind) => new codes.ERR_CRYPTO_INVALID_JWK(`Invalid JWK ${kind} key`);

function member(jwk, name) {
  const value = jwk[name];
  if (typeof value !== 'string') throw invalid(jwk.kty);
  return Buffer.from(value, 'base64url');
}

function importEc(jwk, isPrivate) {
  if (typeof jwk.crv !== 'string') throw invalid('EC');
  if (!Object.hasOwn(EC, jwk.crv)) throw new codes.ERR_CRYPTO_INVALID_CURVE();
  const [curve, size] = EC[jwk.crv];
  const [x, y] = [member(jwk, 'x'), member(jwk, 'y')];
  const d = isPrivate ? member(jwk, 'd') : undefined;
  if (x.length !== size || y.length !== size) throw invalid('EC');
  try {
    return native.fromEc(curve, Buffer.concat([UNCOMPRESSED, x, y]), d);
  } catch {
    throw invalid('EC');
  }
}

function importOkp(jwk, isPrivate) {
  if (!Object.hasOwn(OKP, jwk.crv)) throw invalid('OKP');
  const type = OKP[jwk.crv].toUpperCase();
  const bytes = member(jwk, isPrivate ? 'd' : 'x');
  member(jwk, 'x');
  try {
    return native.fromRaw(type, isPrivate, bytes);
  } catch {
    throw invalid('OKP');
  }
}

const AKP = /^(?:ml-dsa|ml-kem|slh-dsa)-[a-z0-9-]+$/;

function importAkp(jwk, isPrivate) {
  const type = typeof jwk.alg === 'string' ? jwk.alg.toLowerCase() : '';
  if (!AKP.test(type)) throw new codes.ERR_CRYPTO_INVALID_JWK('Unsupported JWK AKP "alg"');
  if (isPrivate && typeof jwk.priv !== 'string')
    throw new codes.ERR_CRYPTO_INVALID_JWK('JWK does not contain private key material');
  const pub = member(jwk, 'pub');
  try {
    if (!isPrivate) return native.fromRaw(jwk.alg, false, pub);
    const priv = member(jwk, 'priv');
    const key = type.startsWith('ml-')
      ? native.fromSeed(jwk.alg, priv)
      : native.fromRaw(jwk.alg, true, priv);
    if (toBuffer(native.components(key, true).x).equals(pub)) return key;
  } catch {
    // OpenSSL lacks the type, or the bytes are none of it.
  }
  throw invalid('AKP');
}

const RSA_PUBLIC = ['n', 'e'];
const RSA_PRIVATE = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

/** The native handle of a JWK's public or private key. */
function importJwk(jwk, isPrivate) {
  validateObject(jwk, 'key.key');
  if (typeof jwk.kty !== 'string') throw new codes.ERR_CRYPTO_INVALID_JWK('Invalid JWK format');
  if (!['RSA', 'EC', 'OKP', 'AKP'].includes(jwk.kty))
    throw new codes.ERR_CRYPTO_INVALID_JWK(`${jwk.kty} is not a supported JWK key type`);
  if (jwk.kty === 'EC') return importEc(jwk, isPrivate);
  if (jwk.kty === 'OKP') return importOkp(jwk, isPrivate);
  if (jwk.kty === 'AKP') return importAkp(jwk, isPrivate);
  if (isPrivate && typeof jwk.n === 'string' && typeof jwk.d !== 'string')
    throw new codes.ERR_CRYPTO_INVALID_JWK('JWK does not contain private key material');
  const parts = (isPrivate ? RSA_PRIVATE : RSA_PUBLIC).map((name) => member(jwk, name));
  try {
    return native.fromRsa(isPrivate, ...parts);
  } catch {
    throw invalid('RSA');
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
  if (AKP.test(type)) {
    const { x, d, seed = d } = components();
    const { pub, priv } = encodeMembers(
      { pub: x, priv: seed },
      isPrivate ? ['pub', 'priv'] : ['pub'],
    );
    return {
      kty: 'AKP',
      alg: type.replace(/^.*\d/, (name) => name.toUpperCase()),
      pub,
      ...(isPrivate ? { priv } : undefined),
    };
  }
  const crv = Object.keys(OKP).find((name) => OKP[name] === type);
  if (crv === undefined) throw new codes.ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE();
  const { x, d } = encodeMembers(components(), isPrivate ? ['x', 'd'] : ['x']);
  return { kty: 'OKP', crv, x, ...(isPrivate ? { d } : undefined) };
}

module.exports = { exportJwk, importJwk, importSecretJwk };
