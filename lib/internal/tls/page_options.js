'use strict';
// The members of tlsOpt: which there are, and whether they are what they must be. Those of
// createSecureContext() are checked where a context is made of them. docs/api/net.md
const { codes } = require('internal/errors/codes');
const { validateMembers } = require('internal/errors/options');
const {
  validateBoolean,
  validateFunction,
  validateNumber,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { convertALPNProtocols, protocolNames } = require('internal/tls/alpn');

const HANDSHAKE_MS = 60000;
const LEAST_HANDSHAKE_MS = 2000;
const LONGEST_HANDSHAKE_MS = 120000;

/** What contexts are made of, with passwd for passphrase. */
const CONTEXT = [
  ...['ca', 'cert', 'key', 'passwd', 'passphrase', 'pfx', 'crl', 'ciphers', 'sigalgs', 'ecdhCurve'],
  ...['dhparam', 'minVersion', 'maxVersion', 'secureProtocol', 'honorCipherOrder'],
  ...['secureOptions', 'sessionIdContext', 'sessionTimeout'],
];
const CONNECTION = [
  ...['ALPNProtocols', 'handshakeTimeout', 'rejectUnauthorized', 'rejectUnauthorinzed'],
  ...['renegotiate', 'name'],
];
const CLIENT = ['server', 'servername', 'loadDefaultCerts'];
const SERVER = ['ipcert', 'requestCert', 'SNICallback', 'ticketKeys'];

const known = {
  client: new Set([...CONTEXT, ...CONNECTION, ...CLIENT]),
  server: new Set([...CONTEXT, ...CONNECTION, ...SERVER]),
  certificate: new Set([...CONTEXT, 'name']), // of addcert()
};

/** Words of other interfaces. */
const others = {
  alpn: 'ALPNProtocols',
  alpnProtocols: 'ALPNProtocols',
  certificate: 'cert',
  host: 'server',
  password: 'passwd',
  pass: 'passwd',
  privateKey: 'key',
  sni: 'servername',
  timeout: 'handshakeTimeout',
  verify: 'rejectUnauthorized',
};

const BOOLEANS = [
  ...['rejectUnauthorized', 'rejectUnauthorinzed', 'loadDefaultCerts', 'ipcert', 'requestCert'],
  ...['honorCipherOrder'],
];
const STRINGS = [
  ...['name', 'passwd', 'passphrase', 'server', 'servername'],
  ...['minVersion', 'maxVersion', 'secureProtocol'],
];

/**
 * Throws unless the members are known and of the right kind; data and keys are checked with the
 * context.
 * @param {object} tlsOpt
 * @param {string} name  of tlsOpt, for errors
 * @param {'client' | 'server' | 'certificate'} kind  of what it is for
 */
function validate(tlsOpt, name, kind) {
  validateObject(tlsOpt, name);
  validateMembers(tlsOpt, name, known[kind], others);
  const each = (members, check) => {
    for (const member of members) {
      const value = tlsOpt[member];
      if (value !== undefined && value !== null) check(value, `${name}.${member}`);
    }
  };
  each(STRINGS, validateString);
  each(BOOLEANS, validateBoolean);
  each(['SNICallback'], validateFunction);
  each(['handshakeTimeout'], (ms, member) =>
    validateNumber(ms, member, LEAST_HANDSHAKE_MS, LONGEST_HANDSHAKE_MS),
  );
  each(['ALPNProtocols'], (value, member) => {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value))
      throw new codes.ERR_INVALID_ARG_TYPE(member, ['Array', 'Buffer', 'TypedArray'], value);
  });
  for (const member of ['ca', 'cert', 'key'])
    each([member], (value) => {
      for (const one of [value].flat())
        if (typeof one !== 'string' && !ArrayBuffer.isView(one) && !isKey(member, one))
          throw new codes.ERR_INVALID_ARG_TYPE(
            `${name}.${member}`,
            ['string', 'Buffer', 'TypedArray', 'DataView'],
            one,
          );
    });
}

/** Keys may have a passphrase of their own, or be a KeyObject. */
const isKey = (member, value) =>
  member === 'key' && (value?.pem !== undefined || value?.type === 'private');

/** ms */
const handshakeTimeout = ({ handshakeTimeout: ms }) => ms ?? HANDSHAKE_MS;

/** The names that are offered or accepted, most wanted first. */
function alpn({ ALPNProtocols }) {
  const out = {};
  if (ALPNProtocols) convertALPNProtocols(ALPNProtocols, out);
  return protocolNames(out.ALPNProtocols);
}

/** rejectUnauthorized in either spelling. @returns {boolean} */
const rejects = ({ rejectUnauthorized, rejectUnauthorinzed }) =>
  (rejectUnauthorized ?? rejectUnauthorinzed ?? true) !== false;

module.exports = { validate, handshakeTimeout, alpn, rejects };
