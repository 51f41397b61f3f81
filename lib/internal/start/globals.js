'use strict';
// The globals of a program. What a plain program may never touch loads on first use.

const { define, defineLazy, defineMade } = require('internal/base/lazy');
const lazy = (module, names) => defineLazy(globalThis, module, names, false);
const hidden = (name, value) => define(globalThis, name, value, false);
// Those that Node's programs find by Object.keys(globalThis), to hand them on.
const lazyKeys = (module, names) => defineLazy(globalThis, module, names, true);
const key = (name, value) => define(globalThis, name, value, true);

require('internal/buffer/wasm_memory'); // before a program has any
Object.defineProperty(globalThis, Symbol.toStringTag, { value: 'global', configurable: true });
hidden('process', process);
key('global', globalThis);
for (const name of [
  'clearImmediate',
  'setImmediate',
  'clearInterval',
  'clearTimeout',
  'setInterval',
  'setTimeout',
])
  key(name, require('internal/timers/timers')[name]);
key('queueMicrotask', require('internal/timers/microtask'));
lazyKeys('internal/util/structured_clone', ['structuredClone']);
lazyKeys('buffer', ['atob', 'btoa']);
lazyKeys('perf_hooks', ['performance']);
lazyKeys('internal/web/fetch', ['fetch']);
lazyKeys('internal/crypto/webcrypto', ['crypto']);
lazyKeys('internal/web/navigator', ['navigator']);

lazy('internal/base/follow', ['$sluice_await', '$sluice_each', '$sluice_return']);
lazy('internal/errors/leaving', ['$sluice_left']);
lazy('internal/base/disposal', [
  '$sluice_using',
  'AsyncDisposableStack',
  'DisposableStack',
  'SuppressedError',
]);
lazy('internal/modules/eval_text', ['$sluice_eval']);
lazy('internal/console/console', ['console']);
lazy('buffer', ['Buffer', 'Blob', 'File']);
lazy('internal/url/url', ['URL', 'URLSearchParams']);
lazy('internal/url/pattern', ['URLPattern']);
lazy('internal/buffer/text', ['TextEncoder', 'TextDecoder']);
lazy('internal/events/event_target', ['Event', 'EventTarget', 'CustomEvent']);
lazy('internal/events/abort', ['AbortController', 'AbortSignal']);
lazy('internal/crypto/webcrypto', ['Crypto']);
lazy('internal/crypto/cryptokey', ['CryptoKey']);
lazy('internal/crypto/subtle', ['SubtleCrypto']);
lazy('internal/messages/port', ['MessageChannel', 'MessagePort']);
lazy('internal/messages/events', ['MessageEvent', 'CloseEvent', 'ErrorEvent']);
lazy('internal/messages/broadcast', ['BroadcastChannel']);
lazy('internal/web/fetch', ['FormData', 'Headers', 'Request', 'Response']);
lazy('internal/web/fetch', ['EventSource', 'WebSocket']);
lazy('internal/errors/domexception', ['DOMException', 'QuotaExceededError']);
// import() and `await` of the text of a function that is made while the program runs.
const isChanged = (args) => {
  const body = args.at(-1);
  return typeof body === 'string' && (body.includes('import') || body.includes('async'));
};
const make = (target, args) => require('internal/modules/function_text').makeFunction(target, args);
const Functions = new Proxy(Function, {
  apply: (target, _this, args) =>
    isChanged(args) ? make(target, args) : Reflect.construct(target, args),
  construct: (target, args, newTarget) =>
    isChanged(args) && newTarget === Functions
      ? make(target, args)
      : Reflect.construct(target, args, newTarget),
});
hidden('Function', Functions);
define(Function.prototype, 'constructor', Functions, false);
const { parse } = JSON;
define(
  JSON,
  'parse',
  {
    parse(text, reviver) {
      '$native';
      try {
        return parse(text, reviver);
      } catch (error) {
        if (error instanceof SyntaxError && typeof text === 'string')
          require('internal/errors/json_place').addPlace(error, text);
        throw error;
      }
    },
  }.parse,
  false,
);
if (Atomics.waitAsync === undefined) {
  const { notify } = Atomics;
  const make = (name) => require('internal/worker/wait_async').make(notify)[name];
  defineMade(Atomics, ['notify', 'waitAsync'], make, false);
}
// Of what compiles it has functions of its own.
if (binding('runtime').simulated) require('internal/sim/globals');
if (globalThis.WebAssembly !== undefined) {
  const { compile, instantiate } = WebAssembly;
  const make = (name) => require('internal/web/assembly').make({ compile, instantiate })[name];
  const names = ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming'];
  defineMade(WebAssembly, names, make);
}
lazy('internal/web/navigator', ['Navigator']);
lazy('perf_hooks', [
  'Performance',
  'PerformanceEntry',
  'PerformanceMark',
  'PerformanceMeasure',
  'PerformanceObserver',
  'PerformanceObserverEntryList',
  'PerformanceResourceTiming',
]);
lazy('stream/web', [
  'ByteLengthQueuingStrategy',
  'CompressionStream',
  'CountQueuingStrategy',
  'DecompressionStream',
  'ReadableByteStreamController',
  'ReadableStream',
  'ReadableStreamBYOBReader',
  'ReadableStreamBYOBRequest',
  'ReadableStreamDefaultController',
  'ReadableStreamDefaultReader',
  'TextDecoderStream',
  'TextEncoderStream',
  'TransformStream',
  'TransformStreamDefaultController',
  'WritableStream',
  'WritableStreamDefaultController',
  'WritableStreamDefaultWriter',
]);
lazy('internal/task/task', ['Task', 'ARGUMENT']); // ARGUMENT: what new Task() hands over
