'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');

const fails = (fn, message) =>
  assert.throws(fn, (error) => {
    assert.strictEqual(error.message, message);
    assert.strictEqual(error.code, 'ERR_ASSERTION');
    return true;
  });
const boom = () => {
  throw new TypeError('boom');
};

test('throws accepts a class, a pattern, properties, an error and a function', () => {
  assert.throws(boom);
  assert.throws(boom, TypeError);
  assert.throws(boom, Error);
  assert.throws(boom, /boom/);
  assert.throws(boom, { name: 'TypeError', message: /^bo/ });
  assert.throws(boom, new TypeError('boom'));
  assert.throws(boom, (error) => error.message === 'boom');
});

test('throws fails when nothing or something else is thrown', () => {
  fails(() => assert.throws(() => {}), 'Missing expected exception.');
  fails(() => assert.throws(() => {}, TypeError), 'Missing expected exception (TypeError).');
  fails(() => assert.throws(() => {}, 'text'), 'Missing expected exception: text');
  fails(
    () => assert.throws(boom, RangeError),
    'The error is expected to be an instance of "RangeError". Received "TypeError"\n\nError message:\n\nboom',
  );
  fails(
    () => assert.throws(boom, /x/),
    "The input did not match the regular expression /x/. Input:\n\n'TypeError: boom'\n",
  );
  fails(
    () => assert.throws(boom, { message: 'x' }),
    "Expected values to be strictly deep-equal:\n+ actual - expected\n\n  Comparison {\n+   message: 'boom'\n-   message: 'x'\n  }\n",
  );
  fails(
    () => assert.throws(boom, () => false),
    'The validation function is expected to return "true". Received false\n\nCaught error:\n\nTypeError: boom',
  );
});

test('throws refuses what it cannot compare', () => {
  assert.throws(() => assert.throws('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => assert.throws(boom, {}), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => assert.throws(boom, 'boom'), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
});

test('rejects waits for a promise or what a function returns', async () => {
  await assert.rejects(Promise.reject(new TypeError('q')), TypeError);
  await assert.rejects(async () => boom(), { message: 'boom' });
  await assert.rejects(assert.rejects(Promise.resolve(1)), {
    message: 'Missing expected rejection.',
  });
  await assert.rejects(
    assert.rejects(() => 1),
    { code: 'ERR_INVALID_RETURN_VALUE' },
  );
  await assert.rejects(assert.rejects(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('doesNotThrow and doesNotReject show what came', async () => {
  assert.doesNotThrow(() => {});
  fails(() => assert.doesNotThrow(boom), 'Got unwanted exception.\nActual message: "boom"');
  await assert.doesNotReject(Promise.resolve());
  await assert.rejects(
    assert.doesNotReject(async () => boom()),
    {
      message: 'Got unwanted rejection.\nActual message: "boom"',
    },
  );
});
