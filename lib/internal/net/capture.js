'use strict';
// server.capture(): what a server's connections carry, into a pcapng file. docs/observe.md
const ledger = binding('ledger');
const { codes, errnoException } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');

const NAMES = ['file', 'mode', 'peer', 'ids', 'snap', 'maxBytes', 'maxTime', 'signal'];
const MOST_SNAP = 65535; // kMostSnap in src/ledger/capture.h

function validate(options) {
  validateObject(options, 'options');
  for (const key of Object.keys(options))
    if (!NAMES.includes(key))
      throw new codes.ERR_INVALID_ARG_VALUE(
        `options.${key}`,
        options[key],
        `is no option; there are ${NAMES.join(', ')}`,
      );
  const { file, mode = 'plain', peer, ids, signal } = options;
  const { snap = MOST_SNAP, maxBytes = 64 * 1024 * 1024, maxTime = 60000 } = options;
  validateString(file, 'options.file');
  validateOneOf(mode, 'options.mode', ['plain', 'records']);
  if (peer !== undefined) validateString(peer, 'options.peer');
  if (ids !== undefined) {
    if (!Array.isArray(ids)) throw new codes.ERR_INVALID_ARG_TYPE('options.ids', 'Array', ids);
    for (const id of ids) validateInteger(id, 'options.ids', 1);
  }
  validateInteger(snap, 'options.snap', 64, MOST_SNAP);
  validateInteger(maxBytes, 'options.maxBytes', 1024);
  validateInteger(maxTime, 'options.maxTime', 1, 2 ** 31 - 1);
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return { file, mode, peer, ids, snap, maxBytes, maxTime, signal };
}

/**
 * Captures connections of an account, or of a group.
 * @returns {Promise<{connections, packets, dropped, bytes}>} at the end of it
 */
function captureOf(account, group, options) {
  const { file, mode, peer, ids, snap, maxBytes, maxTime, signal } = validate(options);
  return new Promise((resolve, reject) => {
    const stop = () => ledger.stopCapture(number);
    const ended = (text) => {
      signal?.removeEventListener('abort', stop);
      const { error, ...numbers } = JSON.parse(text);
      if (error === 0) resolve(numbers);
      else reject(Object.assign(errnoException(-error, 'write', file), { path: file }));
    };
    const number = ledger.capture(
      account,
      group,
      file,
      mode === 'records',
      peer,
      ids && Float64Array.from(ids),
      snap,
      maxBytes,
      maxTime,
      ended,
    );
    if (number === -22 /* EINVAL */)
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options.peer',
        peer,
        'must be an IP address, or one with the number of its first bits: 10.0.0.0/8',
      );
    if (number < 0) {
      reject(Object.assign(errnoException(number, 'capture', file), { path: file }));
      return;
    }
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

module.exports = { captureOf };
