'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const vm = require('vm');

test('a script runs in the global scope as often as wanted', () => {
  globalThis.counted = 0;
  const script = new vm.Script('globalThis.counted += 1; typeof require', {
    filename: 'counted.js',
  });
  assert.strictEqual(script.runInThisContext(), 'undefined');
  script.runInThisContext();
  assert.strictEqual(globalThis.counted, 2);
  assert.strictEqual(vm.runInThisContext('6 * 7'), 42);
});

test('a script that does not parse is an error when it is made', () => {
  assert.throws(() => new vm.Script('let = ;', 'bad.js'), SyntaxError);
});

test('functions are made with their parameters, and cannot be left', () => {
  assert.strictEqual(vm.compileFunction('return a + b', ['a', 'b'])(1, 2), 3);
  assert.throws(() => vm.compileFunction('}); throw 1; (function () {'), SyntaxError);
});

test('contexts are errors that name the function', () => {
  assert.throws(() => vm.createContext({}), {
    code: 'ERR_FEATURE_UNAVAILABLE',
    message: /vm\.createContext\(\)/,
  });
  assert.throws(() => vm.runInNewContext('1'), { code: 'ERR_FEATURE_UNAVAILABLE' });
});
