'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fixtures = `${__dirname}/fixtures`;
const load = (name) => import(`./fixtures/${name}`);

test('imported names are live, and shadowed ones are not', async () => {
  const { seen } = await load('live.mjs');
  const { before } = seen;
  assert.deepStrictEqual(seen, {
    before,
    after: before + 1,
    renamed: before + 1,
    read: before + 1,
    all: before + 1,
    shorthand: { count: before + 1 },
    shadow: ['inner', 'parameter', 'function'],
  });
});

test('an imported name may stand wherever the grammar has a value or a default', async () => {
  const { seen, e, g, again, default: main, 'another name': other } = await load('positions.mjs');
  assert.deepStrictEqual(seen, {
    object: [7, 7, 0],
    array: [7, 7],
    parameters: [7, 7, 7],
    assigned: [7, 7],
    loop: [7],
    key: [7],
    caught: [7],
    method: 7,
    field: 7,
    derived: 8,
    tagged: 7,
    optional: ['named', 7, undefined, 'increment'],
    conditional: 7,
    nested: 7,
    type: 'number',
    made: 1,
    news: 1,
  });
  assert.deepStrictEqual([e, g, again, main.count, other()], [7, 7, 7, 7, 'named']);
});

test('modules are strict, without this, and cannot assign to what they import', async () => {
  const { assign, self, strict } = await load('live.mjs');
  assert.throws(assign, TypeError);
  assert.strictEqual(self, undefined);
  assert.strictEqual(strict, undefined);
});

test('functions of a cycle can be called before their module runs, its variables cannot be read', async () => {
  const { a, seen } = await load('cycle-a.mjs');
  assert.strictEqual(a(), 'ab function late');
  assert.deepStrictEqual(seen, ['ReferenceError', 'function']);
});

test('export * leaves out default and what two modules export', async () => {
  const star = await load('star.mjs');
  assert.deepStrictEqual(Object.keys(star), ['default', 'nested', 'one', 'two', 'uno']);
  assert.strictEqual(star.nested.both, 2);
  assert.strictEqual(star.default, 'one');
  await assert.rejects(load('ambiguous.mjs'), {
    name: 'SyntaxError',
    message: "The requested module './star.mjs' contains conflicting star exports for name 'both'",
  });
});

test('a missing export is a SyntaxError that names it, the module and the place', async () => {
  await assert.rejects(load('missing.mjs'), (error) => {
    assert.strictEqual(error.name, 'SyntaxError');
    assert.strictEqual(
      error.message,
      "The requested module './counter.mjs' does not provide an export named 'absent'",
    );
    assert.strictEqual(error.stack.includes(`${fixtures}/missing.mjs:2:10`), true);
    return true;
  });
  await assert.rejects(
    load('missing-cjs.mjs'),
    /Named export 'dynamic' not found[^]*CommonJS module/,
  );
});

test('the namespace of a module has its names in order and cannot be changed', async () => {
  const star = await load('star.mjs');
  assert.strictEqual(Object.prototype.toString.call(star), '[object Module]');
  assert.strictEqual(require('util').types.isModuleNamespaceObject(star), true);
  assert.strictEqual(Object.getPrototypeOf(star), null);
  assert.strictEqual(Object.isExtensible(star), false);
  assert.strictEqual(
    require('util')
      .inspect(await load('counter.mjs'), { breakLength: 200 })
      .replace(/\d/, 'n'),
    "[Module: null prototype] { count: n, default: [Function: default], increment: [Function: increment], 'the count': " +
      `${(await load('counter.mjs')).count} }`,
  );
});

