'use strict';
// Web Streams, by the package web-streams-polyfill, and those that transform text or compress.
const { defineLazy } = require('internal/base/lazy');

Object.assign(exports, require('vendor/web-streams'));
require('internal/streams/shown').showStreams(exports);

defineLazy(exports, 'internal/streams/web_transforms', [
  'TextEncoderStream',
  'TextDecoderStream',
  'CompressionStream',
  'DecompressionStream',
]);

// ---- What the module stream asks of a Web Stream

/** @type {WeakMap<object, { promise: Promise<void> }>} */
const closed = new WeakMap();

/**
 * A promise that tells the end of a stream, without a reader or writer, which would lock it. The
 * package keeps how a stream is in `_state`, and why it failed in `_storedError`, set right after.
 */
function closedOf(stream) {
  const { promise, resolve, reject } = Promise.withResolvers();
  promise.catch(() => {});
  const settle = (state) => {
    if (state === 'closed') resolve();
    else if (state === 'errored') queueMicrotask(() => reject(stream._storedError));
  };
  let state = stream._state;
  settle(state);
  Object.defineProperty(stream, '_state', {
    configurable: true,
    enumerable: true,
    get: () => state,
    set(value) {
      state = value;
      settle(value);
    },
  });
  closed.set(stream, { promise });
  return { promise };
}

const { ReadableStream, WritableStream } = exports;
const both = [ReadableStream, WritableStream];
const asked = {
  'webstream.isClosedPromise': [both, (stream) => closed.get(stream) ?? closedOf(stream)],
  // What an AbortSignal of addAbortSignal() calls.
  'webstream.controllerErrorFunction': [
    both,
    (stream) => (error) =>
      (stream._readableStreamController ?? stream._writableStreamController).error(error),
  ],
  'stream.errored': [both, ({ _state: state }) => state === 'errored'],
  'stream.disturbed': [[ReadableStream], ({ _disturbed: disturbed = false }) => disturbed],
  'stream.readable': [[ReadableStream], ({ _state: state }) => state === 'readable'],
  'stream.writable': [[WritableStream], ({ _state: state }) => state === 'writable'],
};
for (const [name, [classes, answer]] of Object.entries(asked))
  for (const { prototype } of classes)
    Object.defineProperty(prototype, Symbol.for(`nodejs.${name}`), {
      configurable: true,
      get() {
        return answer(this);
      },
    });
