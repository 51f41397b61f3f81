'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const module_ = require('module');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');

function project(t) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-names-')));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  for (const [file, text] of [
    ['package.json', '{"name":"whole"}'],
    ['src/a.js', ''],
    ['node_modules/part/package.json', '{"main":"lib/i.js"}'],
    ['node_modules/part/lib/i.js', ''],
  ]) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

test('findPackageJSON finds the package around a file, and one by its name', (t) => {
  const folder = project(t);
  const file = path.join(folder, 'src/a.js');
  const find = module_.findPackageJSON;
  const whole = path.join(folder, 'package.json');
  const part = path.join(folder, 'node_modules/part/package.json');
  assert.strictEqual(find('..', file), whole);
  assert.strictEqual(find(pathToFileURL(file)), whole);
  assert.strictEqual(find('part', pathToFileURL(file)), part);
  assert.strictEqual(find('part/lib/i.js', file), part);
  assert.throws(() => find('absent', file), { code: 'ERR_MODULE_NOT_FOUND' });
  assert.throws(() => find('./absent', file), { code: 'ERR_MODULE_NOT_FOUND' });
  assert.throws(() => find('..'), { code: 'ERR_UNSUPPORTED_RESOLVE_REQUEST' });
  assert.throws(() => find(), { code: 'ERR_MISSING_ARGS' });
});

test('stripTypeScriptTypes removes types and keeps lines', () => {
  const strip = module_.stripTypeScriptTypes;
  const text = strip('type A = 1;\nconst a: A = 1 as A;\nexport { a };', { sourceUrl: 'a.ts' });
  assert.match(text, /^[^\n]*\nconst a *= 1 *; *\nexport \{ a \};\n\n\/\/# sourceURL=a\.ts$/);
  assert.throws(() => strip('const a: = 1'), {
    name: 'SyntaxError',
    code: 'ERR_INVALID_TYPESCRIPT_SYNTAX',
  });
  assert.throws(() => strip('', { mode: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('the cache on the disk tells where it is, and is on', () => {
  const { compileCacheStatus } = module_.constants;
  const result = module_.enableCompileCache();
  const directory = module_.getCompileCacheDir();
  const status = directory === undefined ? 'DISABLED' : 'ALREADY_ENABLED';
  assert.strictEqual(result.status, compileCacheStatus[status]);
  assert.strictEqual(result.directory, directory);
  module_.flushCompileCache();
});
