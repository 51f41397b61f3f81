'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const { getEventListeners, once } = require('events');

test('an event calls functions and objects in order, with the target', () => {
  const target = new EventTarget();
  const calls = [];
  target.addEventListener('x', function (event) {
    calls.push(['function', this === target, event.currentTarget === target, event.eventPhase]);
  });
  const object = {
    handleEvent(event) {
      calls.push(['object', this === object, event.target === target, event.type]);
    },
  };
  target.addEventListener('x', object);
  const event = new Event('x');
  assert.strictEqual(target.dispatchEvent(event), true);
  assert.deepStrictEqual(calls, [
    ['function', true, true, Event.AT_TARGET],
    ['object', true, true, 'x'],
  ]);
  assert.strictEqual(event.currentTarget, null);
  assert.strictEqual(event.target, target);
});

test('the same callback is added once for each value of capture', () => {
  const target = new EventTarget();
  let count = 0;
  const callback = () => count++;
  target.addEventListener('x', callback);
  target.addEventListener('x', callback, { once: true });
  target.addEventListener('x', callback, true);
  assert.strictEqual(getEventListeners(target, 'x').length, 2);
  target.removeEventListener('x', callback);
  target.dispatchEvent(new Event('x'));
  assert.strictEqual(count, 1);
});

test('once listeners go before they are called, removed ones are not called', () => {
  const target = new EventTarget();
  const calls = [];
  const later = () => calls.push('later');
  target.addEventListener(
    'x',
    () => {
      calls.push(getEventListeners(target, 'x').length);
      target.removeEventListener('x', later);
    },
    { once: true },
  );
  target.addEventListener('x', later);
  target.dispatchEvent(new Event('x'));
  target.dispatchEvent(new Event('x'));
  assert.deepStrictEqual(calls, [1]);
});

test('preventDefault works on cancelable events and not in passive listeners', () => {
  const target = new EventTarget();
  target.addEventListener('x', (event) => event.preventDefault(), { passive: true });
  assert.strictEqual(target.dispatchEvent(new Event('x', { cancelable: true })), true);
  target.addEventListener('x', (event) => event.preventDefault());
  assert.strictEqual(target.dispatchEvent(new Event('x')), true);
  assert.strictEqual(target.dispatchEvent(new Event('x', { cancelable: true })), false);
});

test('stopImmediatePropagation keeps the event from the other listeners', () => {
  const target = new EventTarget();
  let called = false;
  target.addEventListener('x', (event) => event.stopImmediatePropagation());
  target.addEventListener('x', () => (called = true));
  target.dispatchEvent(new Event('x'));
  assert.strictEqual(called, false);
});

test('an abort signal takes a listener off', () => {
  const target = new EventTarget();
  const controller = new AbortController();
  target.addEventListener('x', () => {}, { signal: controller.signal });
  assert.strictEqual(getEventListeners(target, 'x').length, 1);
  controller.abort();
  assert.strictEqual(getEventListeners(target, 'x').length, 0);
  target.addEventListener('x', () => {}, { signal: controller.signal });
  assert.strictEqual(getEventListeners(target, 'x').length, 0);
});

test('an event cannot be dispatched while it is dispatched', () => {
  const target = new EventTarget();
  let code;
  target.addEventListener('x', (event) => {
    try {
      target.dispatchEvent(event);
    } catch (error) {
      code = error.code;
    }
  });
  target.dispatchEvent(new Event('x'));
  assert.strictEqual(code, 'ERR_EVENT_RECURSION');
});

test('CustomEvent carries detail; arguments are checked', () => {
  assert.strictEqual(new CustomEvent('x', { detail: 5 }).detail, 5);
  assert.strictEqual(new CustomEvent('x').detail, null);
  assert.throws(() => new Event(), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => new EventTarget().dispatchEvent({}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => new EventTarget().addEventListener('x', 5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('events.once resolves with the event of an EventTarget', async () => {
  const target = new EventTarget();
  const promise = once(target, 'x');
  target.dispatchEvent(new Event('x'));
  const [event] = await promise;
  assert.strictEqual(event.type, 'x');
});

test('DOMException has names, legacy codes and a stack', () => {
  const error = new DOMException('text', 'AbortError');
  assert.ok(error instanceof Error);
  assert.strictEqual(error.code, DOMException.ABORT_ERR);
  assert.strictEqual(String(error), 'AbortError: text');
  assert.strictEqual(typeof error.stack, 'string');
  assert.strictEqual(new DOMException().name, 'Error');
  assert.strictEqual(new DOMException('', 'Own').code, 0);
  assert.strictEqual(new DOMException('m', { name: 'DataCloneError', cause: 1 }).cause, 1);
});
