'use strict';
const assert = require('assert');
const { spawnSync } = require('child_process');
const { test } = require('../../helpers/test');

const run = (...args) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${__dirname}/fixtures/all.js`, ...args],
    { timeout: 50000 },
  );
  return { status, output: `${stdout}${stderr}` };
};

test('tests, suites and hooks run in the order in which they are written', () => {
  const { status, output } = run();
  assert.strictEqual(status, 0, output);
  assert.match(output, /^order before,each,first,each,nested,each,each,inner,each,each,each$/m);
});

test('the report tells what passed, was skipped and is still to do', () => {
  const { output } = run();
  for (const text of ['tests 8', 'suites 1', 'pass 6', 'fail 0', 'skipped 1', 'todo 1'])
    assert.strictEqual(output.includes(text), true, `${text} in ${output}`);
});

test('a test that fails is reported with its error, and the exit code is 1', () => {
  const { status, output } = run('fail');
  assert.strictEqual(status, 1);
  assert.match(output, /broken [^]*fail 1[^]*broken [^]*ERR_ASSERTION/);
});

test('the module is found by its prefix only', () => {
  assert.strictEqual(require('node:test').test, require('node:test'));
  assert.throws(() => require('test'), { code: 'MODULE_NOT_FOUND' });
});
