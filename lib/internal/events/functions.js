'use strict';
// Functions of the module events: once(), on(), addAbortListener(); and the warning of too many
// listeners.
const { AbortError, codes } = require('internal/errors/codes');
const { validateFunction, validateAbortSignal } = require('internal/errors/validators');

/** Warns once of a list that has more listeners than limit. */
function warnLeak(emitter, type, list, limit) {
  list.warned = true;
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ` +
      `${emitter.constructor?.name ?? 'EventEmitter'}. MaxListeners is ${limit}. ` +
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
function once(emitter, type, options) {
  return new Promise((resolve, reject) => {
    const signal = options?.signal;
    validateAbortSignal(signal, 'options.signal');
    if (signal?.aborted) {
      reject(new AbortError(undefined, { cause: signal.reason }));
      return;
    }
    const target = isEventTarget(emitter) && typeof emitter.on !== 'function';
    function done() {
      if (target) emitter.removeEventListener(type, success);
      else {
        emitter.removeListener(type, success);
        emitter.removeListener('error', failure);
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
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** events.on() */
function on(emitter, type, options) {
  const signal = options?.signal;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const values = [];
  const waiting = [];
  let failed = null;
  let finished = false;
  const target = isEventTarget(emitter) && typeof emitter.on !== 'function';
  const closers = [].concat(options?.close ?? []);

  function push(...args) {
    if (waiting.length > 0) waiting.shift().resolve({ value: args, done: false });
    else values.push(args);
  }
  function fail(error) {
    if (waiting.length > 0) waiting.shift().reject(error);
    else failed = error;
    iterator.return();
  }
  function abort() {
    fail(new AbortError(undefined, { cause: signal.reason }));
  }
  function close() {
    iterator.return();
  }
  const iterator = {
    next() {
      if (values.length > 0) return Promise.resolve({ value: values.shift(), done: false });
      if (failed !== null) {
        const error = failed;
        failed = null;
        return Promise.reject(error);
      }
      if (finished) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return() {
      finished = true;
      if (target) emitter.removeEventListener(type, push);
      else {
        emitter.removeListener(type, push);
        emitter.removeListener('error', fail);
        for (const name of closers) emitter.removeListener(name, close);
      }
      signal?.removeEventListener('abort', abort);
      for (const one of waiting.splice(0)) one.resolve({ value: undefined, done: true });
      return Promise.resolve({ value: undefined, done: true });
    },
    throw(error) {
      fail(error);
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  if (target) emitter.addEventListener(type, push);
  else {
    emitter.on(type, push);
    if (type !== 'error') emitter.on('error', fail);
    for (const name of closers) emitter.on(name, close);
  }
  signal?.addEventListener('abort', abort, { once: true });
  return iterator;
}

/** events.addAbortListener() */
function addAbortListener(signal, listener) {
  if (signal === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove = () => {};
  if (signal.aborted) queueMicrotask(() => listener());
  else {
    signal.addEventListener('abort', listener, { once: true });
    remove = () => signal.removeEventListener('abort', listener);
  }
  return { __proto__: null, [Symbol.dispose ?? Symbol.for('dispose')]: remove };
}

module.exports = { addAbortListener, on, once, warnLeak };
