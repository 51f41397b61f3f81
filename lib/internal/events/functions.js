'use strict';
// Functions of the module events: once(), on(), addAbortListener(); and the warning of too many
// listeners.
const { onAbort } = require('internal/base/abort');
const { AbortError, codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateFunction,
  validateObject,
} = require('internal/errors/validators');

/** Warns once of a list that has more listeners than limit. */
function warnLeak(emitter, type, list, limit) {
  list.warned = true;
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ` +
      `${require('internal/inspect/inspect').inspect(emitter, { depth: -1 })}. MaxListeners is ${limit}. ` +
      'Use emitter.setMaxListeners() to increase limit',
  );
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = emitter;
  warning.type = type;
  warning.count = list.length;
  process.emitWarning?.(warning);
}

function isEventTarget(target) {
  return typeof target?.addEventListener === 'function';
}

/** events.once() */
async function once(emitter, type, options = {}) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  if (typeof emitter.on !== 'function' && !isEventTarget(emitter))
    throw new codes.ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  return new Promise((resolve, reject) => {
    const target = isEventTarget(emitter) && typeof emitter.on !== 'function';
    function done() {
      if (target) emitter.removeEventListener(type, success);
      else {
        // What only looks like an emitter may not have it.
        emitter.removeListener?.(type, success);
        emitter.removeListener?.('error', failure);
      }
      signal?.removeEventListener('abort', abort);
    }
    function success(...args) {
      done();
      resolve(args);
    }
    function failure(error) {
      done();
      reject(error);
    }
    function abort() {
      done();
      reject(new AbortError(undefined, { cause: signal.reason }));
    }
    if (target) emitter.addEventListener(type, success, { once: true });
    else {
      emitter.once(type, success);
      if (type !== 'error') emitter.once('error', failure);
    }
    signal?.addEventListener('abort', abort, onAbort);
  });
}

/** events.addAbortListener() */
function addAbortListener(signal, listener) {
  if (signal === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove = () => {};
  if (signal.aborted) queueMicrotask(() => listener());
  else {
    signal.addEventListener('abort', listener, onAbort);
    remove = () => signal.removeEventListener('abort', listener);
  }
  return { __proto__: null, [Symbol.dispose ?? Symbol.for('dispose')]: remove };
}

module.exports = { addAbortListener, once, warnLeak };
