'use strict';
// import() in functions that are made of text.
const { test } = require('../../helpers/test');
const assert = require('assert');

test('import() of new Function() imports, relative to the file that made it', async () => {
  const load = new Function('specifier', 'return import(specifier)');
  assert.strictEqual((await load('fs')).default, require('fs'));
  const { test: same } = await load('../../helpers/test.js');
  assert.strictEqual(same, test);
  await assert.rejects(load('./absent.js'), { code: 'ERR_MODULE_NOT_FOUND' });
});

test('Function() is what it was otherwise', () => {
  assert.strictEqual(Function('a', 'b', 'return a + b')(1, 2), 3);
  assert.strictEqual(Function('return "import"')(), 'import');
  assert.strictEqual(Function('return this')(), globalThis);
  assert.strictEqual((() => {}).constructor, Function);
  assert.ok((() => {}) instanceof Function);
  assert.strictEqual(Function.name, 'Function');
  assert.throws(() => new Function('}); import("fs"); ({'), SyntaxError);
  class Callable extends Function {}
  assert.ok(new Callable('return 1') instanceof Callable);
  assert.strictEqual(new Callable('return 1')(), 1);
});
