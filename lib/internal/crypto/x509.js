'use strict';
// X509Certificate (RFC 5280).
const { markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');
const { BYTES, toBuffer, toBytes } = require('internal/crypto/util');
const { KeyObject, PrivateKeyObject, PublicKeyObject, handleOf } = require('internal/crypto/keys');
const native = binding('crypto_x509');

// Bits of X509_check_host(3).
const ALWAYS_SUBJECT = 1;
const NEVER_SUBJECT = 32;
const flagsOff = { wildcards: 2, partialWildcards: 4 };
const flagsOn = { multiLabelWildcards: 8, singleLabelSubdomains: 16 };

function subjectFlag(options) {
  if (options?.subject === undefined) return 0;
  validateOneOf(options.subject, 'options.subject', ['default', 'always', 'never']);
  return { default: 0, always: ALWAYS_SUBJECT, never: NEVER_SUBJECT }[options.subject];
}

function hostFlags(options) {
  if (options === undefined) return 0;
  validateObject(options, 'options');
  let flags = subjectFlag(options);
  for (const [names, expected] of [
    [flagsOff, false],
    [flagsOn, true],
  ]) {
    for (const [name, bit] of Object.entries(names)) {
      if (options[name] === undefined) continue;
      validateBoolean(options[name], `options.${name}`);
      if (options[name] === expected) flags |= bit;
    }
  }
  return flags;
}

const CERTIFICATE = ['string', 'Buffer', 'TypedArray', 'DataView'];

/** In place of bytes: a certificate that native code has. */
class Held {
  constructor(handle) {
    this.handle = handle;
  }
}

class X509Certificate {
  static {
    markOpaque(this);
  }
  #handle;
  #fields;
  #publicKey;

  /** @param {string | ArrayBuffer | ArrayBufferView} buffer PEM or DER */
  constructor(buffer) {
    this.#handle =
      buffer instanceof Held
        ? buffer.handle
        : native.parse(toBytes(buffer, 'buffer', undefined, CERTIFICATE));
  }

  static handle(certificate) {
    return certificate.#handle;
  }

  get #details() {
    return (this.#fields ??= native.legacy(this.#handle));
  }

  /** A line `CN=…` for each part of the name. */
  get subject() {
    return native.subject(this.#handle);
  }
  get issuer() {
    return native.issuer(this.#handle);
  }
  get subjectAltName() {
    return this.#details.subjectaltname;
  }
  get infoAccess() {
    const access = this.#details.infoAccess;
    if (access === undefined) return undefined;
    return Object.entries(access)
      .flatMap(([name, values]) => values.map((value) => `${name}:${value}`))
      .join('\n');
  }
  get validFrom() {
    return this.#details.valid_from;
  }
  get validTo() {
    return this.#details.valid_to;
  }
  get validFromDate() {
    return new Date(this.validFrom);
  }
  get validToDate() {
    return new Date(this.validTo);
  }
  get fingerprint() {
    return this.#details.fingerprint;
  }
  get fingerprint256() {
    return this.#details.fingerprint256;
  }
  get fingerprint512() {
    return this.#details.fingerprint512;
  }
  /** Object identifiers of the extended key usage. */
  get keyUsage() {
    return this.#details.ext_key_usage;
  }
  get serialNumber() {
    return this.#details.serialNumber;
  }
  /** The name of the algorithm that the issuer signed with; undefined if it has none. */
  get signatureAlgorithm() {
    const [name, oid] = native.signatureAlgorithm(this.#handle);
    return name === oid ? undefined : name;
  }
  /** The object identifier of that algorithm. */
  get signatureAlgorithmOid() {
    return native.signatureAlgorithm(this.#handle)[1];
  }
  get raw() {
    return toBuffer(this.#details.raw);
  }
  get ca() {
    return this.#details.ca;
  }
  get publicKey() {
    return (this.#publicKey ??= new PublicKeyObject(native.publicKey(this.#handle)));
  }
  /** Known only of certificates that a TLS peer sent. */
  get issuerCertificate() {
    return undefined;
  }

  checkHost(name, options) {
    validateString(name, 'name');
    return native.checkHost(this.#handle, name, hostFlags(options));
  }

  checkEmail(email, options) {
    validateString(email, 'email');
    if (options !== undefined) validateObject(options, 'options');
    return native.checkEmail(this.#handle, email, subjectFlag(options)) ? email : undefined;
  }

  checkIP(ip) {
    validateString(ip, 'ip');
    return native.checkIp(this.#handle, ip) ? ip : undefined;
  }

  /** Whether this certificate names another as its issuer's. */
  checkIssued(other) {
    if (!(other instanceof X509Certificate))
      throw new codes.ERR_INVALID_ARG_TYPE('otherCert', 'X509Certificate', other);
    return native.issued(this.#handle, handle(other));
  }

  checkPrivateKey(key) {
    checkKey(key, 'pkey', 'private');
    return native.checkPrivateKey(this.#handle, handleOf(key));
  }

  /** Whether a public key made the certificate's signature. */
  verify(key) {
    checkKey(key, 'pkey', 'public');
    return native.verify(this.#handle, handleOf(key));
  }

  toString() {
    return native.pem(this.#handle);
  }
  toJSON() {
    return this.toString();
  }

  toLegacyObject() {
    const { raw, pubkey, ...fields } = this.#details;
    if (pubkey !== undefined) fields.pubkey = toBuffer(pubkey);
    return { ...fields, raw: toBuffer(raw) };
  }
}
const { handle } = X509Certificate;
delete X509Certificate.handle;

function checkKey(key, name, type) {
  if (!(key instanceof KeyObject)) throw new codes.ERR_INVALID_ARG_TYPE(name, 'KeyObject', key);
  if (key.type !== type) throw new codes.ERR_INVALID_ARG_VALUE(name, key);
}

function archiveFailure(error, data) {
  if (data.length === 0 || error.library?.startsWith('asn1'))
    return Object.assign(
      new codes.ERR_CRYPTO_OPERATION_FAILED('Input is not a valid PKCS#12 structure'),
      { cause: error },
    );
  if (error.code !== 'ERR_OSSL_EVP_UNSUPPORTED' && error.code !== 'ERR_OSSL_UNSUPPORTED')
    return error;
  const unsupported = new codes.ERR_CRYPTO_UNSUPPORTED_OPERATION();
  unsupported.message =
    'PKCS#12 bundle uses an unsupported algorithm; it may require the OpenSSL legacy provider';
  return Object.assign(unsupported, { cause: error });
}

/**
 * What there is in a PKCS #12 archive: the first private key, its certificate, and all others.
 * @param {ArrayBuffer | ArrayBufferView} bundle
 * @param {{ passphrase?: string | ArrayBuffer | ArrayBufferView }} [options]
 */
function parsePKCS12(bundle, options = {}) {
  const data = toBytes(bundle, 'bundle', undefined, BYTES);
  validateObject(options, 'options');
  const { passphrase = '' } = options;
  const secret = toBytes(passphrase, 'options.passphrase');
  if (secret.includes(0))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.passphrase',
      passphrase,
      'must not contain null bytes',
    );
  let found;
  try {
    found = native.parseArchive(data, secret);
  } catch (error) {
    throw archiveFailure(error, data);
  }
  const [key, own, ...others] = found;
  const certificateOf = (handle) => new X509Certificate(new Held(handle));
  return {
    privateKey: key === undefined ? null : new PrivateKeyObject(key),
    certificate: own === undefined ? null : certificateOf(own),
    additionalCertificates: others.map(certificateOf),
  };
}

module.exports = { X509Certificate, parsePKCS12 };
