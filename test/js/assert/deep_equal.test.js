'use strict';
const assert = require('assert');
const { isDeepStrictEqual } = require('util');
const { test } = require('../../helpers/test');

const cycle = () => {
  const object = { a: 1 };
  object.self = object;
  return object;
};
class A {
  x = 1;
}
class B {
  x = 1;
}

test('equal values are strictly deep-equal', () => {
  for (const [a, b] of [
    [NaN, NaN],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [
      new Map([
        [{ a: 1 }, { b: 1 }],
        [2, 1],
      ]),
      new Map([
        [2, 1],
        [{ a: 1 }, { b: 1 }],
      ]),
    ],
    [new Set([{ a: 1 }, [2]]), new Set([[2], { a: 1 }])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Float64Array([NaN]), new Float64Array([NaN])],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [new Error('a', { cause: { z: 1 } }), new Error('a', { cause: { z: 1 } })],
    [Object('a'), Object('a')],
    [
      [, 1],
      [, 1],
    ],
    [cycle(), cycle()],
    [cycle(), { a: 1, self: cycle() }],
    [{ [Symbol.for('k')]: 1 }, { [Symbol.for('k')]: 1 }],
  ]) {
    assert.strictEqual(isDeepStrictEqual(a, b), true);
    assert.deepStrictEqual(a, b);
  }
});

test('different values are not', () => {
  for (const [a, b] of [
    [0, -0],
    [1, '1'],
    [[1], ['1']],
    [
      [, 1],
      [undefined, 1],
    ],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [new A(), new B()],
    [{}, Object.create(null)],
    [[], {}],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [new Map([['a', undefined]]), new Map([['b', undefined]])],
    [new Set([1]), new Set([2])],
    [new Set([{ a: 1 }, { a: 1 }]), new Set([{ a: 1 }, { a: 2 }])],
    [new Uint8Array([1]), new Int8Array([1])],
    [new Float32Array([0]), new Float32Array([-0])],
    [new Date(1), new Date(2)],
    [/a/, /a/g],
    [new Error('a'), new Error('b')],
    [new Error('a'), new TypeError('a')],
    [new Error('a', { cause: 1 }), new Error('a', { cause: 2 })],
    [Object(1), Object(2)],
    [{ [Symbol.for('k')]: 1 }, { [Symbol.for('k')]: 2 }],
    [new WeakMap(), new WeakMap()],
  ]) {
    assert.strictEqual(isDeepStrictEqual(a, b), false);
    assert.notDeepStrictEqual(a, b);
  }
});

test('loose deep equality coerces primitives and ignores prototypes', () => {
  assert.deepEqual({ a: 1 }, { a: '1' });
  assert.deepEqual(new A(), new B());
  assert.deepEqual(new Set([1]), new Set(['1']));
  assert.deepEqual(new Map([[1, '2']]), new Map([['1', 2]]));
  assert.notDeepEqual({ a: 1 }, { a: 2 });
  assert.notDeepEqual([1], { 0: 1 });
});

test('partialDeepStrictEqual() passes where the second value lacks what the first one has', () => {
  const passes = [
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3 } }],
    [
      [1, 2, 3],
      [1, 3],
    ],
    [new Set([{ a: 1, b: 2 }, 3]), new Set([{ b: 2 }])],
    [new Map([[{ k: 1, l: 2 }, 1]]), new Map([[{ k: 1 }, 1]])],
    [new Uint8Array([1, 2, 3]), new Uint8Array([1, 3])],
    [Object.assign(new Error('x'), { code: 1 }), new Error('x')],
  ];
  for (const [actual, expected] of passes) assert.partialDeepStrictEqual(actual, expected);
  const fails = [
    [{ a: 1 }, { a: 1, b: undefined }],
    [
      [1, 2, 3],
      [3, 1],
    ],
    [1, '1'],
    [new Set([1]), new Set([1, 2])],
    [/a/g, /a/],
  ];
  for (const [actual, expected] of fails)
    assert.throws(() => assert.partialDeepStrictEqual(actual, expected), {
      code: 'ERR_ASSERTION',
      operator: 'partialDeepStrictEqual',
      message: /^Expected values to be partially and strictly deep-equal:/,
    });
});
