'use strict';
// What a peer that does not read can make us hold: socket.writeLimit, server.writeLimit, and limits of
// a task, a group and the process. docs/api/limits.md
const ledger = binding('ledger');
const { codes } = require('internal/errors/codes');
const { validateArray, validateInteger, validateObject } = require('internal/errors/validators');
const { all } = require('internal/net/handles');
const { validateNames } = require('internal/net/record');
const {
  kId,
  kReset,
  kCause,
  kWriteLimit,
  kWriteBelow,
  kLimited,
} = require('internal/net/socket_fields');

const MOST = Number.MAX_SAFE_INTEGER;
const MOST_MS = 2 ** 31 - 1;
const POLICIES = ['destroy', 'refuse'];

function limitOf(value, name) {
  if (value === undefined || value === null) return undefined;
  validateObject(value, name);
  validateNames(value, name, ['hard', 'soft', 'stall', 'policy']);
  const { hard = 0, soft = [0, 0], stall = 0, policy = 'destroy' } = value;
  validateInteger(hard, `${name}.hard`, 0, MOST);
  validateArray(soft, `${name}.soft`);
  if (soft.length !== 2)
    throw new codes.ERR_INVALID_ARG_VALUE(`${name}.soft`, soft, 'must be [bytes, ms]');
  validateInteger(soft[0], `${name}.soft[0]`, 0, MOST);
  validateInteger(soft[1], `${name}.soft[1]`, 0, MOST_MS);
  validateInteger(stall, `${name}.stall`, 0, MOST_MS);
  if (!POLICIES.includes(policy))
    throw new codes.ERR_INVALID_ARG_VALUE(
      `${name}.policy`,
      policy,
      "must be 'destroy' or 'refuse'",
    );
  return Object.freeze({ hard, soft: Object.freeze([...soft]), stall, policy });
}

/** Gives a socket a limit that limitOf() checked, or none. */
function setLimit(socket, limit) {
  const before = socket[kWriteLimit];
  socket[kWriteLimit] = limit;
  if (before === undefined && limit !== undefined) {
    socket[kWriteBelow] = socket.write;
    socket.write = limitedWrite;
  } else if (before !== undefined && limit === undefined) {
    socket.write = socket[kWriteBelow];
  }
  applyLimit(socket);
}

/** Has the engine watch the times of a socket's limit, once it has a handle. */
function applyLimit(socket) {
  if (socket[kId] === 0) return;
  const { soft = [0, 0], stall = 0 } = socket[kWriteLimit] ?? {};
  ledger.limitWrites(socket[kId], soft[0], soft[1], stall);
}

function sizeOf(data, encoding) {
  if (typeof data === 'string')
    return Buffer.byteLength(data, Buffer.isEncoding(encoding) ? encoding : 'utf8');
  return data?.byteLength ?? 0;
}

function limitedWrite(data, encoding, callback) {
  if (typeof encoding === 'function') [callback, encoding] = [encoding, undefined];
  if (refuses(this, data, encoding, callback)) return false;
  return this[kWriteBelow].call(this, data, encoding, callback);
}

/** Whether a write does not fit: then nothing of it is queued, and the socket's policy was done. */
function refuses(socket, data, encoding, callback) {
  const { hard, policy } = socket[kWriteLimit];
  const state = socket._writableState;
  const queued = state.length;
  if (queued < hard / 2) socket[kLimited] = false;
  if (hard === 0 || state.destroyed || state.ending) return false;
  const size = sizeOf(data, encoding ?? state.defaultEncoding);
  if (queued + size <= hard) return false;
  const error = new codes.ERR_WRITE_LIMIT(hard, queued, size);
  Object.assign(error, { limit: hard, queued, size });
  if (typeof callback === 'function') process.nextTick(callback, error);
  if (socket[kId] !== 0) ledger.exceeded(socket[kId]);
  if (policy === 'destroy') {
    end(socket, error);
    return true;
  }
  if (queued > 0) state.needDrain = true;
  if (!socket[kLimited]) {
    socket[kLimited] = true;
    socket.emit('limit', { limit: hard, queued, size });
  }
  return true;
}

function end(socket, error) {
  if (socket.destroyed) return;
  socket[kReset] = true;
  socket[kCause] = 'write-limit';
  socket.destroy(error);
}

/** Ends the sockets with the longest queues: this task, a group or the process is over its limit. */
function relieve() {
  const ids = new Set(ledger.longest());
  for (const owner of all())
    if (ids.has(owner.id) && typeof owner.destroy === 'function')
      end(owner, new codes.ERR_WRITE_QUEUES_FULL());
}

function bytes(value, name) {
  if (value === undefined || value === null || value === Infinity) return 0;
  validateInteger(value, name, 0, MOST);
  return value;
}

module.exports = { limitOf, setLimit, applyLimit, refuses, relieve, bytes };
