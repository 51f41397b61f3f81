'use strict';
// import() in functions that are made of text.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const vm = require('vm');

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

/** The functions of a fixture as it has them: what stands after `// begin name`. */
function written(name) {
  const text = fs.readFileSync(`${__dirname}/fixtures/${name}`, 'utf8');
  const parts = text.split(/^\/\/ (?:begin (\w+)|end)\n/m).slice(1);
  const found = {};
  for (let i = 0; parts[i] !== undefined; i += 2)
    found[parts[i]] = parts[i + 1]
      .replace(/^export (?:default )?|^exports\.\w+ = /, '')
      .replace(/^const \w+ = /, '')
      .replace(/;?\n$/, '');
  return found;
}

test('functions and classes of a module show their text as it was written', async () => {
  const shown = await import('./fixtures/shown.mjs');
  const expected = written('shown.mjs');
  for (const [name, text] of Object.entries(expected))
    assert.strictEqual(String(shown[name]), text, name);
  const { method } = shown.Class.prototype;
  assert.ok(expected.Class.includes(`  ${method}\n`));
  assert.match(`${method}`, /^async method\(\) \{\n[^]*\n {2}\}$/);
});

test('functions of CommonJS show their text as it was written', async () => {
  const shown = require('./fixtures/shown.cjs');
  for (const [name, text] of Object.entries(written('shown.cjs')))
    assert.strictEqual(`${shown[name]}`, text, name);
  assert.strictEqual(await shown.literal(1), "1 /* */ 'q' 1");
});

test('functions of TypeScript show their text without types', async () => {
  const { typed } = await import('./fixtures/shown.ts');
  const text = written('shown.ts')
    .typed.replace('?: string', '')
    .replace(' as number', '')
    .replaceAll(/: Promise<number>/g, '');
  assert.strictEqual(`${typed}`.replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''));
});

test('the text of a function can be run again', async () => {
  const { waits } = require('./fixtures/shown.cjs');
  assert.strictEqual(await vm.runInNewContext(`(${waits})(Promise.resolve(7))`), 7);
  assert.strictEqual(await new Function(`return (${waits})(7)`)(), 7);
});

test('functions of contexts show their text as it was written', () => {
  const text = 'async () => { using a = null; await import("fs"); }';
  assert.strictEqual(vm.runInNewContext(`String(${text})`), text);
  assert.strictEqual(String(vm.runInNewContext(`(${text})`)), text);
  const made = `import('fs')`;
  assert.strictEqual(String(new Function(made)), `function anonymous(\n) {\n${made}\n}`);
});

test('messages of errors quote the text as it was written', async (t) => {
  if (!process.versions.fast_paths.includes('traces')) t.skip('what the engine throws is as it is');
  const { ofAwait, ofCall, ofName, ofNamespace, ofNew } = await import('./fixtures/quoted.mjs');
  await assert.rejects(ofAwait(), (error) => /'\(await null\)\.b'/.test(error.message));
  for (const [run, quoted] of [
    [ofCall, "'absent(1)'"],
    [ofCall, "'absent' is undefined"],
    [ofName, "'absent.b'"],
    [ofNamespace, "'all.absent.b'"],
    [ofNew, "'new absent()'"],
  ])
    assert.throws(run, (error) => error.message.includes(quoted) || assert.fail(error.message));
});

test('functions of the language show no text, also those that the runtime replaces', () => {
  const native = /^function [\w ]+\(\) \{\s+\[native code\]\s+\}$/;
  const { toString } = Function.prototype;
  for (const one of [toString, JSON.parse, Error, TypeError, Promise.prototype.then])
    assert.match(toString.call(one), native);
  assert.match(`${Error.captureStackTrace}`, native);
  assert.strictEqual(toString.name, 'toString');
  assert.strictEqual(toString.length, 0);
  assert.ok(!Object.hasOwn(toString, 'prototype'));
  assert.throws(() => toString.call({}), TypeError);
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(Function.prototype, 'toString'), {
    value: toString,
    writable: true,
    enumerable: false,
    configurable: true,
  });
});
