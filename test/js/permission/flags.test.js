'use strict';
// What the flags mean together, and what is no flag.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { folder, sluice } = require('../../helpers/permission');

const read = (file) =>
  `try { require('fs').readFileSync('${file}'); console.log('read'); } catch (error) { console.log(error.code, error.permission, error.resource, '|', error.message); }`;
const run = (flags, code) => sluice([...flags, '-e', code]);

test('what is denied stays so whatever allows it', async (t) => {
  const dir = folder(t);
  const file = `${dir}/in/file`;
  for (const flags of [
    ['--allow-fs.read', '--deny-fs.read'],
    ['--deny-fs.read', '--allow-fs.read'],
    [`--allow-fs.read=${dir}`, `--deny-fs.read=${dir}/in`],
    [`--deny-fs.read=${file}`, '--allow-fs.read'],
    [`--allow-fs.read=${file}`, `--deny-fs.read=${dir}`],
  ]) {
    const { stdout } = await run(['--permission', ...flags], read(file));
    assert.match(
      stdout,
      /^ERR_ACCESS_DENIED fs\.read .*in\/file \| Access to fs\.read .* is denied by a --deny-fs\.read/,
      flags.join(' '),
    );
  }
});

test('an error names the flag that would allow it', async (t) => {
  const dir = folder(t);
  const { stdout } = await run(['--permission'], read(`${dir}/out/secret`));
  assert.ok(stdout.includes(`--allow-fs.read=${dir}/out/secret would allow it`), stdout);
  const again = await run(
    ['--permission', `--allow-fs.read=${dir}/out/secret`],
    read(`${dir}/out/secret`),
  );
  assert.equal(again.stdout, 'read\n');
});

test('a dash may stand for the dot of a scope', async (t) => {
  const dir = folder(t);
  const { stdout } = await run(['--permission', `--allow-fs-read=${dir}`], read(`${dir}/in/file`));
  assert.equal(stdout, 'read\n');
});

test('a name with escape codes does not reach a terminal', async () => {
  const { stdout } = await run(
    ['--permission'],
    `try { require('fs').readFileSync('/x\\x1b[2K\\r\\n/y'); } catch (error) { console.log(error.message); }`,
  );
  assert.ok(!/[\x1b\r]/.test(stdout), JSON.stringify(stdout));
  assert.match(stdout, /\\x1b\[2K/);
});

test('flags that could be taken for enforced are errors without --permission', async () => {
  for (const flag of ['--allow-connect', '--deny-connect', '--allow-fs.read=/srv']) {
    const { code, stderr } = await run([flag], '1');
    assert.equal(code, 2);
    assert.match(stderr, /needs --permission/);
  }
});

test('what is no scope and no value is an error', async () => {
  for (const [flag, text] of [
    ['--allow-fs.delete', /no such scope/],
    ['--allow-connect=', /needs a value/],
    ['--allow-connect=1.2.3.4:99999', /is not address:port/],
    ['--allow-connect=1.2.3:80', /is not address:port/],
    ['--allow-connect=0x7f.1', /is not address:port/],
    ['--allow-connect=10.0.0.0/33', /is not address:port/],
    ['--allow-listen=example.com:80', /is not address:port/],
    ['--allow-listen=127.0.0.1:90-80', /is not address:port/],
    ['--allow-connect=unix:relative', /is not address:port/],
    ['--allow-fs.read=/srv/*', /no wildcards/],
    ['--allow-fs.read=*', /no wildcards/],
    ['--allow-env=A*B', /is not a name/],
    ['--allow-env=*', /is not a name/],
    ['--allow-dns=*', /is not a name/],
    ['--allow-inspect=x', /takes no values/],
    ['--allow-signal=self', /is not the number/],
    ['--allow-fs.read=/a,', /is not a name/],
  ]) {
    const { code, stderr } = await run(['--permission', flag], '1');
    assert.equal(code, 2, flag);
    assert.match(stderr, text, flag);
  }
});

test('NODE_OPTIONS cannot pretend to enforce', async () => {
  const { code, stderr } = await sluice(['-e', '1'], {
    env: { ...process.env, NODE_OPTIONS: '--permission' },
  });
  assert.equal(code, 2);
  assert.match(stderr, /for the command line/);
});

test('without --permission there is no process.permission and everything is allowed', async () => {
  const { stdout } = await run(
    [],
    `console.log(process.permission, process.getPermissions().allow['fs.read'], Object.keys(process.getPermissions().allow).length)`,
  );
  assert.equal(stdout, 'undefined true 12\n');
});
