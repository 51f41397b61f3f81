'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const { spawnSync } = require('child_process');
const fs = require('fs');

const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });

test('what keeps the process is told by its kind', () => {
  const timer = setTimeout(() => {}, 1000);
  const immediate = setImmediate(() => {});
  fs.stat('/', () => {});
  const kinds = process.getActiveResourcesInfo();
  for (const kind of ['Timeout', 'Immediate', 'FSReqCallback'])
    assert.ok(kinds.includes(kind), kind);
  clearTimeout(timer);
  clearImmediate(immediate);
});

test('a rejection that is handled late is told of', async () => {
  let late;
  process.on('unhandledRejection', (reason, promise) => (late = promise));
  const handled = once(process, 'rejectionHandled');
  const rejected = Promise.reject(new Error('late'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.strictEqual(late, rejected);
  rejected.catch(() => {});
  assert.strictEqual((await handled)[0], rejected);
  process.removeAllListeners('unhandledRejection');
});

test('durations that are none are warned of once', async () => {
  const warning = once(process, 'warning');
  clearTimeout(setTimeout(() => {}, NaN));
  clearTimeout(setTimeout(() => {}, NaN));
  assert.strictEqual((await warning)[0].name, 'TimeoutNaNWarning');
  const negative = once(process, 'warning');
  clearTimeout(setTimeout(() => {}, -1));
  assert.strictEqual((await negative)[0].name, 'TimeoutNegativeWarning');
});

test('options of Node that scripts pass are taken', () => {
  const code =
    'process.emitWarning("text"); process.emitWarning("old", "DeprecationWarning", "X1")';
  assert.match(run('-e', code).stderr, /Warning: text/);
  assert.strictEqual(run('--no-warnings', '-e', code).stderr, '');
  assert.doesNotMatch(run('--disable-warning=X1', '-e', code).stderr, /X1/);
  assert.doesNotMatch(run('--no-deprecation', '-e', code).stderr, /X1/);
  assert.match(run('--throw-deprecation', '-e', code).stderr, /^.*DeprecationWarning: old/m);
  const shown = run(
    '--stack-size=256',
    '--max_old_space_size=100',
    '--title',
    'name',
    '-p',
    'process.title',
  );
  assert.strictEqual(shown.stdout, 'name\n');
  assert.strictEqual(run('--no-such-option', '-p', '1').status, 2);
});

test('--unhandled-rejections says what becomes of a rejection', () => {
  const code = 'Promise.reject(new Error("no")); setTimeout(() => console.log("on"), 1)';
  assert.strictEqual(run('-e', code).status, 1);
  assert.strictEqual(run('--unhandled-rejections=warn', '-e', code).stdout, 'on\n');
  assert.strictEqual(run('--unhandled-rejections=none', '-e', code).stderr, '');
});

test('util.parseEnv() reads the text of a .env file', () => {
  const text = 'A=1\nexport B="x\ny"\n# none\nC=\'q\' # note\nD= z # note\n';
  assert.deepStrictEqual(require('util').parseEnv(text), { A: '1', B: 'x\ny', C: 'q', D: 'z' });
});

test('util.promisify() of a timer needs no module', () => {
  const { stdout } = run('-e', 'require("util").promisify(setTimeout)(1, "v").then(console.log)');
  assert.strictEqual(stdout, 'v\n');
});
