'use strict';
// The module dns: names to addresses by the system's resolver, and questions to DNS servers, which
// internal/dns/resolver asks. docs/api/dns.md
const native = binding('dns');
const { constants, dnsError } = require('internal/dns/codes');
const { DENIED, accessDenied, codes } = require('internal/errors/codes');
const { define, defineLazy } = require('internal/base/lazy');
const { measure } = require('internal/base/observed');
const { carry } = require('internal/base/stores');
const { flag } = require('internal/process/flags');
const {
  validateFunction,
  validateOneOf,
  validateInt32,
  validateNumber,
  validatePort,
  validateString,
} = require('internal/errors/validators');

const AF_INET = 2;
const AF_INET6 = 10;
const ADDRCONFIG = native.ADDRCONFIG;
const V4MAPPED = native.V4MAPPED;
const ALL = native.ALL;
const orders = ['verbatim', 'ipv4first', 'ipv6first'];
let defaultOrder = flag('dns-result-order')?.at(-1) ?? 'verbatim';

const families = new Map([
  [0, 0],
  [4, 4],
  [6, 6],
  ['IPv4', 4],
  ['IPv6', 6],
  [AF_INET, 4],
  [AF_INET6, 6],
  [null, 0],
]);

function parse(options) {
  if (options === undefined) return { family: 0, hints: 0, all: false, order: defaultOrder };
  if (typeof options !== 'object' || options === null) {
    if (!families.has(options)) {
      if (typeof options === 'number')
        throw new codes.ERR_INVALID_ARG_VALUE('family', options, 'must be one of: 0, 4, 6');
      throw new codes.ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
    }
    return { family: families.get(options), hints: 0, all: false, order: defaultOrder };
  }
  const { family = 0, hints = 0, all = false, verbatim, order } = options;
  if (!families.has(family))
    throw new codes.ERR_INVALID_ARG_VALUE('options.family', family, 'must be one of: 0, 4, 6');
  if (hints != null) {
    validateInt32(hints, 'options.hints');
    if ((hints & ~(ADDRCONFIG | V4MAPPED | ALL)) !== 0)
      throw new codes.ERR_INVALID_ARG_VALUE('hints', hints);
  }
  if (all != null && typeof all !== 'boolean')
    throw new codes.ERR_INVALID_ARG_TYPE('options.all', 'boolean', all);
  if (verbatim != null && typeof verbatim !== 'boolean')
    throw new codes.ERR_INVALID_ARG_TYPE('options.verbatim', 'boolean', verbatim);
  if (order != null) validateOneOf(order, 'options.order', orders);
  const byVerbatim = verbatim == null ? defaultOrder : verbatim ? 'verbatim' : 'ipv4first';
  return {
    family: families.get(family),
    hints: hints ?? 0,
    all: Boolean(all),
    order: order ?? byVerbatim,
  };
}

function answerOf(addresses, order) {
  const isIP = binding('net').isIP;
  const list = addresses.map((address) => ({ address, family: isIP(address) }));
  if (order === 'verbatim') return list;
  const first = order === 'ipv6first' ? 6 : 4;
  return [
    ...list.filter((entry) => entry.family === first),
    ...list.filter((entry) => entry.family !== first),
  ];
}

function lookupError(code, errno, hostname, syscall = 'getaddrinfo') {
  if (errno === -DENIED) {
    const error = accessDenied(syscall);
    return Object.assign(error, { hostname });
  }
  const number = code === 'ENOTFOUND' ? -3008 : -Math.abs(errno);
  return dnsError(code, number, syscall, hostname);
}

/**
 * Resolves a name as the system does. With a callback: (error, address, family), or with `all`
 * (error, [{address, family}]). Without one it blocks, and returns the first address or undefined.
 * @param {string} hostname
 * @param {number|object} [options] AF_INET, AF_INET6, 4, 6, or {family, hints, all, order}
 * @param {Function} [callback]
 * @param {number} [timeout] ms after which the callback gets an ETIMEOUT error
 */
