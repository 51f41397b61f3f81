'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const EventEmitter = require('events');

test('an iterator of events pauses its emitter between the water marks', async () => {
  const calls = [];
  class Flow extends EventEmitter {
    pause() {
      calls.push('pause');
    }
    resume() {
      calls.push('resume');
    }
  }
  const flow = new Flow();
  const events = EventEmitter.on(flow, 'data', { highWaterMark: 3, lowWaterMark: 2 });
  for (let i = 0; i < 5; i++) flow.emit('data', i);
  assert.deepStrictEqual(calls, ['pause']);
  for (let i = 0; i < 5; i++) assert.deepStrictEqual((await events.next()).value, [i]);
  assert.deepStrictEqual(calls, ['pause', 'resume']);
  assert.throws(() => EventEmitter.on(flow, 'x', { highWaterMark: 0 }), {
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('removeAllListeners() tells those who listen for removals, of themselves too', () => {
  const emitter = new EventEmitter();
  const told = [];
  emitter.on('removeListener', (type) => told.push(`first ${type}`));
  emitter.on('removeListener', (type) => told.push(`second ${type}`));
  emitter.on('a', () => {});
  emitter.removeAllListeners();
  assert.deepStrictEqual(told, ['first a', 'second a', 'first removeListener']);
});

test('a then() that throws is a captured rejection', () => {
  const emitter = new EventEmitter({ captureRejections: true });
  const messages = [];
  emitter.on('error', (error) => messages.push(error.message));
  emitter.on('a', () => ({
    get then() {
      throw new Error('getter');
    },
  }));
  emitter.emit('a');
  assert.deepStrictEqual(messages, ['getter']);
});

test('targets of the functions of events are checked', async () => {
  for (const target of [1, 'x', {}, () => {}]) {
    assert.throws(() => EventEmitter.setMaxListeners(1, target), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => EventEmitter.getMaxListeners(target), { code: 'ERR_INVALID_ARG_TYPE' });
    await assert.rejects(EventEmitter.once(target, 'x'), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const target = new EventTarget();
  EventEmitter.setMaxListeners(3, target);
  assert.strictEqual(EventEmitter.getMaxListeners(target), 3);
});

test('too many listeners of a target are warned of', async () => {
  const target = new EventTarget();
  EventEmitter.setMaxListeners(1, target);
  const warning = EventEmitter.once(process, 'warning');
  for (const callback of [() => {}, () => {}]) target.addEventListener('x', callback);
  const [{ name, count, type }] = await warning;
  assert.deepStrictEqual([name, count, type], ['MaxListenersExceededWarning', 2, 'x']);
});
