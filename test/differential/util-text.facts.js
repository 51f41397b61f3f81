'use strict';
const util = require('util');
const { program } = require('./harness');

const show = JSON.stringify;

program('format()', (fact) => {
  const object = { a: { b: { c: { d: 1 } } }, f() {} };
  for (const args of [
    ['%s', 'x'],
    ['%s', 5n],
    ['%s', -0],
    ['%s', Symbol('s')],
    ['%s', object],
    ['%s', null],
    ['%s', undefined],
    ['%s', () => 5],
    ['%s', class A {}],
    ['%s', { toString: () => 'own' }],
    ['%s', new Date(0)],
    ['%s', [1, [2, [3]]]],
    ['%d', '42'],
    ['%d', 5n],
    ['%d', {}],
    ['%d', Symbol('s')],
    ['%d', -0],
    ['%i', 42.9],
    ['%i', '42.9px'],
    ['%i', 5n],
    ['%f', '42.5px'],
    ['%f', Symbol('s')],
    ['%j', { a: 1 }],
    ['%j', undefined],
    ['%o', object],
    ['%O', object],
    ['%c', 'color: red'],
    ['%%', 5],
    ['%%'],
    ['%x', 5],
    ['a%sb%sc', 'x'],
    ['a', 'b', 5, { c: 1 }],
    [5, '%s', 'x'],
    ['%s', 'x', 'y', { z: 1 }],
    ['100%', 5],
    ['%', 5],
    ['%s%%%d', 'a', 5],
    [],
    [''],
    [Symbol('s')],
    [object],
    ['%O %s', { q: 'x' }, 'y'],
    ['%d', 1234567],
  ])
    fact(`format ${args.length}`, show(util.format(...args)));
  const cyclic = {};
  cyclic.self = cyclic;
  fact('%j of a circle', util.format('%j', cyclic));
  fact.of('%j that throws', () =>
    util.format('%j', {
      toJSON() {
        throw new Error('x');
      },
    }),
  );
  fact('colors', show(util.formatWithOptions({ colors: true }, '%s %O', 5, { a: 'x' })));
  fact('compact', show(util.formatWithOptions({ compact: false }, '%O', { a: 1 })));
  for (const bad of [undefined, null, 5, 'x'])
    fact.of(`options ${bad}`, () => util.formatWithOptions(bad, '%s', 5));
  fact(
    'separator',
    util.formatWithOptions({ numericSeparator: true }, '%d %i %f', 12345, 12345, 1234.5678),
  );
});

const LONG = 'x'.repeat(200);
const VALUES = {
  nested: { a: { b: { c: { d: { e: 1 } } } } },
  array: Array.from({ length: 120 }, (_, i) => i),
  strings: ['a', "b'c", 'd"e', 'f\'"g', '`h`\'"', 'i\nj', '\u0000\u001b\u007f\u0085\ud800'],
  long: [LONG, LONG],
  map: new Map([
    ['a', { b: 1 }],
    [{ c: 2 }, new Map([[1, 2]])],
  ]),
  set: new Set([1, 'x', { a: new Set([1]) }]),
  holes: [1, , , 4, ,],
  mixed: { a: 1n, b: -0, c: undefined, d: null, e: Symbol('s'), [Symbol('k')]: 1, 'f-g': 1, 5: 2 },
  functions: { f() {}, g: () => {}, async h() {}, *i() {}, C: class C {}, D: class extends Map {} },
  boxed: [Object(1), Object('x'), Object(true), Object(1n), Object(Symbol('s'))],
  dates: [new Date(0), new Date(NaN)],
  regexps: [/a/gi, Object.assign(/b/, { own: 1 })],
  typed: [
    new Uint8Array([1, 2]),
    new Float64Array([1.5]),
    new ArrayBuffer(3),
    new DataView(new ArrayBuffer(2)),
  ],
  null: Object.assign(Object.create(null), { a: 1 }),
  tag: { [Symbol.toStringTag]: 'Tag', a: 1 },
  promise: [Promise.resolve(5), new Promise(() => {})],
  weak: [new WeakMap(), new WeakSet(), new WeakRef({ a: 1 })],
  proxy: new Proxy({ a: 1 }, {}),
  iterators: [new Map([[1, 2]]).entries(), new Set([1]).values(), [1][Symbol.iterator]()],
  generator: (function* g() {})(),
  getters: {
    get a() {
      return { b: 1 };
    },
    set a(_) {},
    get c() {
      return 5;
    },
    set d(_) {},
  },
  args: (function () {
    return arguments;
  })(1, 2),
  global: [Math, JSON, Reflect, Atomics],
};

