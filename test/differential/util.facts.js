'use strict';
const util = require('util');
const { program } = require('./harness');

const CALLABLE = [() => {}, async () => {}, class A {}, function* g() {}];
const ODD = [undefined, null, 5, 'x', {}, [], Symbol('s'), 1n, true];

program('what the module exports', (fact) => {
  for (const name of [
    ...['aborted', 'callbackify', 'convertProcessSignalToExitCode', 'debug', 'debuglog'],
    ...['deprecate', 'diff', 'format', 'formatWithOptions', 'getCallSites', 'getSystemErrorMap'],
    ...['getSystemErrorMessage', 'getSystemErrorName', 'inherits', 'inspect', 'isArray'],
    ...['isDeepStrictEqual', 'parseArgs', 'parseEnv', 'promisify', 'stripVTControlCharacters'],
    ...['styleText', 'toUSVString', 'TextDecoder', 'TextEncoder', 'MIMEType', 'MIMEParams'],
  ])
    fact(name, typeof util[name], util[name].name, util[name].length);
  fact('types', typeof util.types, util.types === require('util/types'));
});

program('promisify()', async (fact) => {
  for (const bad of ODD) fact.of(`promisify ${util.inspect(bad)}`, () => util.promisify(bad));
  const twice = (value, callback) => callback(null, value * 2, 'second');
  fact('value', await util.promisify(twice)(4), util.promisify(twice).name);
  const failing = (callback) => callback(new Error('failed'));
  await util
    .promisify(failing)()
    .catch((error) => fact('error', error));
  await util
    .promisify((callback) => callback('text'))()
    .catch((error) => fact('text', error));
  const throwing = () => {
    throw new Error('thrown');
  };
  await util
    .promisify(throwing)()
    .catch((error) => fact('thrown', error));
  const custom = () => {};
  custom[util.promisify.custom] = async () => 'custom';
  fact('custom', await util.promisify(custom)(), util.promisify.custom.toString());
  custom[util.promisify.custom] = 5;
  fact.of('custom that is no function', () => util.promisify(custom));
  fact('again', util.promisify(util.promisify(twice)) === util.promisify(twice));
  const object = { factor: 3, times: (n, callback) => callback(null, n) };
  object.method = function (n, callback) {
    callback(null, n * this.factor);
  };
  fact('this', await util.promisify(object.method).call(object, 2));
  const keeping = Object.assign((callback) => callback(), { own: 1 });
  fact('own properties', util.promisify(keeping).own, await util.promisify(keeping)());
  const asynchronous = util.promisify(async (callback) => callback(null, 'async'));
  fact('of an async function', await asynchronous());
});

program('callbackify()', async (fact) => {
  for (const bad of ODD) fact.of(`callbackify ${util.inspect(bad)}`, () => util.callbackify(bad));
  const call = (fn, ...args) =>
    new Promise((resolve) => util.callbackify(fn)(...args, (...got) => resolve(got)));
  fact('value', ...(await call(async (a) => a + 1, 4)));
  fact('nothing', ...(await call(async () => {})));
  for (const reason of [new Error('failed'), null, undefined, 0, 'text']) {
    const [error] = await call(() => Promise.reject(reason));
    fact(`rejects ${util.inspect(reason)}`.split('\n')[0], error, error?.reason);
  }
  const named = util.callbackify(async function load(a, b) {
    return [a, b];
  });
  fact('name', named.name, named.length);
  fact.of('no callback', () => named(1));
  fact.of('a bad callback', () => named(1, 2));
  fact.of('of a function without promise', () => util.callbackify(() => 5)(() => {}));
});

program('inherits() and deprecate()', (fact) => {
  function Parent() {}
  Parent.prototype.hello = () => 'hello';
  function Child() {}
  util.inherits(Child, Parent);
  fact('inherits', new Child().hello(), Child.super_ === Parent, Object.keys(Child));
  for (const args of [[], [Child], [Child, null], [null, Parent], [Child, {}], [{}, Parent]])
    fact.of(`inherits ${util.inspect(args)}`, () => util.inherits(...args));
  const old = util.deprecate((a, b) => a + b, 'old() is old', 'DEP_TEST');
  fact('deprecated', old(1, 2), old.length, old.name);
  class Old {}
  const OldToo = util.deprecate(Old, 'Old is old', 'DEP_TEST');
  fact('class', new OldToo() instanceof Old, new OldToo() instanceof OldToo);
  for (const bad of [5, {}, null])
    fact.of(`code ${util.inspect(bad)}`, () => typeof util.deprecate(() => {}, 'x', bad));
  for (const bad of [undefined, 5, {}])
    fact.of(`deprecate ${util.inspect(bad)}`, () => typeof util.deprecate(bad, 'x'));
});

