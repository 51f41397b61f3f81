'use strict';
// postMessageToThread() of worker_threads and the event `workerMessage` of process. Each message has a
// channel of its own, on which the answer comes back. A thread can be reached while it has a listener.
const native = binding('ports');
const { codes } = require('internal/errors/codes');
const { validateNumber } = require('internal/errors/validators');
const { adopt } = require('internal/messages/port');
const { TaskRoute } = require('internal/messages/task_route');

const ownId = binding('task').id - 1;
const nameOf = (threadId) => `thread ${threadId}`;

// Whether the message was heard, by its answer.
const HEARD = 'heard';
const FAILED = 'failed';

/** What a listener threw, as it goes to another thread. */
function copyable(error) {
  try {
    require('internal/util/structured_clone').structuredClone(error);
    return error;
  } catch {
    return new Error(String(error));
  }
}

function hear({ value, source }) {
  if (process.listenerCount('workerMessage') === 0) return { outcome: FAILED };
  try {
    process.emit('workerMessage', value, source);
    return { outcome: HEARD };
  } catch (error) {
    return { outcome: 'threw', error: copyable(error) };
  }
}

/** One message from another thread: an end of its channel. */
function answer(id) {
  const port = adopt(id);
  const reply = (message) => {
    port.postMessage(message);
    port.close();
  };
  port.on('messageerror', () => reply({ outcome: FAILED }));
  port.on('message', (message) => reply(hear(message)));
  port.unref();
}

let route; // on which channels arrive, while there is a listener

/** process has a listener of `workerMessage`. */
function start() {
  if (route !== undefined) return;
  route = new TaskRoute(native.listen(nameOf(ownId)), {});
  route.moved({
    _arrived() {
      for (let message; (message = native.take(route.id));) answer(message[3][0]);
    },
  });
}

/** process has one listener less. */
function stop() {
  if (route === undefined || process.listenerCount('workerMessage') > 0) return;
  route.close();
  route = undefined;
}

/**
 * Sends a copy of a value to the `workerMessage` listeners of another thread.
 * @param {number} threadId
 * @param {any} value
 * @param {object[] | number} [transferList]  a number is the timeout
 * @param {number} [timeout]  ms
 * @returns {Promise<void>} once they ran
 */
async function postMessageToThread(threadId, value, transferList, timeout) {
  if (typeof transferList === 'number' && timeout === undefined)
    [transferList, timeout] = [[], transferList];
  if (timeout !== undefined) validateNumber(timeout, 'timeout', 0);
  if (threadId === ownId) throw new codes.ERR_WORKER_MESSAGING_SAME_THREAD();
  const id = native.dial(nameOf(threadId));
  if (id === 0) throw new codes.ERR_WORKER_MESSAGING_FAILED();
  const port = adopt(id);
  const { promise, resolve } = Promise.withResolvers();
  const timer =
    timeout === undefined ? undefined : setTimeout(() => resolve({ outcome: 'late' }), timeout);
  port.on('message', resolve);
  port.on('close', () => resolve({ outcome: FAILED })); // the thread has ended
  try {
    port.postMessage({ value, source: ownId }, transferList);
    const { outcome, error } = await promise;
    if (outcome === 'late') throw new codes.ERR_WORKER_MESSAGING_TIMEOUT();
    if (outcome === FAILED) throw new codes.ERR_WORKER_MESSAGING_FAILED();
    if (outcome !== HEARD)
      throw Object.assign(new codes.ERR_WORKER_MESSAGING_ERRORED(), { cause: error });
  } finally {
    clearTimeout(timer);
    port.close();
  }
}

module.exports = { postMessageToThread, start, stop };
