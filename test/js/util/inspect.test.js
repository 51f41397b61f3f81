'use strict';
const assert = require('assert');
const { inspect } = require('util');
const { test } = require('../../helpers/test');

const shows = (cases) => {
  for (const [value, text, options] of cases) assert.strictEqual(inspect(value, options), text);
};

test('primitives show as source text', () => {
  shows([
    [1, '1'],
    [-0, '-0'],
    [10n, '10n'],
    ['a', "'a'"],
    ["it's", `"it's"`],
    [`"q" 's`, '`"q" \'s`'],
    ['\n\x1b\x7f', "'\\n\\x1B\\x7F'"],
    ['\ud800x', "'\\ud800x'"],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
  ]);
});

test('functions and classes show their kind and name', () => {
  class A {}
  class B extends A {}
  shows([
    [() => {}, '[Function (anonymous)]'],
    [function named() {}, '[Function: named]'],
    [async () => {}, '[AsyncFunction (anonymous)]'],
    [function* g() {}, '[GeneratorFunction: g]'],
    [async function* ag() {}, '[AsyncGeneratorFunction: ag]'],
    [A, '[class A]'],
    [B, '[class B extends A]'],
    [Object.assign(() => {}, { a: 1 }), '[Function (anonymous)] { a: 1 }'],
  ]);
});

test('lists show holes, extra properties and how many are left out', () => {
  shows([
    [[1, , 3], '[ 1, <1 empty item>, 3 ]'],
    [new Array(5), '[ <5 empty items> ]'],
    [Object.assign([1], { foo: 2, '-1': 3 }), "[ 1, foo: 2, '-1': 3 ]"],
    [[1, 2, 3], '[ 1, 2, ... 1 more item ]', { maxArrayLength: 2 }],
    [new Uint8Array([1, 2]), 'Uint8Array(2) [ 1, 2 ]'],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], '[\n  1, 2, 3, 4,  5,\n  6, 7, 8, 9, 10\n]'],
    [
      [1.5, 22.25, 333, 4, 5, 6, 7, 8],
      '[\n  1.5, 22.25, 333,\n    4,     5,   6,\n    7,     8\n]',
    ],
  ]);
});

test('a very long sparse array shows at once', () => {
  const array = [];
  array[4294967290] = 'x';
  assert.strictEqual(inspect(array), "[ <4294967290 empty items>, 'x' ]");
});

test('objects show class, tag, null prototype and nesting', () => {
  class Foo {
    a = 1;
  }
  class Bar extends Map {}
  shows([
    [{}, '{}'],
    [{ a: 1, 'b-c': { d: {} }, [Symbol('k')]: 2 }, "{ a: 1, 'b-c': { d: {} }, Symbol(k): 2 }"],
    [{ a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: [Object] } } }'],
    [{ a: { b: { c: { d: 1 } } } }, '{\n  a: { b: { c: { d: 1 } } }\n}', { depth: null }],
    [new Foo(), 'Foo { a: 1 }'],
    [new Bar([[1, { a: 2 }]]), 'Bar(1) [Map] { 1 => { a: 2 } }'],
    [Object.assign(Object.create(null), { x: 1 }), '[Object: null prototype] { x: 1 }'],
    [Object.defineProperty({}, Symbol.toStringTag, { value: 'T' }), 'Object [T] {}'],
    [
      { get a() {}, set a(v) {}, get b() {}, set c(v) {} },
      '{ a: [Getter/Setter], b: [Getter], c: [Setter] }',
    ],
    [new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
    [new Set([1, { b: 1 }]), 'Set(2) { 1, { b: 1 } }'],
    [new WeakSet(), 'WeakSet { <items unknown> }'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), 'Invalid Date'],
    [Object.assign(/x/g, { p: 1 }), '/x/g { p: 1 }'],
    [Object('str'), "[String: 'str']"],
    [new ArrayBuffer(2), 'ArrayBuffer { [Uint8Contents]: <00 00>, [byteLength]: 2 }'],
    [
      (function () {
        return arguments;
      })(1),
      "[Arguments] { '0': 1 }",
    ],
  ]);
});

test('cycles are numbered', () => {
  const object = { name: 'c' };
  object.self = object;
  assert.strictEqual(inspect(object), "<ref *1> { name: 'c', self: [Circular *1] }");
});