program('errors of the system', (fact) => {
  for (const number of [
    -1,
    -2,
    -104,
    -111,
    -4095,
    -3008,
    -9999,
    0,
    1,
    1.5,
    -1.5,
    '-1',
    NaN,
    -Infinity,
  ]) {
    fact.of(`name ${util.inspect(number)}`, () => util.getSystemErrorName(number));
    fact.of(`message ${util.inspect(number)}`, () => util.getSystemErrorMessage(number));
  }
  const map = util.getSystemErrorMap();
  fact('map', map.constructor.name, map.get(-2), map.get(-13), map.get(2), map.has(-4095));
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL', 'SIGSYS', 'sigterm', 15, undefined, 'SIGX'])
    fact.of(`exit code ${util.inspect(signal)}`, () => util.convertProcessSignalToExitCode(signal));
});

program('aborted()', async (fact) => {
  const said = [];
  const controller = new AbortController();
  const waiting = util.aborted(controller.signal, {}).then(() => said.push('aborted'));
  said.push('waits');
  controller.abort();
  await waiting;
  fact('order', said);
  fact('already', await util.aborted(AbortSignal.abort(), {}));
  for (const args of [[], [5, {}], [controller.signal], [controller.signal, null], [{}, {}]])
    await util.aborted(...args).then(
      (value) => fact(`aborted ${args.length}`, value),
      (error) => fact(`aborted ${args.length}`, error.name, error.code),
    );
});

program('isDeepStrictEqual()', (fact) => {
  const cyclic = (value) => Object.assign(value, { self: value });
  const pairs = [
    [1, 1],
    [NaN, NaN],
    [0, -0],
    [1, '1'],
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, , 2],
      [1, undefined, 2],
    ],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: undefined }, {}],
    [new Date(5), new Date(5)],
    [new Date(NaN), new Date(NaN)],
    [/a/g, /a/i],
    [/a/g, /a/g],
    [new Map([[{ a: 1 }, 2]]), new Map([[{ a: 1 }, 2]])],
    [new Set([{ a: 1 }, 3]), new Set([3, { a: 1 }])],
    [new Set([1]), new Set(['1'])],
    [new Error('a'), new Error('a')],
    [new Error('a'), new TypeError('a')],
    [new Error('a', { cause: 1 }), new Error('a', { cause: 2 })],
    [cyclic({}), cyclic({})],
    [Object(1), Object(1)],
    [Object('a'), Object('b')],
    [new Uint8Array([1]), new Uint8Array([1])],
    [new Uint8Array([1]), new Uint16Array([1])],
    [new Float32Array([0]), new Float32Array([-0])],
    [Buffer.from('a'), new Uint8Array([97])],
    [new ArrayBuffer(2), new ArrayBuffer(2)],
    [{ __proto__: null, a: 1 }, { a: 1 }],
    [{ [Symbol.for('a')]: 1 }, { [Symbol.for('a')]: 2 }],
    [new WeakMap(), new WeakMap()],
    [Promise.resolve(1), Promise.resolve(1)],
    [new URL('http://a/'), new URL('http://a/')],
    [new URL('http://a/'), new URL('http://b/')],
    [() => {}, () => {}],
    [Symbol('a'), Symbol('a')],
    [[1], { 0: 1, length: 1 }],
    [new AggregateError([1], 'a'), new AggregateError([2], 'a')],
  ];
  for (const [a, b] of pairs)
    fact(`${util.inspect(a)} ${util.inspect(b)}`.split('\n')[0], util.isDeepStrictEqual(a, b));
  class A {
    x = 1;
  }
  for (const options of [
    undefined,
    null,
    true,
    {},
    { skipPrototype: true },
    { skipPrototype: false },
  ])
    fact(
      `any class ${util.inspect(options)}`,
      util.isDeepStrictEqual(new A(), { x: 1 }, options),
      util.isDeepStrictEqual(new A(), { x: 2 }, options),
    );
});

program('parseEnv() and stripVTControlCharacters()', (fact) => {
  for (const text of [
    'A=1\nB = 2 \nC="x y"\nD=\'q\'\n#E=1\nF=a#b\nG="a#b" # c\nexport H=5\nI=`z`\nJ=',
    'K="a\\nb"\nL=\'a\\nb\'\nM="a\nb"\nN\nO==x\n=y\nP="un\nQ=2',
    '\ufeffA=1\r\nB=2\r\n',
    'A=$B\nA=2\nA-B=3\n1=2\n',
    '',
  ])
    fact(JSON.stringify(text), Object.entries(util.parseEnv(text)).sort());
  for (const bad of ODD)
    if (typeof bad !== 'string') fact.of(`parseEnv ${util.inspect(bad)}`, () => util.parseEnv(bad));
  for (const text of [
    '\u001B[4mvalue\u001B[24m',
    '\u001b]8;;http://a\u0007b\u001b]8;;\u0007',
    'x',
    '',
    '\u009b31mred',
  ])
    fact(`strip ${JSON.stringify(text)}`, util.stripVTControlCharacters(text));
  for (const bad of ODD)
    if (typeof bad !== 'string')
      fact.of(`strip ${util.inspect(bad)}`, () => util.stripVTControlCharacters(bad));
  fact('toUSVString', util.toUSVString('a\ud800b'), util.toUSVString(5));
});

