'use strict';
// One test or suite: when it runs, what runs around it, and what becomes of it.
const { performance } = require('perf_hooks');
const { AsyncLocalStorage } = require('async_hooks');
const { advance, tell } = require('internal/test/events');
const { asFailure, failure } = require('internal/test/failure');

const running = new AsyncLocalStorage(); // the test that what runs is part of
const ENDED = new Set(['testAborted', 'testTimeoutFailure']); // before its function did
const KINDS = ['before', 'after', 'beforeEach', 'afterEach'];

/** Calls a test's or hook's function; one that takes one argument more gets a callback. */
function call(fn, context, self = context) {
  if (fn.length < 2) return Reflect.apply(fn, self, [context]);
  return new Promise((resolve, reject) => {
    let called = false;
    const done = (error) => {
      if (called) {
        reject(failure('callback invoked multiple times', 'multipleCallbackInvocations'));
        return;
      }
      called = true;
      // A second call in the same turn is heard of.
      setImmediate(() => (error ? reject(error) : resolve()));
    };
    const result = Reflect.apply(fn, self, [context, done]);
    if (typeof result?.then === 'function')
      reject(failure('passed a callback but also returned a Promise', 'callbackAndPromisePresent'));
  });
}

/** Fails after a time, or when a signal aborts. */
function limited(start, timeout, signals) {
  const given = signals.filter(Boolean);
  const bounded = timeout !== undefined && timeout !== Infinity;
  const aborted = given.find((one) => one.aborted);
  if (aborted !== undefined) return Promise.reject(failure(aborted.reason, 'testAborted'));
  if (!bounded && given.length === 0) return start();
  return new Promise((resolve, reject) => {
    const { setTimeout, clearTimeout } = require('internal/timers/timers');
    const timer = bounded
      ? setTimeout(
          () => reject(failure(`test timed out after ${timeout}ms`, 'testTimeoutFailure')),
          timeout,
        )
      : undefined;
    const ends = new AbortController();
    for (const one of given)
      one.addEventListener('abort', () => reject(failure(one.reason, 'testAborted')), {
        once: true,
        signal: ends.signal,
      });
    Promise.resolve()
      .then(start)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        ends.abort();
      });
  });
}

const concurrencyOf = (wanted, inherited) => {
  if (wanted === true) return Infinity;
  if (wanted === false) return 1;
  return wanted ?? inherited;
};

class Node {
  children = [];
  waiting = []; // events, see internal/test/events
  turn = 0;
  live = false;
  told = false;
  open = false; // its subtests may run
  active = 0;
  queue = [];
  errors = []; // the first one is the test's
  diagnostics = [];
  skipped = undefined;
  counts = { failed: 0 };
  startTime = undefined;
  passed = false;
  settled = Promise.withResolvers();
  abort = new AbortController();
  pending = new Set();

  /**
   * @param {Node | undefined} parent
   * @param {'test' | 'suite' | 'root'} kind
   * @param {{ name: string, options: object, fn: Function, place: object }} given
   */
  constructor(parent, kind, { name, options, fn, place }) {
    Object.assign(this, { parent, kind, name, options, fn, place });
    this.root = parent?.root ?? this;
    this.nesting = parent === undefined ? -1 : parent.nesting + 1;
    this.number = parent === undefined ? 0 : parent.children.length + 1;
    this.timeout = options.timeout ?? parent?.timeout;
    this.concurrency = concurrencyOf(options.concurrency, parent?.concurrency ?? 1);
    this.only = options.only === true;
    this.onlyWithin = parent?.onlyWithin ?? false;
    this.skipped = options.skip;
    this.todo = options.todo;
    this.hooks = Object.fromEntries(KINDS.map((one) => [one, []]));
    this.finished = this.settled.promise;
  }

  get fullName() {
    const names = [];
    for (let at = this; at.kind !== 'root'; at = at.parent) names.unshift(at.name);
    return names.join(' > ');
  }

