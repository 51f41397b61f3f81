'use strict';
// createSecureContext(): keys, certificates and settings that connections are made with, checked
// and given to OpenSSL.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const {
  validateArray,
  validateInt32,
  validateInteger,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { versions, settings, trustedByDefault } = require('internal/tls/defaults');

/**
 * What connections are made with. `context` is the engine's object. As in Node it may be called
 * without new, and by classes of before there were any.
 * @param {object} [fields] of contextFields()
 * @param {object} [options] that they are made of
 */
function SecureContext(fields = contextFields({}), options = {}) {
  if (!(this instanceof SecureContext)) return new SecureContext(fields, options);
  try {
    use(this, fields);
  } catch (error) {
    if (error.code === 'ERR_OSSL_PEM_NO_START_LINE') error.message += whichIsNoPem(options);
    throw error;
  }
}

// The engine's contexts do not change: one that gets another authority is made anew.
function use(secureContext, fields) {
  const handle = createContext(fields);
  const addCACert = (cert) =>
    use(secureContext, { ...fields, ca: [...fields.ca, ...dataList(cert, 'cert')] });
  Object.defineProperty(handle, 'addCACert', { value: addCACert });
  Object.defineProperty(secureContext, 'context', {
    value: handle,
    enumerable: true,
    configurable: true,
  });
}

const BYTES = ['string', 'Buffer', 'TypedArray', 'DataView'];

function isData(value) {
  return typeof value === 'string' || ArrayBuffer.isView(value);
}

// One value or an array of them, each a string or bytes.
function dataList(value, name) {
  if (value === undefined || value === null || value === false || value === '') return [];
  const list = Array.isArray(value) ? value : [value];
  for (const one of list) if (!isData(one)) throw new codes.ERR_INVALID_ARG_TYPE(name, BYTES, one);
  return list.map(bytesOf);
}

function bytesOf(value) {
  if (typeof value === 'string') return value;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

// Keys and archives: [data, passphrase] each. `member` is where an object has its data.
function secretList(value, name, member, passphrase) {
  if (value === undefined || value === null || value === false || value === '') return [];
  const several = Array.isArray(value);
  return (several ? value : [value]).map((one) => {
    let data = one;
    let own;
    if (one !== null && typeof one === 'object' && !ArrayBuffer.isView(one)) {
      if (one.type === 'private' && typeof one.export === 'function')
        data = one.export({ type: 'pkcs8', format: 'pem' });
      else if (several) {
        data = one[member];
        own = one.passphrase;
      }
    }
    if (!isData(data)) throw new codes.ERR_INVALID_ARG_TYPE(name, BYTES, one);
    const secret = own ?? passphrase;
    if (secret !== undefined && secret !== null) {
      validateString(secret, 'options.passphrase');
      return [bytesOf(data), secret];
    }
    return bytesOf(data);
  });
}

const methods = {
  TLS: [versions.TLSv1, versions['TLSv1.3']],
  SSLv23: undefined, // the defaults
  TLSv1: [versions.TLSv1, versions.TLSv1],
  TLSv1_1: [versions['TLSv1.1'], versions['TLSv1.1']],
  TLSv1_2: [versions['TLSv1.2'], versions['TLSv1.2']],
};

const COMPRESSIONS = ['zlib', 'brotli', 'zstd'];

// Certificates go as they are, which every peer takes.
function checkCompression(list) {
  if (list === undefined) return;
  validateArray(list, 'options.certificateCompression');
  for (const [i, name] of list.entries())
    if (!COMPRESSIONS.includes(name))
      throw new codes.ERR_INVALID_ARG_VALUE(
        `options.certificateCompression[${i}]`,
        name,
        "must be 'zlib', 'brotli', or 'zstd'",
      );
}

function versionOf(value, kind, fallback) {
  const name = value ?? fallback;
  if (typeof name === 'string' && Object.hasOwn(versions, name)) return versions[name];
  throw new codes.ERR_TLS_INVALID_PROTOCOL_VERSION(name, kind);
}

/** [least, greatest] protocol version. */
function versionRange({ minVersion, maxVersion, secureProtocol }) {
  const range = [
    versionOf(minVersion, 'minimum', settings.DEFAULT_MIN_VERSION),
    versionOf(maxVersion, 'maximum', settings.DEFAULT_MAX_VERSION),
  ];
  if (!secureProtocol) return range;
  const conflict = minVersion ?? maxVersion;
  if (conflict !== undefined && conflict !== null)
    throw new codes.ERR_TLS_PROTOCOL_VERSION_CONFLICT(conflict, secureProtocol);
  const [, name] = /^(\w+?)(?:_client|_server)?_method$/.exec(String(secureProtocol)) ?? [];
  if (/^SSLv[23]$/.test(name ?? ''))
    throw new codes.ERR_TLS_INVALID_PROTOCOL_METHOD(`${name}_method has been removed`);
  if (name === undefined || !Object.hasOwn(methods, name))
    throw new codes.ERR_TLS_INVALID_PROTOCOL_METHOD(`Unknown method: ${secureProtocol}`);
  return methods[name] ?? range;
}

function text(value, name) {
  if (value === undefined || value === null) return undefined;
  validateString(value, name);
  return value;
}

function refuseEngines({ clientCertEngine, privateKeyEngine, privateKeyIdentifier }) {
  const types = ['string', 'null', 'undefined'];
  for (const [name, value] of Object.entries({
    clientCertEngine,
    privateKeyEngine,
    privateKeyIdentifier,
  })) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE(`options.${name}`, types, value);
  }
  if (clientCertEngine || privateKeyEngine || privateKeyIdentifier)
    throw new codes.ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
}

