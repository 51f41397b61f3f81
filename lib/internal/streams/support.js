'use strict';
// What the package readable-stream has helper files for, from sluice's own modules, so that its
// errors are the same classes and nothing is bundled twice (tools/embed.mjs).
const { codes, AbortError } = require('internal/errors/codes');
const validators = require('internal/errors/validators');
const { addAbortListener } = require('events');

const AsyncFunction = (async () => {}).constructor;

/** One error for two that belong together; outer may be missing. */
function aggregateTwoErrors(inner, outer) {
  if (!inner || !outer || inner === outer) return inner || outer;
  if (Array.isArray(outer.errors)) {
    outer.errors.push(inner);
    return outer;
  }
  const error = new AggregateError([outer, inner], outer.message);
  error.code = outer.code;
  return error;
}

function once(callback) {
  let called = false;
  return function (...args) {
    if (called) return;
    called = true;
    Reflect.apply(callback, this, args);
  };
}

/** Makes the module's class, which loads with the first stream that has an encoding. */
function StringDecoder(encoding) {
  return new (require('string_decoder').StringDecoder)(encoding);
}

module.exports = {
  ...validators,
  StringDecoder,
  AbortError,
  codes,
  aggregateTwoErrors,
  hideStackFrames: (fn) => fn,
  AggregateError,
  kEmptyObject: Object.freeze({}),
  once,
  createDeferredPromise: () => Promise.withResolvers(),
  debuglog: () => () => {},
  deprecate: (fn) => fn,
  addAbortListener,
  AbortSignalAny: (signals) => require('internal/events/abort').AbortSignal.any(signals),
  inspect: (value, options) => require('internal/inspect/inspect').inspect(value, options),
  isBlob: (value) => Object.prototype.toString.call(value) === '[object Blob]',
  types: {
    isAsyncFunction: (value) => value instanceof AsyncFunction,
    isArrayBufferView: ArrayBuffer.isView,
  },
};
