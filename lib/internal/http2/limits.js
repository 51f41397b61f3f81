'use strict';
// What a peer may cause, from the options of servers and clients to the engine's session.
const native = binding('http2');
const { validateInteger } = require('internal/errors/validators');

const MEGABYTE = 1e6;

// Options that are counts, and their defaults; in the order of native.create().
const LIMITS = [
  ['maxDeflateDynamicTableSize', 4096],
  ['maxReservedRemoteStreams', 200],
  ['maxSendHeaderBlockLength', 0],
  ['peerMaxConcurrentStreams', 100],
  ['maxSettings', 32],
  ['maxHeaderListPairs', 128],
  ['maxSessionInvalidFrames', 1000],
  ['maxSessionRejectedStreams', 100],
];

/** The engine's session. @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE */
function create(server, options) {
  const limits = LIMITS.map(([name, fallback]) => {
    const value = options[name] ?? fallback;
    validateInteger(value, `options.${name}`, 0);
    return Math.min(value, 2 ** 32 - 1);
  });
  const memory = options.maxSessionMemory ?? 10;
  validateInteger(memory, 'options.maxSessionMemory', 1);
  const { streamResetBurst = 1000, streamResetRate = 33 } = options;
  validateInteger(streamResetBurst, 'options.streamResetBurst', 0);
  validateInteger(streamResetRate, 'options.streamResetRate', 0);
  return native.create(server, ...limits, memory * MEGABYTE, streamResetBurst, streamResetRate);
}

module.exports = { create };