function ticketKeysOf(value) {
  if (value === undefined || value === null) return undefined;
  if (!ArrayBuffer.isView(value))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.ticketKeys',
      ['Buffer', 'TypedArray', 'DataView'],
      value,
    );
  if (value.byteLength !== 48)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.ticketKeys',
      value.byteLength,
      'must be exactly 48 bytes',
    );
  const bytes = bytesOf(value);
  require('internal/tls/ticket_source').check(
    [require('buffer').Buffer.from(bytes)],
    'of options.ticketKeys',
  );
  return native.createTicketKeys(bytes);
}

/** The TicketSource that a server's `ticketKeys` asks for; null where it has keys, or nothing. */
function sourceOf(value) {
  if (value === undefined || value === null || ArrayBuffer.isView(value)) return null;
  const { TicketSource, isSource } = require('internal/tls/ticket_source');
  return isSource(value) ? new TicketSource(value) : null;
}

function dhParameters(value) {
  if (value === undefined || value === null || value === 'auto') return 'auto';
  if (!isData(value)) throw new codes.ERR_INVALID_ARG_TYPE('options.dhparam', BYTES, value);
  return bytesOf(value);
}

/**
 * What the engine makes a context from.
 * @param {object} options as of tls.createSecureContext
 * @param {object} [ticketKeys] the engine's object, where a server has one already
 */
function contextFields(options, ticketKeys) {
  const ca = dataList(options.ca, 'options.ca');
  const passphrase = text(options.passphrase, 'options.passphrase');
  const ciphers = text(options.ciphers, 'options.ciphers') || settings.DEFAULT_CIPHERS;
  if (/^:*$/.test(ciphers)) throw new codes.ERR_INVALID_ARG_VALUE('options.ciphers', ciphers);
  refuseEngines(options);
  const cert = dataList(options.cert, 'options.cert');
  const key = secretList(options.key, 'options.key', 'pem', passphrase);
  checkCompression(options.certificateCompression);
  const sigalgs = text(options.sigalgs, 'options.sigalgs');
  if (sigalgs === '') throw new codes.ERR_INVALID_ARG_VALUE('options.sigalgs', sigalgs);
  const ecdhCurve = text(options.ecdhCurve, 'options.ecdhCurve') ?? settings.DEFAULT_ECDH_CURVE;
  const [minVersion, greatest] = versionRange(options);
  // Who names ciphers of TLS 1.2 alone, and no greatest version, gets TLS 1.2.
  const only12 =
    !/(^|:)TLS_/.test(ciphers) && !options.maxVersion && minVersion < versions['TLSv1.3'];
  const maxVersion = only12 ? Math.min(greatest, versions['TLSv1.2']) : greatest;
  if (options.secureOptions) validateInteger(options.secureOptions, 'options.secureOptions', 0);
  if (options.sessionTimeout !== undefined && options.sessionTimeout !== null)
    validateInt32(options.sessionTimeout, 'options.sessionTimeout', 0);
  // Authorities of nobody's choosing are not named to clients.
  const trusted = ca.length > 0 || options.ca ? { list: [], system: false } : trustedByDefault();
  return {
    ca,
    extraCa: trusted.list,
    defaultCa: trusted.system,
    lenientCa: true,
    cert,
    key,
    pfx: secretList(options.pfx, 'options.pfx', 'buf', passphrase),
    crl: dataList(options.crl, 'options.crl'),
    ciphers,
    sigalgs,
    ecdhCurve,
    dhparam: dhParameters(options.dhparam),
    minVersion,
    maxVersion,
    honorCipherOrder:
      options.honorCipherOrder !== undefined ? Boolean(options.honorCipherOrder) : true,
    secureOptions: options.secureOptions || 0,
    sessionIdContext: text(options.sessionIdContext, 'options.sessionIdContext'),
    sessionTimeout: options.sessionTimeout,
    ticketKeys: ticketKeysOf(options.ticketKeys) ?? ticketKeys,
  };
}

/**
 * Makes what connections are made with, of key, cert, pfx, passphrase, ca, crl, ciphers, sigalgs,
 * ecdhCurve, dhparam, minVersion, maxVersion, honorCipherOrder, secureOptions, sessionIdContext,
 * sessionTimeout (s), ticketKeys (48 bytes).
 * @throws {TypeError} on bad options; {Error} with OpenSSL's code on bad material
 */
function createSecureContext(options = {}) {
  options ||= {};
  validateObject(options, 'options', { allowArray: true });
  return new SecureContext(contextFields(options), options);
}

/** Which of the options is no PEM, to add to an error: OpenSSL does not tell. */
function whichIsNoPem(options) {
  for (const name of ['cert', 'key', 'ca'])
    for (const one of [options[name]].flat()) {
      if (!one || (typeof one !== 'string' && !ArrayBuffer.isView(one))) continue;
      const text =
        typeof one === 'string'
          ? one
          : Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('latin1');
      if (text.includes('-----BEGIN')) continue;
      const path = /^[\w./~-]+$/.test(text)
        ? ': it looks like a path; give what is in the file'
        : '';
      return ` (${name} is no PEM${path})`;
    }
  return '';
}

function createContext(fields) {
  try {
    return native.createContext(fields);
  } catch (error) {
    // Old archives are sealed with what OpenSSL 3 no longer opens.
    if (fields.pfx.length === 0 || error.code !== 'ERR_OSSL_EVP_UNSUPPORTED') throw error;
    throw new codes.ERR_CRYPTO_UNSUPPORTED_OPERATION('Unsupported PKCS12 PFX data');
  }
}

module.exports = {
  SecureContext,
  createSecureContext,
  createContext,
  contextFields,
  bytesOf,
  sourceOf,
  ticketKeysOf,
  whichIsNoPem,
};
