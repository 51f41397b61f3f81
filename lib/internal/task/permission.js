'use strict';
// What a new task may do: options.permission of Task, and server.permission of a group's master.
const { codes } = require('internal/errors/codes');
const { validateNumber, validateInteger } = require('internal/errors/validators');

const SCOPES = binding('permission').scopes.split(' ');
const QUOTAS = ['connections', 'fds', 'heap', 'writeQueue', 'cpu'];

// JSON.stringify() asks every object for toJSON, also one that a program gave all arrays.
const bare = (value) => Object.setPrototypeOf(value, null);

/** A copy of an object of own properties with known names, each read once. */
function copyOf(value, name, known) {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new codes.ERR_INVALID_ARG_TYPE(name, 'Object', value);
  const copy = bare({});
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      throw new codes.ERR_INVALID_ARG_VALUE(
        `${name}.${key}`,
        value[key],
        `is unknown: there are ${known.join(', ')}`,
      );
    copy[key] = value[key];
  }
  return copy;
}

/** What a scope says: true for all of it, or a list of texts. */
function scopeOf(value, name) {
  if (typeof value === 'boolean') return value;
  if (!Array.isArray(value))
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['boolean', 'Array'], value);
  const list = [];
  for (let i = 0; i < value.length; i++) {
    const one = value[i];
    if (typeof one !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE(`${name}[${i}]`, 'string', one);
    list[i] = one;
  }
  return bare(list);
}

function scopesOf(scopes, name) {
  const result = bare({});
  for (const key of Object.keys(scopes)) result[key] = scopeOf(scopes[key], `${name}.${key}`);
  return result;
}

function quotaOf(quota, name) {
  const { connections = 0, fds = 0, heap = 0, writeQueue = 0, cpu = 0 } = quota;
  validateInteger(connections, `${name}.connections`, 0);
  validateInteger(fds, `${name}.fds`, 0);
  validateInteger(heap, `${name}.heap`, 0);
  validateInteger(writeQueue, `${name}.writeQueue`, 0);
  validateNumber(cpu, `${name}.cpu`, 0, 1);
  return [connections, fds, heap, writeQueue, cpu];
}

/**
 * The last arguments of the native spawn(): a policy's JSON or undefined, and the quotas.
 * @param {object} [permission] scopes with true or a list of texts, deny with those of its own, quota
 * @param {string} name of the argument, for errors
 */
function policyOf(permission, name) {
  if (permission === undefined) return [];
  const { quota, deny, ...allow } = copyOf(permission, name, [...SCOPES, 'deny', 'quota']);
  const policy = bare({ allow: scopesOf(allow, name) });
  if (deny !== undefined)
    policy.deny = scopesOf(copyOf(deny, `${name}.deny`, SCOPES), `${name}.deny`);
  const limits =
    quota === undefined ? [] : quotaOf(copyOf(quota, `${name}.quota`, QUOTAS), `${name}.quota`);
  return [JSON.stringify(policy), ...limits];
}

module.exports = { policyOf };
