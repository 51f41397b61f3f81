'use strict';
// server.timeouts: how long connections may take for what. docs/api/limits.md
const native = binding('net');
const { validateInteger, validateObject } = require('internal/errors/validators');
const { validateNames } = require('internal/net/record');

const NAMES = ['handshake', 'firstByte', 'idle', 'lifetime', 'writeStall'];
const MOST_MS = Number.MAX_SAFE_INTEGER;

/** Gives connections to come of a listener these times. */
function apply(id, timeouts) {
  native.setTimeouts(id, ...NAMES.map((name) => timeouts[name] ?? 0));
}

/** What the setter of server.timeouts keeps: checked, frozen, and in force if id listens. */
function set(id, value) {
  if (value === undefined || value === null) {
    if (id !== 0) apply(id, {});
    return undefined;
  }
  validateObject(value, 'server.timeouts');
  validateNames(value, 'server.timeouts', NAMES);
  for (const name of NAMES)
    if (value[name] !== undefined)
      validateInteger(value[name], `server.timeouts.${name}`, 0, MOST_MS);
  if (id !== 0) apply(id, value);
  return Object.freeze({ ...value });
}

module.exports = { apply, set };