program('inspect() with each option', (fact) => {
  const variants = [
    {},
    { depth: 0 },
    { depth: null },
    { depth: Infinity },
    { colors: true },
    { compact: false },
    { compact: 1 },
    { compact: true },
    { breakLength: 40 },
    { breakLength: Infinity },
    { maxArrayLength: 3 },
    { maxArrayLength: 0 },
    { maxStringLength: 5 },
    { sorted: true },
    { getters: true },
    { getters: 'get' },
    { getters: 'set' },
    { numericSeparator: true },
    { showHidden: true },
    { showProxy: true },
    { depth: 1, compact: 3, breakLength: 60 },
  ];
  for (const options of variants)
    for (const [name, value] of Object.entries(VALUES)) {
      // What is hidden in functions and errors is the engine's.
      if (options.showHidden && /functions|getters|global|weak|generator/.test(name)) continue;
      // Once is enough of what is not the same.
      if (/proxy|iterators|typed/.test(name) && Object.keys(options).length > 0) continue;
      if (options.colors && name === 'regexps') continue;
      fact(`${name} ${show(options)}`, util.inspect(value, options));
    }
});

program('inspect() of classes, circles and own methods', (fact) => {
  class A {
    #hidden = 1;
    shown = this.#hidden;
  }
  class B extends A {}
  class Keyed {
    static own = 1;
  }
  const circle = { list: [] };
  circle.list.push(circle, { circle });
  circle.map = new Map([[circle, circle]]);
  class Custom {
    constructor(result) {
      this.result = result;
    }
    [util.inspect.custom](depth, options, inspect) {
      if (this.result === 'look')
        return `${depth} ${Object.keys(options).sort()} ${inspect === util.inspect} ${typeof options.stylize}`;
      return this.result;
    }
  }
  fact('classes', util.inspect([new A(), new B(), A, B, Keyed, new (class {})()]));
  fact('circle', util.inspect(circle, { depth: 5 }));
  for (const result of ['look', 'a\nb', { own: 1 }, null, undefined, 5])
    fact(`custom ${typeof result}`, util.inspect({ custom: new Custom(result) }));
  fact('off', util.inspect(new Custom('x'), { customInspect: false }));
  fact(
    'symbol',
    util.inspect.custom.toString(),
    util.inspect.custom === Symbol.for('nodejs.util.inspect.custom'),
  );
  fact('null parent', util.inspect(Object.create(Object.create(null))));
  fact('array with more', util.inspect(Object.assign([1, 2], { a: 1, '-1': 2 })));
  fact('extended array', util.inspect(new (class Names extends Array {})(3)));
  fact('extended map', util.inspect(new (class Ages extends Map {})([[1, 2]])));
  fact('old form', util.inspect({ a: { b: { c: {} } } }, true, 0, false));
  fact('a function with more', util.inspect(Object.assign(() => {}, { a: 1 })));
  const renamed = new A();
  Object.defineProperty(renamed, 'constructor', { value: 5 });
  fact('constructor', util.inspect(renamed));
  fact('defaults', { ...util.inspect.defaultOptions });
  fact.of('bad defaults', () => (util.inspect.defaultOptions = null));
  fact('styles', { ...util.inspect.styles, regexp: typeof util.inspect.styles.regexp });
  fact('colors', Object.keys(util.inspect.colors).length, util.inspect.colors.bold);
});

program('inspect() of errors', (fact) => {
  const bare = (error) => {
    for (let at = error; at instanceof Error; at = at.cause)
      at.stack = `${at.name}: ${at.message}\n    at here`;
    return error;
  };
  fact('cause', util.inspect(bare(new Error('a', { cause: new TypeError('b') }))));
  fact('own', util.inspect(bare(Object.assign(new Error('a'), { code: 'E', more: { x: 1 } }))));
  fact('aggregate', util.inspect(bare(new AggregateError([bare(new Error('x'))], 'y'))));
  fact('nested', util.inspect({ error: bare(new Error('a')) }));
  fact(
    'no stack',
    util.inspect(Object.assign(new Error('a'), { stack: '' })),
    util.inspect(Object.assign(new Error('a'), { stack: undefined })),
  );
  const named = bare(new RangeError('a'));
  named.name = 'Renamed';
  fact('named', util.inspect(named));
  class Own extends Error {}
  fact('class', util.inspect(bare(new Own('a'))));
  fact('message', util.inspect(Object.assign(bare(new Error('a')), { message: 'later' })));
  fact(
    'cause that is none',
    util.inspect(bare(new Error('a', { cause: 5 }))),
    util.inspect(bare(new Error('a', { cause: null }))),
  );
});

