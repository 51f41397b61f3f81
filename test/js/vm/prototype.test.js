'use strict';
// The global object of a context without an object may inherit from what a program likes.
const { test } = require('../../helpers/test');
const assert = require('assert');
const vm = require('vm');

const create = () => vm.createContext(vm.constants.DONT_CONTEXTIFY);

test('what the global object inherits is a name in its scripts', () => {
  const global = create();
  const prototype = { inherited: 5 };
  assert.strictEqual(Object.setPrototypeOf(global, prototype), global);
  assert.strictEqual(Object.getPrototypeOf(global), prototype);
  assert.strictEqual(vm.runInContext('inherited', global), 5);
  assert.strictEqual(vm.runInContext('this', global), global);
});

test('a script of the context changes it too', () => {
  const global = create();
  const script =
    'Object.setPrototypeOf(globalThis, { a: 1 }); Reflect.setPrototypeOf(this, { b: a })';
  assert.strictEqual(vm.runInContext(script, global), true);
  assert.strictEqual(vm.runInContext('typeof a + b', global), 'undefined1');
});

test('a function that ran often sees what is inherited from then on', () => {
  const global = create();
  Object.setPrototypeOf(global, { value: 1 });
  vm.runInContext('function get() { return value; }', global);
  for (let i = 0; i < 10000; i++) assert.strictEqual(global.get(), 1);
  Object.setPrototypeOf(global, { value: 2 });
  assert.strictEqual(global.get(), 2);
});

test('a circle is refused', () => {
  const global = create();
  assert.throws(() => Object.setPrototypeOf(global, Object.create(global)), TypeError);
  assert.strictEqual(Reflect.setPrototypeOf(global, global), false);
});

test('one that is not extensible keeps what it inherits from', () => {
  const global = create();
  Object.preventExtensions(global);
  assert.strictEqual(Reflect.setPrototypeOf(global, {}), false);
});

test('other objects and values are as before', () => {
  create();
  const prototype = {};
  assert.strictEqual(Object.getPrototypeOf(Object.setPrototypeOf({}, prototype)), prototype);
  assert.strictEqual(Object.setPrototypeOf(5, null), 5);
  assert.throws(() => Object.setPrototypeOf(create(), 5), TypeError);
  assert.throws(() => Reflect.setPrototypeOf(5, null), TypeError);
});

// Without it no proxy is told from other objects.
const needsProxies = test.needs('statistics');

const named = (names) =>
  new Proxy({}, { has: (_, name) => names.includes(name), get: (_, name) => `named ${name}` });

needsProxies('it may inherit from a proxy, as a window with named elements', () => {
  const global = create();
  const prototype = Object.create(named(['element']));
  Object.setPrototypeOf(global, prototype);
  assert.strictEqual(vm.runInContext('element', global), 'named element');
  assert.strictEqual(vm.runInContext('var own = 1; own', global), 1);
  assert.strictEqual(vm.runInContext('var nothing', global), undefined);
  assert.throws(() => vm.runInContext("/* */ 'use strict'; missing = 1", global), /missing/);
  assert.strictEqual(Object.getPrototypeOf(global), prototype);
});

needsProxies('a script that does not parse, or throws, leaves the proxy where it was', () => {
  const global = create();
  const prototype = named(['element']);
  Object.setPrototypeOf(global, prototype);
  for (const script of ['{', 'throw new Error()']) {
    assert.throws(() => vm.runInContext(script, global));
    assert.strictEqual(Object.getPrototypeOf(global), prototype);
  }
});

needsProxies(
  'a script may run another one, and change what its global object inherits from',
  () => {
    const global = create();
    Object.setPrototypeOf(global, named(['element']));
    global.run = (text) => vm.runInContext(text, global);
    assert.strictEqual(
      vm.runInContext('run("element") + element', global),
      'named elementnamed element',
    );
    vm.runInContext('Object.setPrototypeOf(globalThis, { changed: true })', global);
    assert.strictEqual(vm.runInContext('changed', global), true);
  },
);

needsProxies('comments before a directive are read once, and tell of none', () => {
  const global = create();
  Object.setPrototypeOf(global, named(['element']));
  const run = (text) => vm.runInContext(text, global);
  assert.strictEqual(
    run(`${'/* a */\n'.repeat(200)}//${'/'.repeat(200)}\nelement`),
    'named element',
  );
  assert.strictEqual(run("// 'use strict';\nundeclared = 1; undeclared"), 1);
  assert.strictEqual(run('#!/bin/sluice\nelement'), 'named element');
});
