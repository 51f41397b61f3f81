'use strict';
// The module worker_threads: threads with programs of their own, which are tasks (docs/threads.md),
// and messages between them. docs/api/worker_threads.md
const { defineLazy, defineMade } = require('internal/base/lazy');
const { uncloneable, untransferable } = require('internal/util/structured_clone');
const native = binding('task');

/** Has an object refused in transfer lists; no effect on what is none. */
function markAsUntransferable(object) {
  if ((typeof object === 'object' && object !== null) || typeof object === 'function')
    untransferable.add(object);
}

/** Has an object refused wherever it would be cloned; no effect on what is none. */
function markAsUncloneable(object) {
  if ((typeof object === 'object' && object !== null) || typeof object === 'function')
    uncloneable.add(object);
}

const child = native.isWorker
  ? require('internal/worker/child')
  : { parentPort: null, resourceLimits: {}, threadName: '', workerData: null };

module.exports = {
  isInternalThread: false,
  isMainThread: native.id === 1,
  isMarkedAsUntransferable: (object) => untransferable.has(object),
  markAsUncloneable,
  markAsUntransferable,
  parentPort: child.parentPort,
  resourceLimits: child.resourceLimits,
  threadId: native.id - 1,
  threadName: child.threadName,
  workerData: child.workerData,
};
defineLazy(
  module.exports,
  'internal/messages/port',
  ['MessageChannel', 'MessagePort', 'receiveMessageOnPort'],
  true,
);
defineLazy(module.exports, 'internal/messages/broadcast', ['BroadcastChannel'], true);
defineLazy(
  module.exports,
  'internal/worker/environment',
  ['SHARE_ENV', 'getEnvironmentData', 'setEnvironmentData'],
  true,
);
defineLazy(module.exports, 'internal/worker/messaging', ['postMessageToThread'], true);
defineLazy(module.exports, 'internal/worker/context_port', ['moveMessagePortToContext'], true);
defineMade(module.exports, ['Worker'], () => require('internal/worker/worker').Worker);
