'use strict';
// The module v8, to be loaded: the engine is JavaScriptCore, so that most of it is not there.
const { codes } = require('internal/errors/codes');
const { defineMade } = require('internal/base/lazy');
const runtime = binding('runtime');

/** Sizes of the heap in bytes, where the engine tells them; else 0. */
function getHeapStatistics() {
  const { heapSize = 0, heapCapacity = 0, extraMemorySize = 0 } = runtime.memoryUsage();
  return {
    total_heap_size: heapCapacity,
    total_heap_size_executable: 0,
    total_physical_size: heapCapacity,
    total_available_size: require('os').totalmem(),
    used_heap_size: heapSize,
    heap_size_limit: require('os').totalmem(),
    malloced_memory: 0,
    peak_malloced_memory: 0,
    does_zap_garbage: 0,
    number_of_native_contexts: 1,
    number_of_detached_contexts: 0,
    total_global_handles_size: 0,
    used_global_handles_size: 0,
    external_memory: extraMemorySize,
  };
}

const unavailable = (name) => () => {
  throw new codes.ERR_FEATURE_UNAVAILABLE(`v8.${name}()`);
};

module.exports = {
  cachedDataVersionTag: () => 0,
  getHeapSnapshot: unavailable('getHeapSnapshot'),
  getHeapSpaceStatistics: () => [],
  getHeapStatistics,
  /** Whether each character of a text is one byte: it may be written in Latin-1. */
  isStringOneByteRepresentation(content) {
    require('internal/errors/validators').validateString(content, 'content');
    return !/[^\u0000-\u00ff]/.test(content);
  },
  setFlagsFromString() {},
  startupSnapshot: { isBuildingSnapshot: () => false },
  // Without NODE_V8_COVERAGE, of which nothing is collected here, they have no effect in Node either.
  takeCoverage() {},
  stopCoverage() {},
  writeHeapSnapshot: unavailable('writeHeapSnapshot'),
};

// What writes and reads values, when it is first used.
defineMade(
  module.exports,
  ['DefaultDeserializer', 'DefaultSerializer', 'deserialize', 'serialize'],
  (name) => require('internal/util/default_serializer')[name],
);
defineMade(module.exports, ['Serializer'], () => require('internal/util/serializer').Serializer);
defineMade(
  module.exports,
  ['Deserializer'],
  () => require('internal/util/deserializer').Deserializer,
);
defineMade(module.exports, ['promiseHooks'], () => require('internal/util/promise_hooks'));
