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
  assert.deepStrictEqual(require('util').parseEnv(text), {
    __proto__: null,
    A: '1',
    B: 'x\ny',
    C: 'q',
    D: 'z',
  });
});

test('util.promisify() of a timer needs no module', () => {
  const { stdout } = run('-e', 'require("util").promisify(setTimeout)(1, "v").then(console.log)');
  assert.strictEqual(stdout, 'v\n');
});

test('beforeExit comes again after something listened and was closed', () => {
  const code = `
    let n = 0;
    process.on('beforeExit', () => {
      console.log('before exit');
      if (n++ === 0) require('net').createServer().listen(0, function () { this.close(); });
    });`;
  assert.strictEqual(run('-e', code).stdout, 'before exit\nbefore exit\n');
});

test('warnings go to the file that --redirect-warnings or NODE_REDIRECT_WARNINGS names', (t) => {
  const folder = fs.mkdtempSync(`${require('os').tmpdir()}/sluice-warnings-`);
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = `${folder}/log`;
  const code = 'process.emitWarning("one")';
  const env = { ...process.env, NODE_REDIRECT_WARNINGS: file };
  const byName = spawnSync(process.execPath, ['-e', code], { env, encoding: 'utf8' });
  assert.strictEqual(byName.stderr + run(`--redirect-warnings=${file}`, '-e', code).stderr, '');
  assert.match(fs.readFileSync(file, 'utf8'), /^(?:\(node:\d+\) Warning: one\n){2}$/);
  const lost = run(`--redirect-warnings=${folder}/none/log`, '-e', code);
  assert.match(lost.stderr, /Warning: one/);
});

test('numbers of text are separated where inspect() separates them', () => {
  const { formatWithOptions } = require('util');
  const options = { numericSeparator: true };
  assert.strictEqual(
    formatWithOptions(options, '%s %d %i', 12345, 12345n, 12345n),
    '12_345 12_345n 12_345n',
  );
});

test('NODE_OPTIONS says what the command line may say', (t) => {
  const folder = fs.mkdtempSync(`${require('os').tmpdir()}/sluice-options-`);
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(`${folder}/a b.js`, 'console.log("first")');
  const options = `--no-warnings --max-old-space-size=100 --require "${folder}/a b.js"`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-e', 'process.emitWarning("x"); console.log(process.execArgv.length)'],
    { env: { ...process.env, NODE_OPTIONS: options }, encoding: 'utf8' },
  );
  assert.deepStrictEqual([stdout, stderr], ['first\n2\n', '']);
});

test('a mode of --unhandled-rejections that there is not is refused', () => {
  assert.strictEqual(run('--unhandled-rejections=x', '-e', '1').status, 9);
});

test('process.loadEnvFile() sets the variables that are not set yet', (t) => {
  const folder = fs.mkdtempSync(`${require('os').tmpdir()}/sluice-env-`);
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(`${folder}/.env`, 'SLUICE_NEW=1\nSLUICE_OLD=2\n');
  process.env.SLUICE_OLD = 'old';
  process.loadEnvFile(`${folder}/.env`);
  assert.deepStrictEqual([process.env.SLUICE_NEW, process.env.SLUICE_OLD], ['1', 'old']);
  assert.throws(() => process.loadEnvFile(`${folder}/none`), { code: 'ENOENT' });
});

test('process.ref() and unref() ask the object itself', () => {
  const asked = [];
  process.ref({ [Symbol.for('nodejs.ref')]: () => asked.push('symbol') });
  process.unref({ unref: () => asked.push('method') });
  process.ref(undefined);
  assert.deepStrictEqual(asked, ['symbol', 'method']);
});

test('an uncaught error that a capture callback takes is handled', () => {
  const code = `
    process.addUncaughtExceptionCaptureCallback((error) => console.log(error.message) ?? true);
    process.addUncaughtExceptionCaptureCallback(() => false);
    throw new Error('taken');`;
  const { status, stdout } = run('-e', code);
  assert.deepStrictEqual([status, stdout], [0, 'taken\n']);
});

test('exitCode is a number', () => {
  process.exitCode = '5';
  assert.strictEqual(process.exitCode, 5);
  assert.throws(() => (process.exitCode = '1.5'), { code: 'ERR_OUT_OF_RANGE' });
  process.exitCode = undefined;
});

test('--env-file sets variables that are not set yet, of a file that is there', (t) => {
  const file = `${fs.mkdtempSync(`${require('os').tmpdir()}/sluice-env-`)}/.env`;
  t.after(() => fs.rmSync(require('path').dirname(file), { recursive: true }));
  fs.writeFileSync(file, 'FROM_FILE=one\nHOME=none\n');
  const code = 'console.log(process.env.FROM_FILE, process.env.HOME === "none")';
  assert.strictEqual(run(`--env-file=${file}`, '-e', code).stdout, 'one false\n');
  assert.strictEqual(run('--env-file-if-exists', `${file}.none`, '-e', '1').status, 0);
  assert.strictEqual(run(`--env-file=${file}.none`, '-e', '1').status, 9);
});

test('code of -e may be TypeScript', () => {
  const code = 'const a: number = 1; console.log(a, typeof os)';
  for (const types of [
    [],
    ['--input-type=commonjs-typescript'],
    ['--input-type=module-typescript'],
  ])
    assert.strictEqual(run(...types, '-e', code).stdout, '1 object\n');
});
