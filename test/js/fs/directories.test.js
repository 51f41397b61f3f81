'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');
const { directory } = require('./helpers');

test('mkdir makes a whole path and tells the first directory that it made', (t) => {
  const folder = directory(t);
  const deep = path.join(folder, 'a/b/c');
  assert.throws(() => fs.mkdirSync(deep), { code: 'ENOENT', syscall: 'mkdir', path: deep });
  assert.strictEqual(fs.mkdirSync(deep, { recursive: true }), path.join(folder, 'a'));
  assert.strictEqual(fs.mkdirSync(deep, { recursive: true }), undefined);
  fs.writeFileSync(path.join(folder, 'f'), '');
  assert.throws(() => fs.mkdirSync(path.join(folder, 'f'), { recursive: true }), {
    code: 'EEXIST',
  });
  assert.throws(() => fs.mkdirSync(path.join(folder, 'f/g'), { recursive: true }), {
    code: 'ENOTDIR',
  });
});

test('readdir lists the names of a directory in the order of their bytes', async (t) => {
  const folder = directory(t);
  fs.mkdirSync(path.join(folder, 'd'));
  for (const name of ['é', '2', 'z', 'B', '10', 'd/y', 'd/x', 'a'])
    fs.writeFileSync(path.join(folder, name), '');
  const names = ['10', '2', 'B', 'a', 'd', 'z', 'é'];
  assert.deepStrictEqual(fs.readdirSync(folder), names);
  assert.deepStrictEqual(await fs.promises.readdir(folder), names);
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  assert.deepStrictEqual(
    entries.map(({ name }) => name),
    names,
  );
  const tree = [...names, 'd/x', 'd/y'];
  assert.deepStrictEqual(fs.readdirSync(folder, { recursive: true }), tree);
});

test('readdir lists names, entries and whole trees', async (t) => {
  const folder = directory(t);
  fs.mkdirSync(path.join(folder, 'd/e'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'd/f'), '');
  assert.deepStrictEqual(fs.readdirSync(folder), ['d']);
  assert.deepStrictEqual((await fs.promises.readdir(folder, { recursive: true })).sort(), [
    'd',
    'd/e',
    'd/f',
  ]);
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const file = entries.find((entry) => entry.name === 'f');
  assert.ok(file.isFile() && file.parentPath === path.join(folder, 'd'));
  const seen = [];
  for await (const entry of await fs.promises.opendir(folder)) seen.push(entry.name);
  assert.deepStrictEqual(seen, ['d']);
});

test('rm removes a tree, and does not follow links out of it', (t) => {
  const folder = directory(t);
  const [tree, outside] = [path.join(folder, 'tree'), path.join(folder, 'outside')];
  fs.mkdirSync(path.join(tree, 'x/y'), { recursive: true });
  fs.mkdirSync(outside);
  fs.writeFileSync(path.join(outside, 'keep'), '');
  fs.symlinkSync(outside, path.join(tree, 'x/link'));
  assert.throws(() => fs.rmSync(tree), { code: 'ERR_FS_EISDIR' });
  fs.rmSync(tree, { recursive: true });
  assert.ok(!fs.existsSync(tree) && fs.existsSync(path.join(outside, 'keep')));
  assert.throws(() => fs.rmSync(tree), { code: 'ENOENT', syscall: 'lstat' });
  fs.rmSync(tree, { force: true });
});

test('cp copies a tree with its links and modes', async (t) => {
  const folder = directory(t);
  const from = path.join(folder, 'from');
  fs.mkdirSync(path.join(from, 'd'), { recursive: true });
  fs.writeFileSync(path.join(from, 'd/f'), 'text', { mode: 0o600 });
  fs.symlinkSync('f', path.join(from, 'd/l'));
  await assert.rejects(fs.promises.cp(from, path.join(folder, 'to')), { code: 'ERR_FS_EISDIR' });
  await fs.promises.cp(from, path.join(folder, 'to'), { recursive: true, verbatimSymlinks: true });
  assert.strictEqual(fs.readFileSync(path.join(folder, 'to/d/l'), 'utf8'), 'text');
  assert.strictEqual(fs.statSync(path.join(folder, 'to/d/f')).mode & 0o777, 0o600);
  assert.throws(() => fs.cpSync(from, path.join(from, 'd/in'), { recursive: true }), {
    code: 'ERR_FS_CP_EINVAL',
  });
});

test('cp does not copy a directory to below itself by a link', async (t) => {
  const folder = directory(t);
  const from = path.join(folder, 'from');
  fs.mkdirSync(from);
  fs.symlinkSync('from', path.join(folder, 'link'));
  const below = path.join(folder, 'link/below');
  const error = { code: 'ERR_FS_CP_EINVAL', syscall: 'cp', path: below };
  assert.throws(() => fs.cpSync(from, below, { recursive: true }), error);
  await assert.rejects(fs.promises.cp(from, below, { recursive: true }), error);
  assert.deepStrictEqual(fs.readdirSync(from), []);
});

test('what cp finds at its target is told with its path', async (t) => {
  const folder = directory(t);
  const [file, other, tree] = ['file', 'other', 'tree'].map((name) => path.join(folder, name));
  fs.writeFileSync(file, 'one');
  fs.writeFileSync(other, 'another');
  fs.mkdirSync(tree);
  const strict = { recursive: true, force: false, errorOnExist: true };
  for (const [from, to, options, code] of [
    [file, other, strict, 'ERR_FS_CP_EEXIST'],
    [tree, file, strict, 'ERR_FS_CP_DIR_TO_NON_DIR'],
    [file, tree, strict, 'ERR_FS_CP_NON_DIR_TO_DIR'],
    [file, file, {}, 'ERR_FS_CP_EINVAL'],
  ])
    await assert.rejects(fs.promises.cp(from, to, options), {
      name: 'SystemError',
      code,
      syscall: 'cp',
      path: to,
    });
  assert.strictEqual(fs.readFileSync(other, 'utf8'), 'another');
});

test('copyFile keeps a file that is copied onto itself', (t) => {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, 'same');
  fs.copyFileSync(file, file);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'same');
  assert.throws(() => fs.copyFileSync(file, file, fs.constants.COPYFILE_EXCL), {
    code: 'EEXIST',
    dest: file,
  });
});

test('rm tries again as often as it was told, and then knows nothing of its failures', (t) => {
  const folder = directory(t);
  const tree = path.join(folder, 'tree');
  fs.mkdirSync(path.join(tree, 'below'), { recursive: true });
  const program = `
    const fs = require('fs');
    const options = { recursive: true, retryDelay: 5 };
    const held = [];
    try { for (;;) held.push(fs.openSync('/dev/null')); } catch {}
    const failed = fs.promises.rm(process.argv[1], options).catch((error) => error.code);
    const done = fs.promises.rm(process.argv[1], { ...options, maxRetries: 50 });
    failed.then((code) => {
      for (const fd of held) fs.closeSync(fd);
      return done.then(() => console.log(code, 'gone'));
    });`;
  const line = 'ulimit -n 40; exec "$@"';
  const words = ['-c', line, 'sh', process.execPath, '-e', program, tree];
  assert.strictEqual(String(execFileSync('sh', words)), 'EMFILE gone\n');
  assert.strictEqual(fs.existsSync(tree), false);
});
