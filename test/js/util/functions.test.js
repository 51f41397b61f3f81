'use strict';
const assert = require('assert');
const util = require('util');
const { test } = require('../../helpers/test');

test('promisify resolves with the value and rejects with the error', async () => {
  const add = util.promisify(function (a, b, callback) {
    setImmediate(callback, null, this.base + a + b);
  });
  assert.strictEqual(await add.call({ base: 1 }, 2, 3), 6);
  const failing = util.promisify((callback) => callback(new Error('no')));
  await assert.rejects(failing(), { message: 'no' });
  assert.throws(() => util.promisify(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('promisify keeps properties and uses the custom function', async () => {
  function original() {}
  original.x = 1;
  assert.strictEqual(util.promisify(original).x, 1);
  const custom = async () => 'custom';
  original[util.promisify.custom] = custom;
  assert.strictEqual(util.promisify(original), custom);
  assert.strictEqual(util.promisify.custom, Symbol.for('nodejs.util.promisify.custom'));
});

test('callbackify calls back with the value, the reason, or an error for a falsy reason', async () => {
  const call = (fn) => new Promise((resolve) => util.callbackify(fn)((...args) => resolve(args)));
  assert.deepStrictEqual(await call(async () => 5), [null, 5]);
  const reason = new Error('why');
  assert.deepStrictEqual(await call(() => Promise.reject(reason)), [reason]);
  const [error] = await call(() => Promise.reject(null));
  assert.strictEqual(error.code, 'ERR_FALSY_VALUE_REJECTION');
  assert.strictEqual(error.reason, null);
});

test('inherits links the prototypes', () => {
  function Parent() {}
  function Child() {}
  util.inherits(Child, Parent);
  assert(new Child() instanceof Parent);
  assert.strictEqual(Child.super_, Parent);
  assert.throws(() => util.inherits(Child, null), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('deprecate warns once and calls through', () => {
  const warnings = [];
  const { emitWarning } = process;
  process.emitWarning = (...args) => warnings.push(args.slice(0, 3));
  try {
    const old = util.deprecate(
      function (x) {
        return [this, x];
      },
      'old() is old',
      'DEP_X',
    );
    const self = {};
    assert.deepStrictEqual(old.call(self, 1), [self, 1]);
    old();
    util.deprecate(() => {}, 'other text', 'DEP_X')();
    class Old {}
    assert(new (util.deprecate(Old, 'class'))() instanceof Old);
  } finally {
    process.emitWarning = emitWarning;
  }
  assert.deepStrictEqual(warnings, [
    ['old() is old', 'DeprecationWarning', 'DEP_X'],
    ['class', 'DeprecationWarning', undefined],
  ]);
});

test('debuglog is silent for sections that are not named', () => {
  const log = util.debuglog('no-such-section');
  assert.strictEqual(log.enabled, false);
  log('nothing %s', 'shows');
  assert.strictEqual(util.debug, util.debuglog);
});

test('system errors have names', () => {
  assert.strictEqual(util.getSystemErrorName(-111), 'ECONNREFUSED');
  assert.deepStrictEqual(util.getSystemErrorMap().get(-2), ['ENOENT', 'no such file or directory']);
  assert.throws(() => util.getSystemErrorName(1), { code: 'ERR_OUT_OF_RANGE' });
});

test.needs('statistics')('types tell what is a proxy', () => {
  const { isProxy } = util.types;
  assert(isProxy(new Proxy({}, {})) && !isProxy({}) && !isProxy(globalThis));
});

test('types tell kinds whatever the prototype says', () => {
  const { types } = util;
  assert.strictEqual(require('util/types'), types);
  const map = Object.setPrototypeOf(new Map(), null);
  assert(types.isMap(map) && !types.isSet(map));
  assert(!types.isMap(Object.create(Map.prototype)));
  assert(types.isDate(new Date()) && !types.isDate(Object.create(Date.prototype)));
  assert(types.isRegExp(/x/) && !types.isRegExp(RegExp.prototype));
  assert(types.isPromise(Promise.resolve()) && !types.isPromise({ then() {} }));
  assert(types.isUint8Array(Buffer.alloc(1)) && !types.isInt8Array(Buffer.alloc(1)));
  assert(types.isAsyncFunction(async () => {}) && !types.isAsyncFunction(() => {}));
  assert(
    types.isGeneratorFunction(function* () {}) && types.isGeneratorObject((function* () {})()),
  );
  assert(types.isMapIterator(new Map().keys()) && types.isSetIterator(new Set().values()));
  assert(types.isBoxedPrimitive(Object(1n)) && !types.isBoxedPrimitive(1));
  assert(
    types.isNativeError(new TypeError()) && !types.isNativeError(Object.create(Error.prototype)),
  );
  assert(
    types.isArgumentsObject(
      (function () {
        return arguments;
      })(),
    ),
  );
  assert(
    types.isDataView(new DataView(new ArrayBuffer(1))) &&
      types.isAnyArrayBuffer(new ArrayBuffer(1)),
  );
});

test('the old checks answer', () => {
  assert(util.isArray([]) && util.isBuffer(Buffer.alloc(0)) && util.isError(new Error()));
  assert(util.isPrimitive(null) && !util.isObject(null) && util.isNullOrUndefined(undefined));
  assert.deepStrictEqual(util._extend({ a: 1 }, { b: 2 }), { a: 1, b: 2 });
});

test('aborted settles with the signal', async () => {
  const controller = new AbortController();
  const promise = util.aborted(controller.signal, {});
  controller.abort();
  await promise;
  await assert.rejects(util.aborted(undefined, {}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('text encoders are the global ones', () => {
  assert.strictEqual(util.TextEncoder, TextEncoder);
  assert.strictEqual(util.TextDecoder, TextDecoder);
});

test('parseArgs reads options and positionals', () => {
  const options = {
    verbose: { type: 'boolean', short: 'v' },
    name: { type: 'string', short: 'n', default: 'none' },
    tag: { type: 'string', multiple: true },
  };
  const parse = (args, more) => util.parseArgs({ args, options, ...more });
  const plain = ({ values, positionals }) => [{ ...values }, positionals];
  assert.deepStrictEqual(plain(parse(['-v', '--name=x', '--tag', 'a', '--tag', 'b'])), [
    { verbose: true, name: 'x', tag: ['a', 'b'] },
    [],
  ]);
  assert.deepStrictEqual(plain(parse(['-vnx', 'file', '--', '-v'], { allowPositionals: true })), [
    { verbose: true, name: 'x' },
    ['file', '-v'],
  ]);
  assert.throws(() => parse(['--nope']), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
  assert.throws(() => parse(['--name']), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
  assert.throws(() => parse(['--verbose=1']), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
  assert.throws(() => parse(['file']), { code: 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' });
  assert.deepStrictEqual(
    { ...util.parseArgs({ args: ['--a', '--no-b'], strict: false }).values },
    { a: true, 'no-b': true },
  );
});

test('functions of the language have the text of V8', () => {
  const text = (name) => `function ${name}() { [native code] }`;
  for (const fn of [Object, Math.max, JSON.parse, Promise, Error])
    assert.strictEqual(fn.toString(), text(fn.name));
  assert.strictEqual((() => {}).constructor.toString(), text('Function'));
});
