'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');

test('abort() sets the reason and fires one event', () => {
  const controller = new AbortController();
  const { signal } = controller;
  const events = [];
  signal.onabort = (event) => events.push(event);
  signal.addEventListener('abort', () => events.push('listener'));
  controller.abort('why');
  controller.abort('again');
  assert.strictEqual(events.length, 2);
  assert.strictEqual(events[0].type, 'abort');
  assert.strictEqual(events[0].isTrusted, true);
  assert.strictEqual(signal.aborted, true);
  assert.strictEqual(signal.reason, 'why');
  assert.throws(
    () => signal.throwIfAborted(),
    (error) => error === 'why',
  );
});

test('the reason is an AbortError when none is given', () => {
  const { reason } = AbortSignal.abort();
  assert.ok(reason instanceof DOMException);
  assert.strictEqual(reason.name, 'AbortError');
  assert.strictEqual(reason.code, 20);
});

test('timeout() aborts with a TimeoutError', async (t) => {
  const keep = setInterval(() => {}, 1000); // the signal's timer does not keep the process
  t.after(() => clearInterval(keep));
  const signal = AbortSignal.timeout(1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  assert.strictEqual(signal.reason.name, 'TimeoutError');
  assert.throws(() => AbortSignal.timeout(-1), { code: 'ERR_OUT_OF_RANGE' });
});

test('any() follows its sources, and those of signals of any()', () => {
  const a = new AbortController();
  const b = new AbortController();
  const inner = AbortSignal.any([a.signal, b.signal]);
  const outer = AbortSignal.any([inner]);
  const order = [];
  inner.onabort = () => order.push('inner', outer.aborted);
  outer.onabort = () => order.push('outer');
  b.abort('b');
  a.abort('a');
  assert.deepStrictEqual(order, ['inner', true, 'outer']);
  assert.strictEqual(outer.reason, 'b');
  assert.strictEqual(AbortSignal.any([]).aborted, false);
  assert.strictEqual(AbortSignal.any([a.signal]).reason, 'a');
  assert.throws(() => AbortSignal.any([{}]), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('signals are not made by hand', () => {
  assert.throws(() => new AbortSignal(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
});

test('stopImmediatePropagation() keeps no built-in module from hearing of an abort', async () => {
  const { once } = require('events');
  const { setTimeout: wait } = require('timers/promises');
  const controller = new AbortController();
  const { signal } = controller;
  signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
  let later = false;
  signal.addEventListener('abort', () => (later = true));
  const waits = [
    once(new EventTarget(), 'never', { signal }),
    wait(100000, undefined, { signal }),
    require('fs').promises.watch(__dirname, { signal }).next(),
  ];
  controller.abort();
  for (const one of waits) await assert.rejects(one, { name: 'AbortError' });
  assert.strictEqual(later, false);
});
