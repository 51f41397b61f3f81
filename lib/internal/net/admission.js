'use strict';
// server.admission: which connections a server takes, decided when they are accepted.
// docs/api/limits.md
const native = binding('net');
const { codes } = require('internal/errors/codes');
const { validateArray, validateInteger, validateObject } = require('internal/errors/validators');
const { validateNames } = require('internal/net/record');

const MOST = 2 ** 32 - 1;
const MOST_TABLE = 2 ** 24; // 1 GiB
const ACTIONS = ['reset', 'close', 'wait'];
const NAMES = [
  'perAddress',
  'total',
  'handshakes',
  'prefix',
  'exempt',
  'failures',
  'table',
  'action',
];

function limit(value, name, most = MOST, least = 0) {
  if (value === undefined) return 0;
  validateInteger(value, name, least, most);
  return value;
}

// [count, ms], or a count a second; 0: no limit.
function rate(value, name) {
  if (value === undefined || value === 0) return [0, 1000];
  const [count, ms] = Array.isArray(value) ? value : [value, 1000];
  if (Array.isArray(value) && value.length !== 2)
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be [count, ms] or a number');
  validateInteger(count, Array.isArray(value) ? `${name}[0]` : name, 0, MOST);
  validateInteger(ms, `${name}[1]`, 1, MOST);
  return [count, ms];
}

function part(value, name, names) {
  if (value === undefined) return {};
  validateObject(value, name);
  validateNames(value, name, names);
  return value;
}

// The limits in the order in which src/bind/net/admission.cc takes them, and the exempt prefixes.
function limitsOf(options) {
  const name = 'server.admission';
  validateObject(options, name);
  validateNames(options, name, NAMES);
  const perAddress = part(options.perAddress, `${name}.perAddress`, ['rate', 'concurrent']);
  const handshakes = part(options.handshakes, `${name}.handshakes`, [
    'concurrent',
    'rate',
    'timeout',
  ]);
  const prefix = part(options.prefix, `${name}.prefix`, ['v4', 'v6']);
  const { exempt = [], table = 65536, action = 'reset' } = options;
  validateArray(exempt, `${name}.exempt`);
  if (!ACTIONS.includes(action))
    throw new codes.ERR_INVALID_ARG_VALUE(
      `${name}.action`,
      action,
      `must be one of '${ACTIONS.join("', '")}'`,
    );
  const limits = [
    ...rate(perAddress.rate, `${name}.perAddress.rate`),
    limit(perAddress.concurrent, `${name}.perAddress.concurrent`),
    limit(options.total, `${name}.total`),
    limit(handshakes.concurrent, `${name}.handshakes.concurrent`),
    ...rate(handshakes.rate, `${name}.handshakes.rate`),
    limit(handshakes.timeout ?? 10000, `${name}.handshakes.timeout`),
    limit(prefix.v4 ?? 32, `${name}.prefix.v4`, 32),
    limit(prefix.v6 ?? 64, `${name}.prefix.v6`, 128),
    ...rate(options.failures, `${name}.failures`),
    limit(table, `${name}.table`, MOST_TABLE, 1),
    ACTIONS.indexOf(action),
  ];
  for (const [i, text] of exempt.entries())
    if (typeof text !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE(`${name}.exempt[${i}]`, 'string', text);
  return { limits, exempt };
}

/** Gives the listener of that number limits; 0: only checks them. */
function apply(id, options) {
  const { limits, exempt } = limitsOf(options);
  const wrong = native.setAdmission(id, limits, exempt, exempt.length);
  if (wrong !== undefined)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'server.admission.exempt',
      wrong,
      "must be an IP address or a prefix such as '10.0.0.0/8'",
    );
}

// Options as they were given, that nobody changes any more.
function frozen(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, each]) => [key, frozen(each)])),
  );
}

/** What the setter of server.admission keeps: checked, frozen, and in force if id listens. */
function set(id, value) {
  if (value === undefined || value === null) {
    if (id !== 0) apply(id, { handshakes: { timeout: 0 } });
    return undefined;
  }
  const kept = frozen(value);
  apply(id, kept);
  return kept;
}

module.exports = { apply, set };
