'use strict';
// What the engine has not, or does otherwise, in the text of programs.
const { test } = require('../../helpers/test');
const assert = require('assert');
const load = (name) => import(`./fixtures/${name}`);

test('using and await using give back what they took, last one first', async () => {
  const { seen } = await load('using.mjs');
  assert.deepStrictEqual(seen, [
    'block',
    'b',
    'a',
    'body one',
    'one',
    'body two',
    'two',
    'counted',
    'loop',
    'waited',
    'returned',
    10,
    'in async',
    'value',
    'static',
    'module',
  ]);
});

test('using works in CommonJS, beside errors', async () => {
  const { beside, ofNumber, ofSync } = require('./fixtures/using.cjs');
  const seen = [];
  const resource = (name) => ({
    [Symbol.dispose]() {
      seen.push(name);
      throw new Error(name);
    },
  });
  assert.throws(
    () => beside(resource('a'), resource('b')),
    (error) =>
      error instanceof globalThis.SuppressedError &&
      error.error.message === 'a' &&
      error.suppressed.error.message === 'b' &&
      error.suppressed.suppressed.message === 'body',
  );
  assert.deepStrictEqual(seen, ['b', 'a']);
  assert.throws(ofNumber, TypeError);
  await ofSync({ [Symbol.dispose]: () => seen.push('sync') });
  assert.strictEqual(seen.at(-1), 'sync');
});

test('DisposableStack and AsyncDisposableStack gather what is given back', async () => {
  const seen = [];
  const stack = new globalThis.DisposableStack();
  stack.use({ [Symbol.dispose]: () => seen.push('use') });
  assert.strictEqual(
    stack.adopt(5, (value) => seen.push(value)),
    5,
  );
  stack.defer(() => seen.push('defer'));
  const moved = stack.move();
  assert.strictEqual(stack.disposed, true);
  assert.throws(() => stack.defer(() => {}), ReferenceError);
  moved[Symbol.dispose]();
  moved.dispose();
  assert.deepStrictEqual(seen, ['defer', 5, 'use']);
  const later = new globalThis.AsyncDisposableStack();
  later.use({ [Symbol.asyncDispose]: async () => seen.push('async') });
  await later.disposeAsync();
  assert.strictEqual(seen.at(-1), 'async');
});

test('arguments outside of functions is a ReferenceError in a module', async () => {
  const { outside } = await load('using.mjs');
  assert.strictEqual(outside.typeofArguments, 'undefined');
  assert.strictEqual(outside.error, 'ReferenceError: arguments is not defined');
  assert.deepStrictEqual(outside.ofFunction, [2, 2]);
});

test('a direct eval() sees what its module imports, and import()', async () => {
  const { outside } = await load('using.mjs');
  assert.deepStrictEqual(outside.evaluated, ['/', '/', true, '/']);
  assert.strictEqual(outside.shadowed, 'inner');
  assert.strictEqual(outside.imported, '/');
});

test('a namespace is sealed and not frozen, and its properties are data', async () => {
  const ns = await load('namespace-data.mjs');
  assert.strictEqual(Object.isFrozen(ns), false);
  assert.strictEqual(Object.isSealed(ns), true);
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(ns, 'a'), {
    value: 1,
    writable: true,
    enumerable: true,
    configurable: false,
  });
  assert.deepStrictEqual(Reflect.ownKeys(ns), ['a', 'change', Symbol.toStringTag]);
  assert.strictEqual(Reflect.set(ns, 'a', 2), false);
  assert.strictEqual(Reflect.deleteProperty(ns, 'a'), false);
  assert.strictEqual(Reflect.deleteProperty(ns, 'b'), true);
  assert.strictEqual(Reflect.defineProperty(ns, 'a', { value: 1 }), true);
  assert.strictEqual(Reflect.defineProperty(ns, 'a', { value: 3 }), false);
  assert.throws(() => Object.freeze(ns), TypeError);
  ns.change();
  assert.strictEqual(ns.a, 2);
  assert.strictEqual(ns, await load('namespace-data.mjs'));
  const { types, inspect } = require('util');
  assert.strictEqual(types.isProxy(ns), false);
  assert.strictEqual(types.isModuleNamespaceObject(ns), true);
  assert.strictEqual(inspect(ns), '[Module: null prototype] { a: 2, change: [Function: change] }');
});

test('where TypeScript loses a type, a statement does not go on with the next line', async () => {
  const { arrow, cast, later, log, Members } = await load('edges.ts');
  assert.deepStrictEqual(log, ['called', 1, 'template', 'disposed']);
  assert.strictEqual(arrow()(5), 5);
  assert.strictEqual(cast(), log);
  assert.strictEqual(await later(6), 6);
  assert.strictEqual(new Members().go(), 'go');
  assert.deepStrictEqual([...new Members().all()], [1]);
});

test('a namespace of TypeScript with code is an error', async () => {
  await assert.rejects(load('namespace.ts'), {
    name: 'SyntaxError',
    code: 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
    line: 1,
    column: 1,
  });
});
