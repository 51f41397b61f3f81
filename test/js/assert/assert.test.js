'use strict';
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

const says = (fn, message) => assert.strictEqual(thrown(fn).message, message);

test('a failed assertion is an AssertionError', () => {
  const error = thrown(() => assert.strictEqual(1, 2));
  assert(error instanceof assert.AssertionError && error instanceof Error);
  assert.strictEqual(error.name, 'AssertionError');
  assert.strictEqual(error.code, 'ERR_ASSERTION');
  assert.deepStrictEqual(
    [error.actual, error.expected, error.operator, error.generatedMessage],
    [1, 2, 'strictEqual', true],
  );
  assert.match(
    error.stack,
    /^AssertionError \[ERR_ASSERTION\]: Expected values to be strictly equal:\n\n1 !== 2\n\n {4}at .*assert\.test\.js/,
  );
  assert.throws(() => new assert.AssertionError(), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('messages show the values', () => {
  says(() => assert.strictEqual(1, 2), 'Expected values to be strictly equal:\n\n1 !== 2\n');
  says(() => assert.equal(1, 2), '1 == 2');
  says(() => assert.notEqual(1, 1), '1 != 1');
  says(() => assert.notStrictEqual(1, 1), 'Expected "actual" to be strictly unequal to: 1');
  says(
    () => assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] }),
    'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  {\n    a: 1,\n    b: [\n      1,\n+     2\n-     3\n    ]\n  }\n',
  );
  says(
    () => assert.deepStrictEqual([1, 2, 3], [1, 2, 3, 4]),
    'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  [\n    1,\n    2,\n    3,\n-   4\n  ]\n',
  );
  says(
    () => assert.strictEqual({ a: 1 }, { a: 1 }),
    'Values have same structure but are not reference-equal:\n\n{\n  a: 1\n}\n',
  );
  says(
    () => assert.deepEqual(1, 2),
    'Expected values to be loosely deep-equal:\n\n1\n\nshould loosely deep-equal\n\n2',
  );
  says(
    () => assert.match('abc', /x/),
    "The input did not match the regular expression /x/. Input:\n\n'abc'\n",
  );
  says(
    () => assert.doesNotMatch('abc', /a/),
    "The input was expected to not match the regular expression /a/. Input:\n\n'abc'\n",
  );
  says(() => assert.fail(), 'Failed');
  says(() => assert.fail('why'), 'why');
  says(() => assert.strictEqual(1, 2, 'own'), 'own');
});

test('a false condition is shown as it is written', () => {
  says(() => {
    assert(false);
  }, 'The expression evaluated to a falsy value:\n\n  assert(false)\n');
  says(() => {
    assert.ok(typeof 123 === 'x)');
  }, "The expression evaluated to a falsy value:\n\n  assert.ok(typeof 123 === 'x)')\n");
  says(() => assert(), 'No value argument passed to `assert.ok()`');
  says(() => assert(0, 'text'), 'text');
});

test('an Error as message is thrown itself', () => {
  const own = new RangeError('own');
  assert.strictEqual(
    thrown(() => assert(false, own)),
    own,
  );
  assert.strictEqual(
    thrown(() => assert.strictEqual(1, 2, own)),
    own,
  );
});

test('long equal parts of a difference are left out', () => {
  const list = Array.from({ length: 40 }, (_, i) => i);
  const { message } = thrown(() => assert.deepStrictEqual(list, list.with(20, -1)));
  assert.match(message, /actual - expected\n\.\.\. Skipped lines\n\n {2}\[\n {4}0,/);
  assert(message.includes('    3,\n...\n    19,\n+   20,\n-   -1,\n    21,'));
  assert(!message.includes(' 5,'));
  assert(message.endsWith('    25,\n'));
});

test('very large differences are made quickly enough to be useful', () => {
  const a = Array.from({ length: 5000 }, (_, i) => i);
  const b = Array.from({ length: 5000 }, (_, i) => -i - 1);
  assert.throws(() => assert.deepStrictEqual(a, b), assert.AssertionError);
});

test('ifError throws what is neither undefined nor null', () => {
  assert.ifError(null);
  assert.ifError(undefined);
  says(() => assert.ifError(new Error('ie')), 'ifError got unwanted exception: ie');
  says(() => assert.ifError('str'), "ifError got unwanted exception: 'str'");
});

test('strict replaces the loose comparisons', () => {
  assert.strictEqual(require('assert/strict'), assert.strict);
  assert.strictEqual(assert.strict.strict, assert.strict);
  assert.equal(1, '1');
  assert.throws(() => assert.strict.equal(1, '1'), { operator: 'strictEqual' });
  assert.throws(() => assert.strict.deepEqual([1], ['1']), { operator: 'deepStrictEqual' });
  assert.throws(() => assert.strictEqual(1), { code: 'ERR_MISSING_ARGS' });
});

test('an empty message stays, but where values are compared strictly', () => {
  for (const fails of [
    () => assert.equal(1, 2, ''),
    () => assert.ok(0, ''),
    () => assert.deepEqual(1, 2, ''),
    () => assert.notStrictEqual(1, 1, ''),
  ])
    says(fails, '');
  assert.throws(() => assert.strictEqual(1, 2, ''), /1 !== 2/);
  assert.throws(() => assert.match('a', /b/, ''), /did not match/);
});

test('a short object and a primitive are shown in one line', () => {
  says(() => assert.strictEqual([], 0), 'Expected values to be strictly equal:\n\n[] !== 0\n');
  says(
    () => assert.strictEqual(null, {}),
    'Expected values to be strictly equal:\n\nnull !== {}\n',
  );
});

test('fail() and ifError() of an Assert have its diff', () => {
  const full = new assert.Assert({ diff: 'full' });
  assert.strictEqual(thrown(() => full.fail()).diff, 'full');
  assert.strictEqual(thrown(() => full.ifError(1)).diff, 'full');
  assert.strictEqual(thrown(() => assert.fail()).diff, 'simple');
});