program('styleText()', (fact) => {
  const plain = { validateStream: false };
  const style = (format, text, options = plain) => util.styleText(format, text, options);
  for (const [label, run] of Object.entries({
    one: () => style('red', 'x'),
    nested: () => style('red', `a${style('blue', 'b')}c`),
    'bold and dim': () => style('bold', `a${style('dim', 'b')}c`),
    same: () => style('underline', `a${style('underline', 'b')}c`),
    list: () => style(['red', 'bold'], `a${style('bold', 'b')}c`),
    'at the end': () => style('red', `a${style('blue', 'b')}`),
    hex: () => style('#f00', 'x'),
    'long hex': () => style('#12ab3F', `a${style('red', 'z')}c`),
    none: () => style('none', 'x'),
    'empty list': () => style([], 'x'),
    'with none': () => style(['red', 'none', '#fff'], 'x'),
    'not a terminal': () => util.styleText('red', 'x'),
    'a stream': () => util.styleText('red', 'x', { stream: process.stderr }),
    'a terminal': () =>
      util.styleText('red', 'x', { stream: { isTTY: true, on() {}, write() {} } }),
    depth: () =>
      util.styleText('red', 'x', {
        stream: { isTTY: true, getColorDepth: () => 1, on() {}, write() {} },
      }),
    'no style': () => style('zz', 'x'),
    'no style, plain': () => util.styleText('zz', 'x'),
    'no hex': () => style('#zz', 'x'),
    'four digits': () => style('#1234', 'x'),
    inherited: () => style('toString', 'x'),
    number: () => style(5, 'x'),
    'no text': () => style('red', 5),
    'no stream': () => util.styleText('red', 'x', { stream: 5 }),
    'an object': () => util.styleText('red', 'x', { stream: {} }),
    validateStream: () => util.styleText('red', 'x', { validateStream: 5 }),
    options: () => util.styleText('red', 'x', 5),
    null: () => util.styleText('red', 'x', null),
  }))
    fact.of(label, run);
});

program('diff()', (fact) => {
  for (const args of [
    ['12345678', '12!!5!7!'],
    [
      ['1', '2', '3'],
      ['1', '3', '4'],
    ],
    ['a', 'a'],
    ['', 'ab'],
    ['ab', ''],
    ['x', ['y']],
    ['abcd', 'acbd'],
    ['abcabba', 'cbabac'],
    [5, 'x'],
    ['x', 5],
    ['x', null],
    [['a', 5], ['a']],
    [undefined, 'x'],
  ])
    fact.of(`diff ${util.inspect(args)}`, () => util.diff(...args));
});

program('MIMEType', (fact) => {
  const { MIMEType, MIMEParams } = util;
  for (const text of [
    ...['text/plain', 'Text/PLAIN;Charset=UTF-8', 'text', 'text/', '/x', 'te xt/plain', ''],
    ...[
      'text/pl ain',
      'text/plain ;a=b',
      'text/plain;a="x y";b=',
      'text/plain;charset=a b',
      ' a/b ',
    ],
    ' text/plain ;a=b;a=c;=d;e;f="q\\"r";g="unterminated',
    ...['text/plain;\u00e4=1;a=\u00e4', 'text/plain; a=\u0100', 5, 'text/plain;a="\\'],
    ...['a/b;x="";y=1', 'a/b;x="1"z;y=2', 'a/b;;;c=d', 'a/b;c="d;e"', 'a/b;c = d', undefined, null],
  ])
    fact.of(`new ${show(text)}`, () => {
      const type = new MIMEType(text);
      return [
        type.type,
        type.subtype,
        type.essence,
        `${type}`,
        show(type),
        [...type.params],
        `${type.params}`,
      ];
    });
  fact.of('symbol', () => new MIMEType(Symbol('x')));
  const type = new MIMEType('a/b;c=d');
  fact('inspect', util.inspect(type), util.inspect(type.params));
  for (const [name, value] of [
    ['type', 'x y'],
    ['type', ''],
    ['subtype', 'x;'],
    ['type', 'X'],
    ['subtype', 'Y'],
  ])
    fact.of(`${name} ${value}`, () => ((type[name] = value), `${type}`));
  const { params } = type;
  for (const args of [
    ['a b', 'x'],
    ['a', '\u0100'],
    ['', 'x'],
    ['A', '1 2'],
    ['c', '"\\'],
    ['e', ''],
    [5, null],
    [],
  ])
    fact.of(`set ${show(args)}`, () => (params.set(...args), `${params}`));
  fact('get', params.get('A'), params.get('a'), params.get('zz'), params.has('c'), params.has());
  fact(
    'delete',
    params.delete('c'),
    `${params}`,
    [...params.keys()],
    [...params.values()],
    [...params.entries()],
  );
  fact(
    'MIMEParams',
    `${new MIMEParams()}`,
    `${new MIMEParams('a=b')}`,
    Object.getOwnPropertyNames(MIMEParams.prototype),
  );
  fact('parse', MIMEType.parse('x'), `${MIMEType.parse('a/b')}`, MIMEType.parse());
});

