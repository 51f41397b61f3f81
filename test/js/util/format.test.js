'use strict';
const assert = require('assert');
const {
  format,
  formatWithOptions,
  stripVTControlCharacters,
  styleText,
  toUSVString,
} = require('util');
const { test } = require('../../helpers/test');

test('directives format their argument', () => {
  class Foo {
    a = 1;
  }
  for (const [args, text] of [
    [[], ''],
    [['%s'], '%s'],
    [['%s %s', 'x'], 'x %s'],
    [['%d %i %f', '42', 42.9, '1.5'], '42 42 1.5'],
    [['%d %d', {}, 10n], 'NaN 10n'],
    [['%s %d', -0, -0], '-0 -0'],
    [['%j', { a: [1] }], '{"a":[1]}'],
    [['%O', { a: { b: { c: { d: 1 } } } }], '{ a: { b: { c: [Object] } } }'],
    [['%o', [1]], '[ 1, [length]: 1 ]'],
    [['%%'], '%%'],
    [['%% %s', 'y'], '% y'],
    [['%c css', 'color: red'], ' css'],
    [['%x', 'a'], '%x a'],
    [['100%', 'a'], '100% a'],
    [['%s', '%s', 'x'], '%s x'],
    [['%s', new Foo()], 'Foo { a: 1 }'],
    [['%s', { toString: () => 'own' }], 'own'],
    [['%s', Object.create(null)], '[Object: null prototype] {}'],
    [['%s', Symbol('z')], 'Symbol(z)'],
    [['a', 'b', { c: 1 }, null], 'a b { c: 1 } null'],
    [[1, '2', ['x']], "1 2 [ 'x' ]"],
  ])
    assert.strictEqual(format(...args), text);
});

test('%j of a cycle says so', () => {
  const object = {};
  object.self = object;
  assert.strictEqual(format('%j', object), '[Circular]');
});

test('options reach inspect', () => {
  assert.strictEqual(formatWithOptions({ colors: true }, '%O', 1), '\x1b[33m1\x1b[39m');
  assert.throws(() => formatWithOptions('x', 'y'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('styles go on and come off', () => {
  assert.strictEqual(
    styleText(['bold', 'red'], 'x', { validateStream: false }),
    '\x1b[1m\x1b[31mx\x1b[39m\x1b[22m',
  );
  assert.strictEqual(
    stripVTControlCharacters('\x1b[1mx\x1b[22m \x1b]8;;http://a.b\x07y\x1b]8;;\x07'),
    'x y',
  );
  assert.throws(() => styleText('nocolor', 'x'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('lone surrogates are replaced', () => {
  assert.strictEqual(toUSVString('a\ud800b'), 'a\ufffdb');
});