test('built-in modules, CommonJS and JSON have a default and names', async () => {
  const all = await load('interop.mjs');
  assert.strictEqual(all.net, require('net'));
  assert.strictEqual(all.createServer, all.net.createServer);
  assert.strictEqual(all.events, require('events'));
  assert.strictEqual(all.once, all.events.once);
  assert.strictEqual(all.names, require('./fixtures/names.cjs'));
  assert.strictEqual(all.plain, 'plain');
  assert.strictEqual(all.getter, 'got');
  assert.strictEqual(all.again, 'plain');
  assert.strictEqual(all.all['module.exports'], all.names);
  assert.deepStrictEqual(all.data, { answer: 42 });
});

test('default exports without a name are called default', async () => {
  for (const kind of ['function', 'class', 'arrow'])
    assert.strictEqual((await load(`default-${kind}.mjs`)).default.name, 'default');
  assert.strictEqual((await load('default-named.mjs')).default.name, 'Named');
});

test('lines without semicolons stay statements', async () => {
  assert.strictEqual((await load('asi.mjs')).added, 3);
});

test('import.meta tells where a module is', async () => {
  const { default: meta } = await load('meta.mjs');
  assert.strictEqual(meta.filename, `${fixtures}/meta.mjs`);
  assert.strictEqual(meta.dirname, fixtures);
  assert.strictEqual(meta.url, require('url').pathToFileURL(meta.filename).href);
  assert.strictEqual(meta.main, false);
  assert.strictEqual(meta.resolve('./x.mjs?q#f'), new URL('./x.mjs?q#f', meta.url).href);
  assert.strictEqual(meta.resolve('fs'), 'node:fs');
  assert.strictEqual(meta.resolve('dual'), new URL('./node_modules/dual/index.mjs', meta.url).href);
});

test('packages are found by the conditions of import', async () => {
  const all = await load('uses-default.mjs');
  assert.strictEqual(all.kind, 'import');
  assert.strictEqual(all.name, 'esm-only');
  assert.strictEqual(all.Thing.name, 'Thing');
  assert.strictEqual(all.main, true);
  assert.strictEqual(all.inner, true);
});

