'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { directory } = require('./helpers');

/** A folder with a tree of files. */
function tree(t) {
  const folder = directory(t);
  for (const file of ['a.js', 'b.txt', '.hidden.js', 'sub/c.js', 'sub/deep/d.js']) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), '');
  }
  fs.symlinkSync('..', path.join(folder, 'sub/up'));
  return folder;
}

test('globSync finds what patterns match, relative to cwd, and each path once', (t) => {
  const cwd = tree(t);
  const found = (pattern, options) => fs.globSync(pattern, { cwd, ...options }).sort();
  assert.deepStrictEqual(found('**/*.js'), ['a.js', 'sub/c.js', 'sub/deep/d.js']);
  assert.deepStrictEqual(found(['*.{js,txt}', 'a.*']), ['a.js', 'b.txt']);
  assert.deepStrictEqual(found('sub/**'), [
    'sub',
    'sub/c.js',
    'sub/deep',
    'sub/deep/d.js',
    'sub/up',
  ]);
  assert.deepStrictEqual(found(`${cwd}/*.js`), [`${cwd}/a.js`]);
  assert.deepStrictEqual(found('none/*'), []);
});

test('globSync follows links below ** when it is asked to, and never in a circle', (t) => {
  const cwd = tree(t);
  fs.symlinkSync('sub', path.join(cwd, 'link'));
  const plain = ['a.js', 'sub/c.js', 'sub/deep/d.js'];
  assert.deepStrictEqual(fs.globSync('**/*.js', { cwd }).sort(), plain);
  assert.deepStrictEqual(
    fs.globSync('**/*.js', { cwd, followSymlinks: true }).sort(),
    [...plain, 'link/c.js', 'link/deep/d.js'].sort(),
  );
});

test('glob leaves out what exclude says, and does not enter it', async (t) => {
  const cwd = tree(t);
  const asked = [];
  const exclude = (name) => {
    asked.push(name);
    return name === 'deep';
  };
  const found = await Array.fromAsync(fs.promises.glob('**/*.js', { cwd, exclude }));
  assert.deepStrictEqual(found.sort(), ['a.js', 'sub/c.js']);
  assert(!asked.includes('d.js'));
  assert.deepStrictEqual(fs.globSync('**/*.js', { cwd, exclude: ['sub'] }), ['a.js']);
});

test('glob gives entries with withFileTypes', (t) => {
  const cwd = tree(t);
  const [entry] = fs.globSync('sub/c.js', { cwd, withFileTypes: true });
  assert.strictEqual(entry.name, 'c.js');
  assert.strictEqual(entry.parentPath, path.join(cwd, 'sub'));
  assert(entry.isFile());
});

test('what the callbacks of glob, cp and opendir throw is an uncaught exception', async (t) => {
  const folder = tree(t);
  const calls = {
    glob: (callback) => fs.glob('*', { cwd: folder }, callback),
    cp: (callback) => fs.cp(path.join(folder, 'a.js'), path.join(folder, 'x.js'), callback),
    opendir: (callback) => fs.opendir(folder, callback),
  };
  for (const [name, call] of Object.entries(calls)) {
    const { promise, resolve } = Promise.withResolvers();
    process.setUncaughtExceptionCaptureCallback(resolve);
    call(() => {
      throw new Error(name);
    });
    assert.strictEqual((await promise).message, name);
    process.setUncaughtExceptionCaptureCallback(null);
  }
});

test('mkdtempDisposable makes a directory that goes with what is in it', async (t) => {
  const folder = tree(t);
  const one = fs.mkdtempDisposableSync(path.join(folder, 'one-'));
  fs.writeFileSync(path.join(one.path, 'file'), '');
  one[Symbol.dispose]();
  assert(!fs.existsSync(one.path));
  const other = await fs.promises.mkdtempDisposable(path.join(folder, 'other-'));
  await other[Symbol.asyncDispose]();
  assert(!fs.existsSync(other.path));
});

test('stat with throwIfNoEntry: false gives undefined in all its forms', async (t) => {
  const none = path.join(directory(t), 'none');
  const options = { throwIfNoEntry: false };
  assert.strictEqual(fs.statSync(none, options), undefined);
  assert.strictEqual(fs.lstatSync(none, options), undefined);
  assert.strictEqual(await fs.promises.stat(none, options), undefined);
  const got = await new Promise((done) => fs.stat(none, options, (...args) => done(args)));
  assert.deepStrictEqual(got, [null, undefined]);
});