function lookup(hostname, options, callback, timeout) {
  if (typeof options === 'function') {
    timeout = callback;
    callback = options;
    options = undefined;
  }
  if ((hostname || callback === undefined) && typeof hostname !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('hostname', 'string', hostname);
  if (callback === undefined) return lookupNow(hostname, parse(options));
  validateFunction(callback, 'callback');
  if (timeout !== undefined) validateNumber(timeout, 'timeout', 0);
  const { family, hints, all, order } = parse(options);
  if (!hostname) {
    if (all) process.nextTick(callback, null, []);
    else process.nextTick(callback, null, null, family === 6 ? 6 : 4);
    return {};
  }
  const literal = binding('net').isIP(hostname);
  if (literal !== 0) {
    if (all) process.nextTick(callback, null, [{ address: hostname, family: literal }]);
    else process.nextTick(callback, null, hostname, literal);
    return {};
  }
  const told = carry(callback, 'GETADDRINFOREQWRAP');
  const measured = measure('dns');
  let timer;
  let done = false;
  const finish = (...result) => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    told(...result);
  };
  if (timeout > 0)
    timer = setTimeout(() => finish(lookupError('ETIMEOUT', 110, hostname)), timeout);
  native.lookup(hostname, family, hints, (code, errno, addresses) => {
    if (code !== null) {
      finish(lookupError(code, errno, hostname));
      return;
    }
    const list = answerOf(addresses, order);
    measured?.('lookup', {
      hostname,
      family,
      hints,
      verbatim: order === 'verbatim',
      order,
      addresses,
    });
    if (all) finish(null, list);
    else finish(null, list[0].address, list[0].family);
  });
  return {};
}

function lookupNow(hostname, { family, hints, order }) {
  if (!hostname) return undefined;
  if (binding('net').isIP(hostname) !== 0) return hostname;
  const result = native.lookupNow(hostname, family, hints);
  if (result === 'ERR_ACCESS_DENIED') throw accessDenied('getaddrinfo');
  return typeof result === 'string' ? undefined : answerOf(result, order)[0]?.address;
}

/** The first address of a name as {addr, domain}; blocks. */
function gethostbyname(hostname) {
  const addr = lookup(hostname, AF_INET);
  return addr === undefined ? undefined : { addr, domain: AF_INET };
}

/** All addresses of a name as [{addr, domain}]; blocks. */
function getaddrinfo(hostname, domain) {
  validateString(hostname, 'hostname');
  const { family, hints, order } = parse(domain);
  const result = native.lookupNow(hostname, family, hints);
  if (result === 'ERR_ACCESS_DENIED') throw accessDenied('getaddrinfo');
  if (typeof result === 'string') return undefined;
  return answerOf(result, order).map((entry) => ({
    addr: entry.address,
    domain: entry.family === 6 ? AF_INET6 : AF_INET,
  }));
}

/** The name of an address and of the service of a port: callback(error, hostname, service). */
function lookupService(address, port, callback) {
  if (arguments.length < 3) throw new codes.ERR_MISSING_ARGS('address', 'port', 'callback');
  validateString(address, 'address');
  if (binding('net').isIP(address) === 0) throw new codes.ERR_INVALID_ARG_VALUE('address', address);
  const number = validatePort(port);
  validateFunction(callback, 'callback');
  const told = carry(callback, 'GETNAMEINFOREQWRAP');
  const measured = measure('dns');
  native.lookupService(address, number, (code, errno, hostname, service) => {
    if (code === null) {
      measured?.('lookupService', { host: address, port: number, hostname, service });
      told(null, hostname, service);
    } else told(lookupError(code, errno, address, 'getnameinfo'));
  });
  return {};
}

function setDefaultResultOrder(order) {
  validateOneOf(order, 'dnsOrder', orders);
  defaultOrder = order;
}

// What util.promisify() makes of them resolves with an object of these.
for (const [fn, names] of [
  [lookup, ['address', 'family']],
  [lookupService, ['hostname', 'service']],
])
  define(fn, Symbol.for('sluice.util.promisify.args'), names, false);

module.exports = {
  lookup,
  lookupService,
  gethostbyname,
  getaddrinfo,
  setDefaultResultOrder,
  getDefaultResultOrder: () => defaultOrder,
  ADDRCONFIG,
  V4MAPPED,
  ALL,
  ...constants,
  get promises() {
    return require('dns/promises');
  },
};

defineLazy(module.exports, 'internal/dns/resolver', [
  'Resolver',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTlsa',
  'resolveTxt',
  'reverse',
  'getServers',
  'setServers',
]);