  get #about() {
    const { name, nesting, place } = this;
    return { __proto__: null, name, nesting, ...place };
  }

  fail(error, failureType) {
    this.errors.push(asFailure(error, failureType));
  }

  diagnostic(message, level = 'info') {
    this.diagnostics.push({ message: `${message}`, level });
  }

  // ---- Its subtests

  /** Puts a test behind the others; it runs when there is room. */
  add(child) {
    this.children.push(child);
    tell(child, 'test:enqueue', { ...child.#about, type: child.kind });
    this.pending.add(child);
    this.queue.push(child);
    advance(this);
    if (this.open) queueMicrotask(() => this.pump());
    return child.finished;
  }

  pump() {
    while (this.queue.length > 0 && this.active < this.concurrency) {
      const child = this.queue.shift();
      this.active++;
      child.run().finally(() => {
        this.active--;
        this.pump();
      });
    }
  }

  /** Waits for all subtests, those too that are added meanwhile. */
  async subtests() {
    this.open = true;
    this.pump();
    while (this.pending.size > 0)
      await Promise.all(Array.from(this.pending, (one) => one.finished));
  }

  // ---- Its hooks

  async runHooks(kind, context, { inherit = false, backward = false } = {}) {
    const outer = inherit && this.parent !== undefined;
    if (outer && !backward) await this.parent.runHooks(kind, context, { inherit });
    for (const hook of this.hooks[kind]) {
      if (kind === 'before' && hook.ran) continue;
      hook.ran = true;
      const { fn, options } = hook;
      try {
        await limited(() => call(fn, context), options.timeout, [options.signal]);
      } catch (error) {
        throw failure(new Error(`failed running ${kind} hook`, { cause: error }), 'hookFailed');
      }
    }
    if (outer && backward) await this.parent.runHooks(kind, context, { inherit, backward });
  }

  async attempt(what, failureType = 'hookFailed') {
    try {
      await what();
      return true;
    } catch (error) {
      this.fail(error, failureType);
      return false;
    }
  }

  // ---- Its run

  run() {
    this.startTime = performance.now();
    tell(this, 'test:dequeue', { ...this.#about, type: this.kind });
    return running.run(this, async () => {
      if (this.skipped) this.finish();
      else await this.runInside();
    });
  }

  async runInside() {
    const { parent } = this;
    const ready = await this.attempt(() => parent.runHooks('before', parent.context));
    if (this.kind === 'suite') await this.runSuite(ready);
    else if (ready) await this.runTest();
    if (this.counts.failed > 0 && this.errors.length === 0)
      this.fail(
        `${this.counts.failed} subtest${this.counts.failed > 1 ? 's' : ''} failed`,
        'subtestsFailed',
      );
    this.finish();
  }

  async runSuite(ready) {
    this.announce();
    await this.collected;
    if (ready)
      await this.attempt(async () => {
        await this.runHooks('before', this.context);
        // One whose function threw runs no tests.
        if (this.errors.length > 0) return;
        await limited(() => this.subtests(), undefined, [this.options.signal]);
      });
    if (this.errors.length > 0) this.cancelAll();
    await this.attempt(() => this.runHooks('after', this.context));
  }

  async runTest() {
    const { context, parent } = this;
    this.open = true;
    const hooks = { inherit: true };
    if (await this.attempt(() => parent.runHooks('beforeEach', context, hooks)))
      await this.attempt(
        () =>
          limited(() => call(this.fn, context), this.timeout, [
            this.options.signal,
            this.root.signal,
          ]),
        'testCodeFailure',
      );
    if (ENDED.has(this.errors[0]?.failureType)) this.cancelAll();
    await this.started;
    await this.subtests();
    await this.attempt(() => context._check(), 'testCodeFailure');
    this.passed = this.errors.length === 0 && this.counts.failed === 0;
    await this.attempt(() => parent.runHooks('afterEach', context, { ...hooks, backward: true }));
    await this.attempt(() => this.runHooks('after', context));
    context._end();
  }

  /** Cancels the tests inside that have not ended, those too that run. */
  cancelAll() {
    this.queue = [];
    for (const child of [...this.pending]) {
      child.cancelAll();
      child.cancel('test did not finish before its parent and was cancelled');
    }
  }

  cancel(reason) {
    this.startTime ??= performance.now();
    this.fail(reason, 'cancelledByParent');
    this.finish();
  }

  // ---- Its report

  /** Tells that it started, once something of it is to be told. */
  announce() {
    if (this.announced) return;
    this.announced = true;
    this.parent?.announce();
    if (this.kind !== 'root') tell(this, 'test:start', this.#about);
  }

  finish() {
    if (this.told) return;
    const duration = Math.round((performance.now() - this.startTime) * 1e6) / 1e6;
    const [error] = this.errors;
    this.abort.abort();
    this.passed = error === undefined;
    const details = { __proto__: null, duration_ms: duration };
    if (this.kind === 'suite') details.type = 'suite';
    else details.type = 'test';
    if (error !== undefined) details.error = error;
    const data = { ...this.#about, testNumber: this.number, details };
    if (this.skipped) data.skip = this.skipped;
    if (this.todo) data.todo = this.todo;
    if (error !== undefined && !this.todo && !this.skipped) this.parent.counts.failed++;
    this.root.totals.add(data);
    tell(this, 'test:complete', { ...data, details: { ...details, passed: this.passed } });
    this.announce();
    if (this.children.length > 0)
      tell(this, 'test:plan', {
        __proto__: null,
        nesting: this.nesting + 1,
        count: this.children.length,
        ...this.place,
      });
    tell(this, error === undefined ? 'test:pass' : 'test:fail', data);
    for (const one of this.diagnostics)
      tell(this, 'test:diagnostic', {
        __proto__: null,
        nesting: this.nesting,
        ...one,
        ...this.place,
      });
    this.told = true;
    this.parent.pending.delete(this);
    advance(this.parent);
    this.settled.resolve();
  }
}

module.exports = { Node, limited, running };