test('what is not found, and what is no module, are errors with codes', async () => {
  const fails = (name, code, ...options) =>
    assert.rejects(require('./fixtures/dynamic.cjs').load(name, ...options), { code });
  await fails('./absent.mjs', 'ERR_MODULE_NOT_FOUND');
  await fails('./counter', 'ERR_MODULE_NOT_FOUND');
  await fails('absent-package', 'ERR_MODULE_NOT_FOUND');
  await fails('dual/dangling', 'ERR_MODULE_NOT_FOUND');
  await fails('dual/other', 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  await fails('./detect', 'ERR_UNSUPPORTED_DIR_IMPORT');
  await fails('./detect/', 'ERR_UNSUPPORTED_DIR_IMPORT');
  await fails('./file.txt', 'ERR_UNKNOWN_FILE_EXTENSION');
  await fails('./a%2fb.mjs', 'ERR_INVALID_MODULE_SPECIFIER');
  await fails('https://localhost/x.mjs', 'ERR_UNSUPPORTED_ESM_URL_SCHEME');
  await fails('node:absent', 'ERR_UNKNOWN_BUILTIN_MODULE');
  await fails('./data.json', 'ERR_IMPORT_ATTRIBUTE_MISSING');
  await fails('./counter.mjs', 'ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE', {
    with: { type: 'json' },
  });
  await fails('./counter.mjs', 'ERR_IMPORT_ATTRIBUTE_UNSUPPORTED', { with: { other: 'x' } });
});

test('a module is loaded once for each URL', async () => {
  assert.strictEqual(await load('meta.mjs'), await import(`file://${fixtures}/meta.mjs`));
  assert.notStrictEqual(await load('meta.mjs'), await load('meta.mjs?other'));
  assert.strictEqual((await load('meta.mjs?other')).default.url.endsWith('?other'), true);
});

test('data: URLs are modules', async () => {
  assert.strictEqual((await import('data:text/javascript,export default 6 * 7')).default, 42);
  assert.strictEqual(
    (await import(`data:text/javascript;base64,${btoa('export default 1')}`)).default,
    1,
  );
});

test('await outside of functions makes importers wait', async () => {
  const parent = await load('await-parent.mjs');
  assert.strictEqual(parent.value, 'waited');
});

test('a module that throws throws the same error at each import', async () => {
  const first = await load('throws.mjs').catch((error) => error);
  assert.strictEqual(first.message, 'on load');
  assert.strictEqual(await load('throws.mjs').catch((error) => error), first);
});

test('require() gives the namespace, with __esModule beside a default', () => {
  const named = require('./fixtures/star-two.mjs');
  assert.strictEqual(named.two, 2);
  assert.strictEqual('__esModule' in named, false);
  assert.strictEqual(require('./fixtures/star-two.mjs'), named);
  assert.strictEqual(require('./fixtures/counter.mjs').__esModule, true);
  assert.deepStrictEqual(require('./fixtures/facade.mjs'), { whole: true });
});

test('require() refuses what awaits', () => {
  assert.throws(() => require('./fixtures/await-parent.mjs?'), { code: 'MODULE_NOT_FOUND' });
  assert.throws(() => require('./fixtures/await-never.mjs'), { code: 'ERR_REQUIRE_ASYNC_MODULE' });
});

test('package.json and the text decide what a .js file is', async () => {
  assert.strictEqual((await load('typemodule/index.js')).type, 'module');
  assert.strictEqual(require('./fixtures/typemodule').type, 'module');
  assert.deepStrictEqual(
    { ...(await load('detect/module.js')) },
    { here: true, required: 'undefined' },
  );
  assert.strictEqual(require('./fixtures/detect/module').here, true);
  assert.strictEqual((await load('detect/common.js')).common, 'import and export in text only');
  assert.throws(() => require('./fixtures/detect/broken'), { name: 'SyntaxError', line: 1 });
});

test('import() of CommonJS does not change text that only looks like it', () => {
  assert.strictEqual(require('./fixtures/dynamic.cjs').text(), 'import(x)');
});

test('types of TypeScript are removed', async () => {
  const { result, pair } = await load('typed.ts');
  assert.deepStrictEqual(result, { blue: 4, derived: 3, area: 4 });
  assert.deepStrictEqual(pair, { first: 'x' });
  assert.strictEqual(require('./fixtures/common.cts').value, 5);
  assert.strictEqual(
    (await require('./fixtures/common.cts').load('./shape.mts')).area({ side: 3 }),
    9,
  );
});

test('stacks have the lines and columns of the file', async () => {
  const { fail } = await load('typed.ts');
  const lines = require('fs').readFileSync(`${fixtures}/typed.ts`, 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('function fail')) + 1;
  const column = lines[line - 1].indexOf('(value as string)') + 1;
  assert.throws(
    () => fail('x', 1),
    (error) => error.stack.includes(`fail (${fixtures}/typed.ts:${line}:${column})`),
  );
});

test('TypeScript that does not parse is an error with its place', async () => {
  await assert.rejects(load('broken.ts'), { name: 'SyntaxError', line: 2, column: 8 });
});

test('a file that is not there is told by its URL, and a data: URL has nothing beside it', async () => {
  const { url, code } = await import('./none.mjs').catch((error) => error);
  assert.strictEqual(code, 'ERR_MODULE_NOT_FOUND');
  assert.strictEqual(url, require('url').pathToFileURL(`${__dirname}/none.mjs`).href);
  await assert.rejects(import('data:text/javascript,import "./none.mjs"'), {
    code: 'ERR_UNSUPPORTED_RESOLVE_REQUEST',
  });
});

test('a type that parts yield from its value is an error', () => {
  const { stripTypeScriptTypes } = require('module');
  assert.throws(() => stripTypeScriptTypes('function* f() { yield <any>\n5; }'), {
    code: 'ERR_INVALID_TYPESCRIPT_SYNTAX',
    message: /between `yield` and a line of its value/,
  });
});
