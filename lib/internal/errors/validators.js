'use strict';
// Checks of arguments; each throws an error that names the argument, the value and what was
// expected.
const { codes } = require('internal/errors/codes');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_SOCKET_BAD_PORT } =
  codes;

function typed(type) {
  return (value, name) => {
    if (typeof value !== type) throw new ERR_INVALID_ARG_TYPE(name, type, value);
  };
}

const validateString = typed('string');
const validateBoolean = typed('boolean');
const validateFunction = typed('function');

/** An IP address, and no name of a host. */
function validateAddress(value, name) {
  validateString(value, name);
  if (binding('net').isIP(value) === 0)
    throw new ERR_INVALID_ARG_VALUE(name, value, 'must be an IP address');
}

function validateNumber(value, name, min, max) {
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (
    (min != null && value < min) ||
    (max != null && value > max) ||
    ((min != null || max != null) && Number.isNaN(value))
  ) {
    const range = `${min != null ? `>= ${min}` : ''}${min != null && max != null ? ' && ' : ''}${max != null ? `<= ${max}` : ''}`;
    throw new ERR_OUT_OF_RANGE(name, range, value);
  }
}

function validateInteger(
  value,
  name,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
) {
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (!Number.isInteger(value)) throw new ERR_OUT_OF_RANGE(name, 'an integer', value);
  if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value);
}

const validateInt32 = (value, name, min = -2147483648, max = 2147483647) =>
  validateInteger(value, name, min, max);
const validateUint32 = (value, name, positive = false) =>
  validateInteger(value, name, positive ? 1 : 0, 4294967295);

function validateObject(
  value,
  name,
  { nullable = false, allowArray = false, allowFunction = false } = {},
) {
  if (value === null && nullable) return;
  const ok =
    (typeof value === 'object' && value !== null && (allowArray || !Array.isArray(value))) ||
    (allowFunction && typeof value === 'function');
  if (!ok) throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
}

function validateArray(value, name, minLength = 0) {
  if (!Array.isArray(value)) throw new ERR_INVALID_ARG_TYPE(name, 'Array', value);
  if (value.length < minLength)
    throw new ERR_INVALID_ARG_VALUE(name, value, `must be longer than ${minLength}`);
}

function validateOneOf(value, name, allowed) {
  if (allowed.includes(value)) return;
  const text = allowed
    .map((one) => (typeof one === 'string' ? `'${one}'` : String(one)))
    .join(', ');
  throw new ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${text}`);
}

/** Returns the port as a number; a numeric string is accepted. */
function validatePort(port, name = 'Port', allowZero = true) {
  if (
    (typeof port !== 'number' && typeof port !== 'string') ||
    (typeof port === 'string' && port.trim().length === 0) ||
    +port !== +port >>> 0 ||
    port > 0xffff ||
    (port === 0 && !allowZero)
  )
    throw new ERR_SOCKET_BAD_PORT(name, port, allowZero);
  return port | 0;
}

function validateAbortSignal(signal, name) {
  if (
    signal !== undefined &&
    (signal === null || typeof signal !== 'object' || !('aborted' in signal))
  )
    throw new ERR_INVALID_ARG_TYPE(name, 'AbortSignal', signal);
}

module.exports = {
  validateAddress,
  validateString,
  validateBoolean,
  validateFunction,
  validateNumber,
  validateInteger,
  validateInt32,
  validateUint32,
  validateObject,
  validateArray,
  validateOneOf,
  validatePort,
  validateAbortSignal,
};
