'use strict';
// What tls.* lets a program change for all connections to come, and what never changes.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { validateOneOf, validateString } = require('internal/errors/validators');
const { flag } = require('internal/process/flags');

/** OpenSSL's numbers of protocol versions. */
const versions = { TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** TLS 1.3 first; then what src/tls/context.cc offers by itself. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'HIGH',
  '!aNULL',
  '!eNULL',
  '!EXPORT',
  '!DES',
  '!RC4',
  '!MD5',
  '!PSK',
  '!SRP',
  '!CAMELLIA',
].join(':');

// With the shortest key and digest first, as others have it: handshakes and records cost less.
const LIGHT = 'TLS_AES_128_GCM_SHA256';
const LIGHT_FIRST = [LIGHT, ...CIPHERS.split(':').filter((one) => one !== LIGHT)].join(':');

/** The ciphers of servers with tlsOpt that name none: those of tls where a program has set them. */
const serverCiphers = () =>
  settings.DEFAULT_CIPHERS === CIPHERS ? LIGHT_FIRST : settings.DEFAULT_CIPHERS;

let leastByOption;

/** Members of the module tls that programs may assign. */
const settings = {
  DEFAULT_CIPHERS: CIPHERS,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: 'TLSv1.2',
  DEFAULT_MAX_VERSION: 'TLSv1.3',
};

// Of several options the lowest least version counts, and the highest greatest one.
for (const name of Object.keys(versions)) {
  const option = name.replace(/^TLSv(1)$/, 'v$1.0').replace('TLS', '');
  if (flag(`tls-min-${option}`)) leastByOption ??= name;
  if (flag(`tls-max-${option}`)) settings.DEFAULT_MAX_VERSION = name;
}
settings.DEFAULT_MIN_VERSION = leastByOption ?? settings.DEFAULT_MIN_VERSION;
settings.DEFAULT_CIPHERS = flag('tls-cipher-list')?.at(-1) || settings.DEFAULT_CIPHERS;

// ---- Authorities that are trusted where no `ca` is given

let systemAuthorities;
let extraAuthorities;
let defaultAuthorities; // undefined: the system's, which OpenSSL looks up as it needs them

/** The system's certificates as PEM, in one frozen array. */
function rootCertificates() {
  systemAuthorities ??= Object.freeze(native.rootCertificates());
  return systemAuthorities;
}

// In User Mode the file is the runtime's to read, and not the program's.
function readExtra(file) {
  if (!binding('runtime').restricted) return require('fs').readFileSync(file, 'latin1');
  const text = binding('process').readOwn('NODE_EXTRA_CA_CERTS');
  if (text === undefined) throw new Error('it cannot be read');
  return text;
}

let warned = false; // that they cannot be read; the next time they may be

function extraCertificates() {
  if (extraAuthorities !== undefined) return extraAuthorities;
  const file = require('internal/base/environment').own('NODE_EXTRA_CA_CERTS');
  let list = [];
  try {
    if (file) list = readExtra(file).match(/-----BEGIN [^]+?-----END [^\n]+-----\n?/g) ?? [];
    extraAuthorities = Object.freeze(list);
  } catch (error) {
    if (!warned)
      process.emitWarning(`Ignoring extra certs from \`${file}\`, load failed: ${error.message}`);
    warned = true;
  }
  return list;
}

let complete; // what getCACertificates('default') returns

/** @param {'default'|'system'|'bundled'|'extra'} [type] @returns {string[]} PEM, frozen */
function getCACertificates(type = 'default') {
  validateString(type, 'type');
  validateOneOf(type, 'type', ['default', 'system', 'bundled', 'extra']);
  if (type === 'extra') return extraCertificates();
  if (type !== 'default') return rootCertificates();
  if (defaultAuthorities !== undefined) return defaultAuthorities;
  if (complete !== undefined) return complete;
  const all = Object.freeze([...rootCertificates(), ...extraCertificates()]);
  if (extraAuthorities !== undefined) complete = all;
  return all;
}

/** Replaces what contexts without `ca` trust from now on. @param {(string|ArrayBufferView)[]} list */
function setDefaultCACertificates(list) {
  if (!Array.isArray(list)) throw new codes.ERR_INVALID_ARG_TYPE('certs', 'Array', list);
  const unique = new Set();
  list.forEach((one, index) => {
    if (typeof one !== 'string' && !ArrayBuffer.isView(one))
      throw new codes.ERR_INVALID_ARG_TYPE(`certs[${index}]`, ['string', 'ArrayBufferView'], one);
    const text =
      typeof one === 'string'
        ? one
        : Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('latin1');
    native.createContext({ ca: [text] }); // throws if it is none
    unique.add(text);
  });
  defaultAuthorities = Object.freeze([...unique]);
}

/** What a context without `ca` trusts: {list, system} — certificates, and whether the system's too. */
function trustedByDefault() {
  if (defaultAuthorities !== undefined) return { list: defaultAuthorities, system: false };
  return { list: extraCertificates(), system: true };
}

let cipherNames;
/** The names of all ciphers, in small letters. */
function getCiphers() {
  cipherNames ??= [...new Set(native.ciphers())].sort();
  return [...cipherNames];
}

module.exports = {
  versions,
  settings,
  rootCertificates,
  getCACertificates,
  setDefaultCACertificates,
  trustedByDefault,
  getCiphers,
  serverCiphers,
};