program('parseArgs()', (fact) => {
  const { parseArgs } = util;
  const options = {
    foo: { type: 'boolean', short: 'f' },
    bar: { type: 'string', short: 'b', multiple: true },
    baz: { type: 'string', default: 'd' },
  };
  for (const config of [
    { args: ['-f', '--bar', 'b'] },
    { args: ['-fb', 'x', '-b=y'] },
    { args: ['-fbx'] },
    { args: ['--bar=1', '--bar=2'] },
    { args: ['--bar'] },
    { args: ['--bar', '-x'] },
    { args: ['--foo=x'] },
    { args: ['--no-foo'] },
    { args: ['--no-foo'], allowNegative: true },
    { args: ['--no-foo=x'], allowNegative: true },
    { args: ['--no-bar'], allowNegative: true },
    { args: ['--nope'] },
    { args: ['-z'] },
    { args: ['--nope=1', '-z', 'p'], strict: false },
    { args: ['a', '--foo', 'b'], allowPositionals: true },
    { args: ['a'] },
    { args: ['--', '--foo'], allowPositionals: true, tokens: true },
    { args: ['-f', '--bar=1', 'p', '-b2', '--', 'q'], allowPositionals: true, tokens: true },
    { args: ['--__proto__'], strict: false },
    { args: ['-'], allowPositionals: true },
    { args: ['--='], strict: false },
    { args: 5 },
    { args: ['x'], strict: 5 },
    { args: [5] },
    { args: [], options: { a: { type: 'x' } } },
    { args: [], options: { a: {} } },
    { args: [], options: { a: { type: 'string', short: 'ab' } } },
    { args: [], options: { a: { type: 'string', short: '' } } },
    { args: [], options: { a: { type: 'string', multiple: 5 } } },
    { args: [], options: { a: { type: 'string', default: 5 } } },
    { args: [], options: { a: { type: 'boolean', default: 'x' } } },
    { args: [], options: { a: { type: 'string', multiple: true, default: 'x' } } },
    { args: [], options: { a: { type: 'string', multiple: true, default: ['x'] } } },
    { args: [], options: 5 },
    { args: [], tokens: 5 },
    { args: [], allowPositionals: 5 },
    { args: [], allowNegative: 5 },
  ])
    fact.of(show(config), () => ({
      ...parseArgs({ options, ...config }),
      values: { ...parseArgs({ options, ...config }).values },
    }));
  for (const bad of [5, null, 'x']) fact.of(`config ${bad}`, () => parseArgs(bad));
});

program('%s and %i', (fact) => {
  class Own {
    [Symbol.toPrimitive]() {
      return 'own';
    }
  }
  const values = {
    URL: new URL('http://a/b'),
    URLSearchParams: new URLSearchParams('a=1'),
    Buffer: Buffer.from('text'),
    view: new Uint8Array(2),
    headers: new Headers(),
    own: new Own(),
    date: new Date(0),
    map: new Map(),
    symbol: Object(Symbol('a')),
  };
  for (const [name, value] of Object.entries(values)) fact(name, util.format('%s', value));
  for (const text of ['0x10', '010', '1e3', ' 7']) fact(text, util.format('%i', text));
  fact('deep', util.inspect({ a: values.URL }, { depth: 0 }));
  fact('plainly', util.inspect(values.URL, { customInspect: false }));
  fact('global', Object.prototype.toString.call(globalThis));
});
