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

/** What is read of an object n that says so: reads[0] counts. */
const counted = (reads, n) =>
  Object.defineProperty({}, 'n', { enumerable: true, get: () => (reads[0]++, n) });

test('thousands of objects in sets and maps are found without comparing each with each', () => {
  for (const wrap of [
    (object) => object,
    (object) => [object],
    (object) => ({ a: { b: object } }),
    (object) => new Set([object]),
    (object) => new Map([['x', object]]),
  ]) {
    const reads = [0];
    const numbers = Array.from({ length: 3000 }, (_, n) => n);
    const all = () => numbers.map((n) => wrap(counted(reads, n)));
    const [ones, others] = [all(), all().reverse()];
    assert.strictEqual(isDeepStrictEqual(new Set(ones), new Set(others)), true);
    assert.deepEqual(new Set(ones), new Set(others));
    const entries = (list) => new Map(list.map((object) => [object, 1]));
    assert.strictEqual(isDeepStrictEqual(entries(ones), entries(others)), true);
    others.pop();
    others.push(wrap(counted(reads, -1)));
    assert.strictEqual(isDeepStrictEqual(new Set(ones), new Set(others)), false);
    assert.ok(reads[0] < 100 * 3000, `${reads[0]} reads`);
  }
});

test('of sets and maps of many objects a part is found without a comparison of each with each', () => {
  let compared = 0;
  const watched = (n) => ({
    n,
    get deep() {
      compared++;
      return { list: [0, n, 1], when: new Date(n) };
    },
  });
  const many = (make) => Array.from({ length: 2000 }, (_, n) => make(n));
  const part = (n) => ({ deep: { list: [1999 - n], when: new Date(1999 - n) } });
  assert.partialDeepStrictEqual(new Set(many(watched)), new Set(many(part)));
  assert.partialDeepStrictEqual(
    new Map(many((n) => [{ key: n }, watched(n)])),
    new Map(many((n) => [{ key: 1999 - n }, part(n)])),
  );
  assert.ok(compared < 20_000, `${compared} comparisons`);
  assert.throws(
    () => assert.partialDeepStrictEqual(new Set(many(part)), new Set(many((n) => part(n + 1)))),
    { code: 'ERR_ASSERTION' },
  );
});

test('values of all kinds are found that have a part of many', () => {
  const kinds = (n) => [
    new Date(n),
    new RegExp(`${n}`),
    Object.assign(new Error(`${n}`), { n }),
    Object(n),
    Uint8Array.of(100 + n, 1, 2),
    new Set([n, { n }]),
    new Map([['n', { n }]]),
    [n, [n]],
    { n, more: { n: [n, n] } },
  ];
  const parts = (n) => [
    new Date(n),
    new RegExp(`${n}`),
    new Error(`${n}`),
    Object(n),
    Uint8Array.of(100 + n, 2),
    new Set([{ n }]),
    new Map([['n', {}]]),
    [[n]],
    { more: { n: [n] } },
  ];
  const all = (make) => Array.from({ length: 20 }, (_, n) => make(n)).flat();
  assert.partialDeepStrictEqual(new Set(all(kinds)), new Set(all(parts).reverse()));
});

test('sets of many values that are equal only loosely are', () => {
  const many = (make) => new Set(Array.from({ length: 100 }, (_, n) => make(n)));
  assert.deepEqual(many(String), many(Number));
  assert.deepEqual(
    many((n) => ({ n })),
    many((n) => ({ n: String(99 - n) })),
  );
  assert.notDeepEqual(
    many(String),
    many((n) => n + 1),
  );
  const odd = [null, true, '', 'x', 10n, '0x10', '1e3', NaN];
  const even = [undefined, 1, false, 'x', '10', 16, 1000, NaN];
  const fill = Array.from({ length: 50 }, (_, n) => `fill ${n}`);
  assert.deepEqual(new Set([...odd, ...fill]), new Set([...fill, ...even]));
});

test('many objects with cycles, and of all kinds, are matched', () => {
  const kinds = (n) => [
    new Date(n),
    new RegExp(`${n}`),
    new Error(`${n}`),
    Object(n),
    Object(`${n}`),
    Buffer.from([n]),
    new Uint8Array([n]).buffer,
    new Float64Array([n]),
    [n, , n],
    Object.assign(Object.create(null), { n }),
    Object.assign(cycle(), { n }),
    { [`k${n}`]: 1n, s: Symbol.for(`${n}`), f: assert },
    new Map([[{ n }, [n]]]),
    new Set([{ n }, -n]),
  ];
  const all = Array.from({ length: 40 }, (_, n) => n);
  const set = (list) => new Set(list.flatMap(kinds));
  assert.strictEqual(isDeepStrictEqual(set(all), set(all.toReversed())), true);
  assert.strictEqual(isDeepStrictEqual(set(all), set([...all.slice(1), 41])), false);
  assert.deepEqual(set(all), set(all.toReversed()));
});

test('what is equal in many places is compared once', () => {
  const reads = [0];
  const ladder = (last) => {
    let object = counted(reads, last);
    for (let i = 0; i < 60; i++) object = { left: object, right: object };
    return object;
  };
  assert.strictEqual(isDeepStrictEqual(ladder(1), ladder(1)), true);
  assert.strictEqual(isDeepStrictEqual(ladder(1), ladder(2)), false);
  assert.ok(reads[0] < 1000, `${reads[0]} reads`);
});

test('that a pair is equal within another is forgotten if the other is not', () => {
  // x and y are equal if those around them are, which they are not.
  const around = (inner, last) => {
    inner.around = { inner, last };
    return inner.around;
  };
  const [x, y] = [{}, {}];
  const [p, q] = [around(x, 1), around(y, 2)];
  assert.strictEqual(isDeepStrictEqual(new Set([p]), new Set([q])), false);
  assert.strictEqual(isDeepStrictEqual([new Set([p, 1]), x], [new Set([q, 1]), y]), false);
  assert.strictEqual(isDeepStrictEqual(x, y), false);
});
