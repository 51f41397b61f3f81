'use strict';
// What the call forms of net mean: Node's and the page's, told apart by the types of arguments.
const { codes } = require('internal/errors/codes');
const {
  validatePort,
  validateString,
  validateFunction,
  validateNumber,
  validateInt32,
} = require('internal/errors/validators');

const TIMEOUT_MAX = 2 ** 31 - 1;
const ALL_HINTS = 0x20 | 0x08 | 0x10; // dns.ADDRCONFIG, dns.V4MAPPED, dns.ALL

/** A socket address as the page has it: {domain, addr, port}. */
function isSaddr(value) {
  return typeof value === 'object' && value !== null && typeof value.addr === 'string';
}

/**
 * Turns the arguments of a server's constructor, ([options][, listener]), into [options, listener].
 * @throws {TypeError} on options that are no object
 */
function serverArguments(options, listener) {
  if (typeof options === 'function') return [{}, options];
  if (options === undefined || options === null) return [{}, listener];
  if (typeof options !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  return [options, listener];
}

function isPipeName(value) {
  return typeof value === 'string' && !(Number(value) >= 0);
}

/**
 * Turns the arguments of connect() into [options, listener]. Forms: (options[, cb]),
 * (port[, host][, cb]), (path[, cb]), (saddr[, tlsOpt][, cb]).
 */
function normalizeConnect(args) {
  const last = args[args.length - 1];
  const listener = typeof last === 'function' ? last : null;
  const first = args[0];
  if (args.length === 0) return [{}, null];
  if (isSaddr(first)) {
    const { domain, addr, port } = first;
    const family = require('socket')._familyOf(domain, addr);
    const options = { ...first, host: addr, port, family };
    const tlsOpt = args[1];
    if (typeof tlsOpt === 'object' && tlsOpt !== null) options.tlsOpt = tlsOpt;
    else if (tlsOpt !== undefined && tlsOpt !== null && typeof tlsOpt !== 'function')
      throw new codes.ERR_INVALID_ARG_TYPE('tlsOpt', 'Object', tlsOpt);
    return [options, listener];
  }
  if (typeof first === 'object' && first !== null) {
    const { addr, host, path } = first;
    // An address that is none would connect to this machine.
    if (addr !== undefined && (host ?? path ?? null) === null)
      throw new codes.ERR_INVALID_ARG_TYPE('saddr.addr', 'string', addr);
    return [first, listener];
  }
  if (isPipeName(first)) return [{ path: first }, listener];
  const options = { port: first };
  if (args.length > 1 && typeof args[1] === 'string') options.host = args[1];
  return [options, listener];
}

/** Checks the options of a connection; returns the port as a number, or undefined for a path. */
function validateConnect(options) {
  const { host, path, port, localAddress, localPort, family, lookup, hints, autoSelectFamily } =
    options;
  if (options.timeout !== undefined) validateTimeout(options.timeout);
  validateBlockList(options.blockList);
  if (options.lookup !== undefined && options.lookup !== null)
    validateFunction(lookup, 'options.lookup');
  if (path !== undefined && path !== null && path !== '') {
    validateString(path, 'options.path');
    return undefined;
  }
  if (port === undefined) throw new codes.ERR_MISSING_ARGS(['options', 'port', 'path']);
  if (typeof port !== 'number' && typeof port !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
  const number = validatePort(port);
  if (host !== undefined && host !== null) validateString(host, 'options.host');
  if (localAddress && require('net').isIP(localAddress) === 0)
    throw new codes.ERR_INVALID_IP_ADDRESS(localAddress);
  if (localPort) {
    validateNumber(localPort, 'options.localPort');
    validatePort(localPort, 'options.localPort');
  }
  if (family !== undefined && family !== null && ![0, 4, 6, 'IPv4', 'IPv6'].includes(family))
    throw new codes.ERR_INVALID_ARG_VALUE('options.family', family, 'must be one of: 0, 4, 6');
  if (hints !== undefined && hints !== null) {
    validateInt32(hints, 'options.hints', 0);
    if ((hints & ~ALL_HINTS) !== 0) throw new codes.ERR_INVALID_ARG_VALUE('hints', hints);
  }
  if (options.typeOfService !== undefined)
    validateInt32(options.typeOfService, 'options.typeOfService', 0, 255);
  if (autoSelectFamily != null && typeof autoSelectFamily !== 'boolean')
    throw new codes.ERR_INVALID_ARG_TYPE('options.autoSelectFamily', 'boolean', autoSelectFamily);
  if (options.autoSelectFamilyAttemptTimeout != null)
    validateInt32(
      options.autoSelectFamilyAttemptTimeout,
      'options.autoSelectFamilyAttemptTimeout',
      1,
    );
  return number;
}

function validateBlockList(list) {
  if (list === undefined || list === null) return;
  if (!require('internal/net/blocklist').BlockList.isBlockList(list))
    throw new codes.ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', list);
}

/** A socket's time-out in ms, as setTimeout() takes it. */
function validateTimeout(ms, name = 'msecs') {
  validateNumber(ms, name);
  if (ms < 0 || !Number.isFinite(ms))
    throw new codes.ERR_OUT_OF_RANGE(name, 'a non-negative finite number', ms);
  if (ms > TIMEOUT_MAX) {
    process.emitWarning?.(
      `${ms} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${TIMEOUT_MAX}.`,
      'TimeoutOverflowWarning',
    );
  }
  return ms;
}

module.exports = {
  serverArguments,
  isPipeName,
  normalizeConnect,
  validateConnect,
  validateBlockList,
  validateTimeout,
};
