'use strict';
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
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

/** What --test prints of one file, in a folder of its own. */
function testFile(t, name, text, ...args) {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/sluice-tests-`);
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(`${folder}/${name}`, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('files of --test get the options of the command that are not the own ones of the runner', (t) => {
  const program = `require('node:test').test(JSON.stringify([process.execArgv, typeof gc]), () => {});`;
  const own = ['--test-reporter', 'tap', '--test-concurrency=1', '--test-timeout', '50000'];
  const { stdout } = testFile(t, 'a.test.js', program, '--expose_gc', ...own, '-C', 'special');
  assert.match(stdout, /ok 1 - \[\["--expose_gc","-C","special"\],"function"\]/);
});

test('a file that --test names and that there is not is an error', (t) => {
  const { status, stderr } = testFile(t, 'a.test.js', '', 'nope.js');
  assert.deepStrictEqual([status, stderr], [1, "Could not find 'nope.js'\n"]);
  assert.strictEqual(testFile(t, 'a.test.js', '', 'nope*.js').status, 0);
});

test('errors of files keep their class and members, and so do their causes', async (t) => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/sluice-tests-`);
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(
    `${folder}/a.test.js`,
    `require('node:test').test('a', () => {
      const cause = Object.assign(new RangeError('inner'), { part: [1] });
      throw Object.assign(new TypeError('outer', { cause }), { code: 'OUTER', extra: { a: 1 } });
    });`,
  );
  const stream = require('node:test').run({ files: [`${folder}/a.test.js`] });
  const errors = [];
  for await (const { type, data } of stream)
    if (type === 'test:fail') errors.push(data.details.error.cause);
  const [error] = errors;
  assert.ok(error instanceof TypeError && error.cause instanceof RangeError);
  assert.deepStrictEqual([error.code, error.extra], ['OUTER', { a: 1 }]);
  assert.deepStrictEqual([error.cause.message, error.cause.part], ['inner', [1]]);
});

test('the tests of a suite whose function throws do not run', (t) => {
  const program = `const { after, before, describe, it } = require('node:test');
    describe('s', () => { it('a', () => console.log('ran')); after(() => console.log('after')); before(() => console.log('before')); throw new Error('no') });
    describe('t', async () => { it('b', () => console.log('ran')); throw new Error('no') });`;
  const { stdout } = testFile(t, 'a.test.js', program);
  assert.doesNotMatch(stdout, /ran/);
  assert.match(stdout, /before[^]*after/);
  assert.match(stdout, /pass 0\n.*fail 0\n.*cancelled 2/);
});

test('a test that a signal aborts is cancelled, with the tests in it', (t) => {
  const program = `const { describe, it, test } = require('node:test');
    const ends = new AbortController();
    test('a', { signal: ends.signal }, async (t) => {
      t.test('inner', () => new Promise(() => {}));
      await new Promise((resolve) => setImmediate(resolve));
      ends.abort(new Error('why'));
      await new Promise(() => {});
    });
    describe('s', { signal: AbortSignal.abort() }, () => { it('b', () => console.log('ran')) });`;
  const { stdout } = testFile(t, 'a.test.js', program, '--test-reporter=tap');
  assert.doesNotMatch(stdout, /ran/);
  assert.strictEqual(stdout.match(/failureType: 'testAborted'/g).length, 2);
  assert.match(stdout, /error: 'why'[^]*# cancelled 2/);
});
