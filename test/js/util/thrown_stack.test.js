'use strict';
// The stacks of errors that the engine throws, as a program that catches them sees them.
const assert = require('assert');
const { test } = require('../../helpers/test');

/** What fn throws. */
function thrown(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const kinds = {
  'a property of null': () => null.x,
  'a call of no function': () => undefined(),
  'an unknown name': () => unknownName, // eslint-disable-line no-undef
  'a frozen object': () => {
    Object.freeze([]).push(1);
  },
  'what cannot be iterated': () => [...5],
  'what is no JSON': () => JSON.parse('{'),
  'a bad length': () => new Array(-1),
  'a bad URI': () => decodeURIComponent('%'),
  'a bad pattern': () => 'x'.match('['),
  'bad source text': () => new Function('a b'),
  'numbers of two kinds': () => 1n + 1,
  'a binding of sluice': () => Buffer.alloc(-1),
};

const needsTraces = test.needs('traces');

for (const [what, fn] of Object.entries(kinds))
  needsTraces(`the error of ${what} has a header and callers`, () => {
    const { name, stack } = thrown(fn);
    assert.ok(stack.startsWith(`${name}`), stack);
    assert.match(stack, /\n {4}at .*thrown_stack\.test\.js:\d+:\d+\)?(\n|$)/);
    assert.doesNotMatch(stack, /@/);
  });

needsTraces('rejections have such stacks', async () => {
  const failing = [(async () => null.x)(), Promise.resolve(null).then((none) => none.x)];
  for (const { reason } of await Promise.allSettled(failing))
    assert.match(reason.stack, /^TypeError: null is not an object.*\n {4}at .*thrown_stack/);
});

needsTraces('the stack stays when the error is thrown again', () => {
  const error = thrown(() => null.x);
  const again = thrown(() => {
    throw error;
  });
  assert.strictEqual(again, error);
  assert.match(again.stack, /^TypeError: .*\n {4}at /);
});

test('the stack can be changed, and is no own property that is listed', () => {
  const error = thrown(() => null.x);
  assert.deepStrictEqual(Object.keys(error), []);
  error.stack = 'mine';
  assert.strictEqual(error.stack, 'mine');
  assert.strictEqual(
    thrown(() => {
      throw error;
    }).stack,
    'mine',
  );
});

test('a stack and a place that a program wrote stay', () => {
  const error = Object.assign(new Error('x'), { sourceURL: 'file', line: 1, stack: 'mine' });
  const again = thrown(() => {
    throw error;
  });
  assert.deepStrictEqual([again.stack, again.sourceURL, again.line], ['mine', 'file', 1]);
});

needsTraces('prepareStackTrace makes it, when it is read', (t) => {
  t.after(() => {
    Error.prepareStackTrace = undefined;
  });
  let calls = 0;
  Error.prepareStackTrace = (error, sites) => {
    calls++;
    return { error, file: sites[0].getFileName() };
  };
  const error = thrown(() => null.x);
  assert.strictEqual(calls, 0);
  assert.deepStrictEqual(error.stack, { error, file: __filename });
  assert.strictEqual(calls, 1);
});

test('what is thrown is not changed otherwise', () => {
  const made = new TypeError('made');
  const { stack } = made;
  const values = [
    made,
    { sourceURL: 'x', stack: 'y' },
    'text',
    1,
    null,
    undefined,
    Symbol.iterator,
  ];
  for (const value of values)
    assert.strictEqual(
      thrown(() => {
        throw value;
      }),
      value,
    );
  assert.deepStrictEqual(values[1], { sourceURL: 'x', stack: 'y' });
  assert.strictEqual(made.stack, stack);
});

test('nothing of the program runs while an error is thrown', () => {
  const looks = [];
  const proxy = new Proxy(new Error('x'), { get: (_, name) => looks.push(name) });
  thrown(() => {
    throw proxy;
  });
  assert.deepStrictEqual(looks, []);
});

needsTraces('a full stack of calls is an error with a stack', () => {
  const endless = () => 1 + endless();
  const throughNative = () => [1].map(throughNative);
  for (let i = 0; i < 10; i++) {
    assert.match(thrown(endless).stack, /^RangeError: .*\n {4}at /);
    assert.ok(thrown(throughNative) instanceof RangeError);
  }
});

test('the limit of calls is kept', (t) => {
  const before = Error.stackTraceLimit;
  t.after(() => {
    Error.stackTraceLimit = before;
  });
  const deep = (n) => (n === 0 ? null.x : [deep(n - 1)]);
  Error.stackTraceLimit = 3;
  assert.strictEqual(thrown(() => deep(20)).stack.split('\n').length, 4);
  Error.stackTraceLimit = 0;
  assert.strictEqual(thrown(() => deep(20)).stack, thrown(() => deep(20)).stack);
});