test.needs('statistics')('a proxy shows its target and runs no trap', () => {
  const traps = new Proxy({}, { get: () => assert.fail('a trap ran') });
  assert.strictEqual(inspect(new Proxy({ a: 1 }, traps)), 'Proxy({ a: 1 })');
  assert.strictEqual(
    inspect(new Proxy({ a: 1 }, traps), { showProxy: true }).slice(0, 15),
    'Proxy [ { a: 1 ',
  );
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.strictEqual(inspect([proxy]), '[ <Revoked Proxy> ]');
});

test('options choose layout, colors, getters, order and separators', () => {
  shows([
    [{ a: 1, b: 'x' }, "{ a: \x1b[33m1\x1b[39m, b: \x1b[32m'x'\x1b[39m }", { colors: true }],
    [{ a: [1] }, '{\n  a: [\n    1\n  ]\n}', { compact: false }],
    [{ b: 1, a: 2 }, '{ a: 2, b: 1 }', { sorted: true }],
    [
      {
        get a() {
          return 5;
        },
      },
      '{ a: [Getter: 5] }',
      { getters: true },
    ],
    [12345678.9012, '12_345_678.901_2', { numericSeparator: true }],
    ['aaaaaaaa', "'aaaaa'... 3 more characters", { maxStringLength: 5 }],
    [[1, 2], '[ 1, 2, [length]: 2 ]', { showHidden: true }],
  ]);
  assert.strictEqual(inspect({ a: { b: 1 } }, false, 0), '{ a: [Object] }');
});

test('an object can show itself', () => {
  const object = {
    [inspect.custom](depth, options, inspect_) {
      assert.strictEqual(inspect_, inspect);
      assert.strictEqual(typeof options.stylize, 'function');
      return `depth ${depth}`;
    },
  };
  assert.strictEqual(inspect(object), 'depth 2');
  assert.strictEqual(inspect({ object }), '{ object: depth 1 }');
  assert.strictEqual(
    inspect({ x: { [inspect.custom]: () => 'two\nlines' } }),
    '{\n  x: two\n  lines\n}',
  );
});

test('errors show stack, code, cause and errors', () => {
  const error = new TypeError('top', { cause: new Error('why') });
  error.code = 'EX';
  const text = inspect(error);
  assert.match(text, /^TypeError: top\n {4}at .*inspect\.test\.js:\d+:\d+\)?\n/);
  assert.match(text, /\n {2}code: 'EX',\n {2}\[cause\]: Error: why\n {6}at /);
  assert.match(
    inspect(new AggregateError([new Error('one')], 'many')),
    /\[errors\]: \[\n {4}Error: one\n {8}at /,
  );
  const bare = new RangeError('bare');
  bare.stack = 'RangeError: bare';
  assert.strictEqual(inspect({ bare }), '{ bare: [RangeError: bare] }');
});

test('errors of the engine show like others', () => {
  let error;
  try {
    null.x;
  } catch (thrown) {
    error = thrown;
  }
  assert.match(inspect(error), /^TypeError: .*\n {4}at .*inspect\.test\.js:\d+:\d+/);
  assert.match(inspect({ deep: [error] }), /deep: \[\n {4}TypeError: /);
});

// Earlier engines take minutes.
test.since('2.48')('objects nested deeper than the stack do not throw', () => {
  let object = {};
  for (let i = 0; i < 20000; i++) object = { object };
  assert.strictEqual(typeof inspect(object, { depth: Infinity }), 'string');
});

test('default options can be changed', () => {
  const before = inspect.defaultOptions.depth;
  inspect.defaultOptions = { depth: 0 };
  assert.strictEqual(inspect({ a: {}, b: { c: 1 } }), '{ a: {}, b: [Object] }');
  inspect.defaultOptions.depth = before;
  assert.strictEqual(inspect({ b: { c: 1 } }), '{ b: { c: 1 } }');
});

test('the environment shows its variables, and is no Proxy to programs', () => {
  process.env.SHOWN_HERE = 'yes';
  assert.match(inspect(process.env), /^\{\n[^]*\n {2}SHOWN_HERE: 'yes'/);
  assert(!require('util').types.isProxy(process.env));
  assert.strictEqual(inspect(Function), '[Function: Function]');
  delete process.env.SHOWN_HERE;
});

test('an instance of a subclass of URL shows its class', () => {
  class X extends URL {}
  const url = new X('http://a/b');
  shows([
    [url, 'http://a/b', { customInspect: false }],
    [url, 'X [URL] {}', { depth: -1 }],
  ]);
  assert.match(inspect(url), /^X \{\n {2}href: 'http:\/\/a\/b',/);
});
