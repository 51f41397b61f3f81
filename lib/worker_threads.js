'use strict';
// The module worker_threads, to be loaded: it tells that this is the main thread. Threads of
// sluice are tasks (docs/threads.md).
const { defineLazy } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');

function unavailable(name) {
  return class {
    constructor() {
      throw new codes.ERR_FEATURE_UNAVAILABLE(`worker_threads.${name}`);
    }
  };
}

const call = (name) => () => {
  throw new codes.ERR_FEATURE_UNAVAILABLE(`worker_threads.${name}()`);
};

module.exports = {
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  Worker: unavailable('Worker'),
  getEnvironmentData() {},
  isMainThread: true,
  isMarkedAsUntransferable: () => false,
  markAsUntransferable() {},
  moveMessagePortToContext: call('moveMessagePortToContext'),
  parentPort: null,
  resourceLimits: {},
  setEnvironmentData: call('setEnvironmentData'),
  threadId: 0,
  workerData: null,
};
defineLazy(
  module.exports,
  'internal/messages/port',
  ['MessageChannel', 'MessagePort', 'receiveMessageOnPort'],
  true,
);
defineLazy(module.exports, 'internal/messages/broadcast', ['BroadcastChannel'], true);
