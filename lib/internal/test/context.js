'use strict';
// What the functions of tests and suites are given.
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateInteger,
  validateNumber,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { failure } = require('internal/test/failure');

const WAIT_MS = 1000; // of waitFor()
const POLL_MS = 50;

// ---- Assertions

const registered = new Map(); // name → function, by assert.register()

/** Gives the contexts of this process one more assertion. */
function register(name, fn) {
  validateString(name, 'name');
  validateFunction(fn, 'fn');
  registered.set(name, fn);
}

/** The functions of `assert` that contexts have. */
function plainAssertions() {
  const assert = require('assert');
  const names = Object.keys(assert).filter(
    (name) => typeof assert[name] === 'function' && /^[a-z]/.test(name) && name !== 'strict',
  );
  return names.map((name) => [name, assert[name]]);
}

/** `t.assert`, whose calls count for plan(). */
function makeAssert(context, count) {
  const assert = {};
  const { fileSnapshot, snapshot } = require('internal/test/snapshot');
  for (const [name, fn] of [
    ...plainAssertions(),
    ['snapshot', snapshot],
    ['fileSnapshot', fileSnapshot],
    ...registered,
  ])
    assert[name] = function (...args) {
      count();
      return Reflect.apply(fn, context, args);
    };
  return assert;
}

// ---- Contexts

/** What functions of tests and suites are given alike. */
class Context {
  #node;
  constructor(node) {
    this.#node = node;
  }
  get signal() {
    return this.#node.abort.signal;
  }
  get name() {
    return this.#node.name;
  }
  get fullName() {
    return this.#node.fullName;
  }
  get filePath() {
    return this.#node.place.file;
  }
  get passed() {
    return this.#node.passed;
  }
  get attempt() {
    return 0;
  }
  diagnostic(message) {
    this.#node.diagnostic(message);
  }
}

/** What a suite's function is given, and its hooks. */
class SuiteContext extends Context {}

const HOOKS = ['before', 'after', 'beforeEach', 'afterEach'];

/** What a test's function is given. */
class TestContext extends Context {
  #node;
  #add;
  #mock;
  #assert;
  #plan; // { count, wait }
  #counted = 0;
  #counting; // called when one more was counted

  constructor(node, add) {
    super(node);
    this.#node = node;
    this.#add = add;
  }
  get error() {
    return this.#node.errors[0] ?? null;
  }
  get mock() {
    const { MockTracker } = require('internal/test/mock');
    return (this.#mock ??= new MockTracker());
  }
  get assert() {
    return (this.#assert ??= makeAssert(this, () => this.#count()));
  }
  #count() {
    this.#counted++;
    this.#counting?.();
  }
  plan(count, options = {}) {
    if (this.#plan !== undefined)
      throw failure('cannot set plan more than once', 'testCodeFailure');
    validateInteger(count, 'count', 0, 2 ** 32 - 1);
    validateObject(options, 'options');
    const { wait = false } = options;
    if (typeof wait === 'number') validateNumber(wait, 'options.wait', 0, 2 ** 31 - 1);
    else if (typeof wait !== 'boolean')
      throw new codes.ERR_INVALID_ARG_TYPE('options.wait', ['boolean', 'number'], wait);
    this.#plan = { count, wait };
  }
  runOnly(value) {
    this.#node.onlyWithin = Boolean(value);
  }
  skip(message) {
    this.#node.skipped = message || true;
  }
  todo(message) {
    this.#node.todo = message || true;
  }
  test(...args) {
    this.#count();
    return this.#add(this.#node, 'test', args);
  }
  /** Resolves with what a condition returns, once it no longer throws. */
  waitFor(condition, options = {}) {
    validateFunction(condition, 'condition');
    validateObject(options, 'options');
    const { interval = POLL_MS, timeout = WAIT_MS } = options;
    validateNumber(interval, 'options.interval', 0, 2 ** 31 - 1);
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    const { clearTimeout, setTimeout } = require('internal/timers/timers');
    return new Promise((resolve, reject) => {
      let cause;
      let poller;
      const limit = setTimeout(() => {
        clearTimeout(poller);
        const error = new Error('waitFor() timed out');
        if (cause !== undefined) error.cause = cause;
        reject(error);
        limit.over = true;
      }, timeout);
      const poll = async () => {
        try {
          const value = await condition();
          clearTimeout(limit);
          resolve(value);
        } catch (error) {
          cause = error;
          if (!limit.over) poller = setTimeout(poll, interval);
        }
      };
      poll();
    });
  }

  /** Rejects unless as much was asserted as plan() said. */
  _check() {
    if (this.#plan === undefined) return undefined;
    const { count, wait } = this.#plan;
    if (this.#counted < count && wait !== false) return this.#planned(count, wait);
    if (this.#counted !== count)
      throw failure(
        `plan expected ${count} assertions but received ${this.#counted}`,
        'testCodeFailure',
      );
    return undefined;
  }
  #planned(count, wait) {
    const { clearTimeout, setTimeout } = require('internal/timers/timers');
    return new Promise((resolve, reject) => {
      const timer =
        wait === true
          ? undefined
          : setTimeout(
              () =>
                reject(
                  failure(
                    `plan timed out after ${wait}ms with ${this.#counted} assertions when expecting ${count}`,
                    'testTimeoutFailure',
                  ),
                ),
              wait,
            );
      this.#counting = () => {
        if (this.#counted < count) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
  _end() {
    this.#mock?.reset();
  }
  _hook(kind, fn, options) {
    require('internal/test/harness').addHook(this.#node, kind, fn, options);
  }
}
for (const kind of HOOKS)
  Object.defineProperty(TestContext.prototype, kind, {
    configurable: true,
    writable: true,
    value: {
      [kind](fn, options) {
        this._hook(kind, fn, options);
      },
    }[kind],
  });

module.exports = { SuiteContext, TestContext, register };