program('getCallSites()', (fact) => {
  function outer() {
    return util.getCallSites(2);
  }
  const [site] = outer();
  fact('site', Object.keys(site), site.functionName, typeof site.lineNumber);
  fact('file', require('path').basename(site.scriptName));
  for (const args of [
    [0],
    [201],
    ['x'],
    [1.5],
    [{}],
    [{ sourceMap: 5 }],
    [1, 5],
    [1, { sourceMap: true }],
    [null],
  ])
    fact.of(`getCallSites ${util.inspect(args)}`, () => util.getCallSites(...args).length > 0);
});

program('debuglog()', (fact) => {
  const log = util.debuglog('none');
  fact('debuglog', typeof log, log.enabled, log('x'), log.length);
  fact('debug', util.debug === util.debuglog);
  let given;
  const other = util.debuglog('none', (fn) => (given = fn));
  other('x');
  fact('callback', typeof given);
  for (const bad of [undefined, 5, null])
    fact.of(`debuglog ${bad}`, () => typeof util.debuglog(bad));
});

program('TextEncoder and TextDecoder', (fact) => {
  const encoder = new TextEncoder();
  fact(
    'encoder',
    encoder.encoding,
    encoder.encode('aé€😀\ud800'),
    encoder.encode(),
    encoder.encode(5),
  );
  for (const size of [0, 1, 2, 3, 10])
    fact(`into ${size}`, { ...encoder.encodeInto('aé€', new Uint8Array(size)) });
  for (const args of [[], ['a'], ['a', []], [5, new Uint8Array(2)], ['a', new Uint16Array(2)]])
    fact.of(`encodeInto ${util.inspect(args)}`, () => ({ ...encoder.encodeInto(...args) }));
  for (const label of [
    'utf8',
    ' UTF-8 ',
    'utf-16',
    'utf-16be',
    'latin1',
    'ascii',
    'iso-8859-2',
    'windows-1251',
    'shift_jis',
    'gbk',
    'big5',
    'euc-kr',
    'x-user-defined',
    'replacement',
    'nope',
    '',
    5,
    null,
  ])
    fact.of(`label ${label}`, () => new TextDecoder(label).encoding);
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2, 0x82]);
  for (const options of [{}, { fatal: true }, { ignoreBOM: true }])
    fact.of(`decode ${util.inspect(options)}`, () => {
      const decoder = new TextDecoder('utf-8', options);
      return [decoder.fatal, decoder.ignoreBOM, decoder.decode(bytes)];
    });
  const decoder = new TextDecoder();
  fact(
    'stream',
    decoder.decode(Buffer.from([0xe2, 0x82]), { stream: true }),
    decoder.decode(Buffer.from([0xac])),
  );
  fact(
    'stream that ends early',
    decoder.decode(Buffer.from([0xe2, 0x82]), { stream: true }),
    decoder.decode(),
  );
  for (const bad of [5, 'x', {}, null])
    fact.of(`decode ${util.inspect(bad)}`, () => decoder.decode(bad));
  fact.of('options', () => new TextDecoder('utf-8', 5));
  fact(
    'kinds',
    decoder.decode(new Uint16Array([0x6161]).buffer),
    decoder.decode(new DataView(new ArrayBuffer(1))),
  );
  fact('tags', String(encoder), String(decoder));
  fact.of('this', () => TextDecoder.prototype.decode.call({}));
  fact.of('this', () => TextEncoder.prototype.encode.call({}));
});

program('types', (fact) => {
  const values = {
    arguments: (function () {
      return arguments;
    })(),
    array: [1],
    arrayBuffer: new ArrayBuffer(1),
    async: CALLABLE[1],
    bigint: Object(1n),
    boolean: Object(true),
    buffer: Buffer.from('a'),
    dataView: new DataView(new ArrayBuffer(1)),
    date: new Date(),
    error: new Error('x'),
    float16: new Float16Array(1),
    generator: CALLABLE[3](),
    generatorFunction: CALLABLE[3],
    map: new Map(),
    mapIterator: new Map().entries(),
    namespace: 5,
    number: Object(1),
    promise: Promise.resolve(),
    proxy: new Proxy({}, {}),
    regexp: /a/,
    set: new Set(),
    setIterator: new Set().values(),
    shared: new SharedArrayBuffer(1),
    string: Object('x'),
    symbol: Object(Symbol('x')),
    weakMap: new WeakMap(),
    weakSet: new WeakSet(),
    fake: { [Symbol.toStringTag]: 'Promise', then() {} },
    null: null,
  };
  const names = Object.keys(util.types)
    .filter((name) => !/External|EventTarget/.test(name))
    .sort();
  fact('names', names);
  for (const [kind, value] of Object.entries(values))
    fact(
      kind,
      names.filter((name) => util.types[name](value)),
    );
});
