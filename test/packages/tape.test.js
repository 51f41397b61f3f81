'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { file, run, write } = require('./programs');

const { test } = suite('tape');

test('tests are told in TAP, by the program and by its command', (t) => {
  const text = `const test = require('tape');
test('one', (t) => { t.plan(2); t.equal(1, 1); setTimeout(() => t.deepEqual({ a: 1 }, { a: 1 }), 5); });
test('two', async (t) => { t.throws(() => { throw new Error('x'); }, /x/); t.fail('on purpose'); });`;
  const where = write(t, { 'a.test.js': text });
  for (const args of [['a.test.js'], [file('tape/bin/tape'), 'a.test.js']]) {
    const { code, output } = run(where, ...args);
    assert.strictEqual(code, 1);
    for (const part of ['ok 3', 'not ok 4 on purpose', '# tests 4', '# pass  3'])
      assert.ok(output.includes(part), `${part} is not in\n${output}`);
  }
});
