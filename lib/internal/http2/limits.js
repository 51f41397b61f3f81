'use strict';
// What a peer may cause, from the options of servers and clients to the engine's session.
const native = binding('http2');
const { validateBoolean, validateInteger, validateOneOf } = require('internal/errors/validators');
const { CustomSettings, validateSettings } = require('internal/http2/settings');

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

/** What native.create() takes. @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE */
function limitsOf(options) {
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
  const { paddingStrategy = 0, strictFieldWhitespaceValidation = true } = options;
  validateOneOf(paddingStrategy, 'options.paddingStrategy', [0, 1, 2]);
  validateBoolean(strictFieldWhitespaceValidation, 'options.strictFieldWhitespaceValidation');
  return [
    ...limits,
    memory * MEGABYTE,
    streamResetBurst,
    streamResetRate,
    !strictFieldWhitespaceValidation,
    paddingStrategy,
  ];
}

/** Checks what options of servers and sessions have in common. */
function validateOptions(options) {
  limitsOf(options);
  validateSettings(options.settings);
  new CustomSettings(options.remoteCustomSettings);
  if (options.strictSingleValueFields !== undefined)
    validateBoolean(options.strictSingleValueFields, 'options.strictSingleValueFields');
  for (const name of ['maxOutstandingPings', 'maxOriginSetSize'])
    if (options[name] !== undefined) validateInteger(options[name], `options.${name}`, 0);
}

/** The engine's session. */
const create = (server, options) => native.create(server, ...limitsOf(options));

module.exports = { create, validateOptions };
