'use strict';
const { test } = require('../../helpers/test');
const { equal, throws } = require('../module/check');

test('the main task knows that it is alone', () => {
  equal(Task.me(), 1);
  equal(Task.isMain(), true);
  equal(Task.parent(), 0);
  equal(Task.list().join(), '1');
  equal(Task.count(), 1);
  equal(Task.testCancel(), false);
  equal(ARGUMENT, undefined);
});

test('nextTick passes arguments and runs before promise jobs', async () => {
  const order = [];
  const job = Promise.resolve().then(() => order.push('job'));
  await new Promise((resolve) => {
    setImmediate(() => {
      Promise.resolve().then(() => order.push('second job'));
      Task.nextTick((a, b) => order.push(a + b), 1, 2);
      setImmediate(resolve);
    });
  });
  await job;
  equal(order.join(), 'job,3,second job');
});

test('other tasks are not available, with a code', () => {
  throws(() => new Task('./x.js'), 'ERR_TASK_UNAVAILABLE');
  throws(() => Task.send(2, 'x'), 'ERR_TASK_UNAVAILABLE');
  throws(() => Task.recv(), 'ERR_TASK_UNAVAILABLE');
  throws(() => Task.on('message', () => {}), 'ERR_TASK_UNAVAILABLE');
  throws(() => Task.on('nonsense', () => {}), 'ERR_INVALID_ARG_VALUE');
  throws(() => Task.cleanup(1), 'ERR_INVALID_ARG_TYPE');
});

test('Task hears of an uncaught error before process does', async () => {
  const error = new Error('lost');
  const heard = [];
  const listener = () => heard.push('process');
  process.prependListener('uncaughtException', listener);
  await new Promise((resolve) => {
    Task.once('uncaughtException', (one) => {
      equal(one, error);
      heard.push('task');
      resolve();
    });
    setTimeout(() => {
      throw error;
    }, 0);
  });
  process.removeListener('uncaughtException', listener);
  equal(heard.join(), 'task');
});

test('Task hears of an unhandled rejection', async () => {
  const reason = new Error('rejected');
  const heard = await new Promise((resolve) => {
    Task.once('unhandledRejection', (one, promise) => resolve([one, promise]));
    Promise.reject(reason);
  });
  equal(heard[0], reason);
  equal(heard[1] instanceof Promise, true);
});
