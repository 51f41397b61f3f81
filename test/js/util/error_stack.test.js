'use strict';
const assert = require('assert');
const util = require('util');
const { test } = require('../../helpers/test');

const first = (error) => error.stack.split('\n')[0];
const top = (error) => error.stack.split('\n')[1];

test('a stack has the message and the callers', () => {
  function inner() {
    return [new TypeError('bad')][0];
  }
  const { stack } = inner();
  assert.match(stack, /^TypeError: bad\n {4}at inner \(.*error_stack\.test\.js:\d+:\d+\)\n {4}at /);
});

test('the header is made when the stack is first read', () => {
  class Named extends Error {
    constructor(message) {
      super(message);
      this.name = 'Named';
    }
  }
  assert.strictEqual(first(new Named('x')), 'Named: x');
  const error = new Error('a');
  error.message = 'b';
  assert.strictEqual(first(error), 'Error: b');
  error.message = 'c';
  assert.strictEqual(first(error), 'Error: b');
  assert.strictEqual(first(new Error('two\nlines')), 'Error: two');
});

test('constructors of subclasses are not among the callers', () => {
  class Base extends Error {
    constructor(message) {
      super(message);
    }
  }
  class Derived extends Base {}
  function maker() {
    const error = new Derived('x');
    return error;
  }
  assert.match(top(maker()), /at maker /);
});

test('errors are what they were', () => {
  class Sub extends RangeError {}
  const error = new Sub('m', { cause: 7 });
  assert(error instanceof Sub && error instanceof RangeError && error instanceof Error);
  assert.strictEqual(error.cause, 7);
  assert.strictEqual(Object.prototype.toString.call(error), '[object Error]');
  assert.strictEqual(Object.getPrototypeOf(TypeError), Error);
  assert.strictEqual(new TypeError().constructor, TypeError);
  assert.strictEqual(TypeError('no new').message, 'no new');
  assert.strictEqual(Object.hasOwn(new Error(), 'message'), false);
  assert.deepStrictEqual(Object.keys(new Error('x')), []);
  assert.strictEqual(new AggregateError([1, 2], 'm').errors.length, 2);
  assert.strictEqual(Reflect.construct(Error, ['m'], Sub) instanceof Sub, true);
  assert.deepStrictEqual(
    [Error.length, TypeError.name, AggregateError.length],
    [1, 'TypeError', 2],
  );
  let thrown;
  try {
    null.x;
  } catch (caught) {
    thrown = caught;
  }
  assert(thrown instanceof TypeError);
  assert.strictEqual(thrown.constructor, TypeError);
});

test('captureStackTrace gives any object a stack', () => {
  const object = { name: 'N', message: 'M' };
  Error.captureStackTrace(object);
  assert.match(object.stack, /^N: M\n {4}at .*error_stack\.test\.js/);
  assert.deepStrictEqual(Object.keys(object), ['name', 'message']);
  function hidden() {
    Error.captureStackTrace(object, hidden);
  }
  function visible() {
    hidden();
    return 0;
  }
  visible();
  assert.match(top(object), /at visible /);
  assert.throws(() => Error.captureStackTrace(1), TypeError);
});

test('classes of the old style work', () => {
  function Old(message) {
    Error.call(this, message);
    Error.captureStackTrace(this, Old);
    this.message = message;
  }
  Old.prototype = Object.create(Error.prototype, {
    constructor: { value: Old },
    name: { value: 'Old' },
  });
  function maker() {
    const error = new Old('m');
    return error;
  }
  const error = maker();
  assert.strictEqual(first(error), 'Old: m');
  assert.match(top(error), /at maker /);
});

test('a stack can be set, inherited and read from what has none', () => {
  const error = new Error('x');
  error.stack = 'mine';
  assert.strictEqual(error.stack, 'mine');
  assert.strictEqual(first(Object.create(new Error('y'))), 'Error: y');
  assert.strictEqual(Object.create(Error.prototype).stack, undefined);
});

test('stackTraceLimit bounds the callers', () => {
  const before = Error.stackTraceLimit;
  assert.strictEqual(before, 10);
  try {
    Error.stackTraceLimit = 1;
    assert.strictEqual(new Error('x').stack.split('\n').length, 2);
    Error.stackTraceLimit = 0;
    assert.strictEqual(new Error('x').stack, 'Error: x');
  } finally {
    Error.stackTraceLimit = before;
  }
});

test('the limit stays in force in optimised code', () => {
  for (let i = 0; i < 20000; i++) {
    const error = new Error('x');
    if (i % 100 === 0) assert.match(error.stack, /^Error: x\n {4}at .*error_stack/);
  }
});

test('prepareStackTrace gets call sites', () => {
  Error.prepareStackTrace = (error, sites) => sites;
  let sites;
  try {
    sites = new Error('x').stack;
  } finally {
    delete Error.prepareStackTrace;
  }
  assert.strictEqual(sites[0].getFileName(), __filename);
  assert(sites[0].getLineNumber() > 0);
  assert.strictEqual(sites[0].isNative(), false);
});

test('errors of built-in modules name their code', () => {
  let error;
  try {
    process.nextTick(1);
  } catch (thrown) {
    error = thrown;
  }
  assert.match(first(error), /^TypeError \[ERR_INVALID_ARG_TYPE\]: The "callback" argument/);
  assert.strictEqual(error.name, 'TypeError');
});

test('errors of the engine have such a stack when they reach the process', async () => {
  const reason = await new Promise((resolve) => {
    process.once('unhandledRejection', resolve);
    Promise.reject(
      (() => {
        try {
          null.x;
        } catch (error) {
          return error;
        }
      })(),
    );
  });
  assert.match(reason.stack, /^TypeError: .*\n {4}at .*error_stack\.test\.js/);
});

test('a trace made in a callback of the loop ends with the program', async () => {
  const places = (stack) => stack.split('\n').slice(1);
  const made = await Promise.all([
    new Promise((resolve) => setTimeout(() => resolve(new Error('timer').stack), 1)),
    new Promise((resolve) => setImmediate(() => resolve(new Error('immediate').stack))),
    new Promise((resolve) => process.nextTick(() => resolve(new Error('tick').stack))),
  ]);
  for (const stack of made) {
    assert.strictEqual(places(stack).length, 1, stack);
    assert.match(stack, /error_stack\.test\.js:\d+:\d+$/);
  }
});

test('util.getCallSites() tells the calls that there are', () => {
  function asks() {
    return util.getCallSites(2);
  }
  const [first, second] = asks();
  assert.strictEqual(first.functionName, 'asks');
  assert.strictEqual(first.scriptName, __filename);
  assert.strictEqual(second.lineNumber, first.lineNumber + 2);
  assert.strictEqual(util.getCallSites(1).length, 1);
  assert.throws(() => util.getCallSites(0), { code: 'ERR_OUT_OF_RANGE' });
});

test('util.getSystemErrorMessage() has the text of an errno', () => {
  assert.strictEqual(util.getSystemErrorMessage(-2), 'no such file or directory');
  assert.strictEqual(util.getSystemErrorMessage(-99999), 'Unknown system error -99999');
  assert.throws(() => util.getSystemErrorMessage(2), { code: 'ERR_OUT_OF_RANGE' });
});

test('frames of built-in modules are those of `node:`, as packages look for', () => {
  let stack;
  new (require('events'))().once('x', () => ({ stack } = new Error('inside'))).emit('x');
  assert.match(stack, /\n {4}at .*\(node:events:\d+:\d+\)/);
});

test('a limit that constructors lower leaves out their own calls, not those of who calls them', () => {
  class Base extends Error {}
  class Short extends Base {
    constructor() {
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 2;
      super('short');
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
  const inner = () => new Short();
  const outer = () => inner();
  const names = outer()
    .stack.split('\n')
    .slice(1)
    .map((line) => /at (\w+)/.exec(line)?.[1]);
  assert.deepStrictEqual(names, ['inner', 'outer']);
});
