'use strict';
// The module node:test (https://nodejs.org/api/test.html): tests, suites and hooks that run one
// after another where they are written, and a report to standard output. There are no files to be
// chosen by a runner, no `only`, snapshots or mocked timers.
const { performance } = require('perf_hooks');
const { MockTracker } = require('internal/test/mock');
const { codes } = require('internal/errors/codes');

const PASS = '\u2714';
const FAIL = '\u2716';
const SKIP = '\ufe4e';
const OPEN = '\u25b6';
const INFO = '\u2139';

const counts = { tests: 0, suites: 0, pass: 0, fail: 0, skipped: 0, todo: 0 };
const failures = [];
let began;
let current; // the suite whose function runs

const line = (depth, text) => process.stdout.write(`${'  '.repeat(depth)}${text}\n`);
const ms = (from) => `(${(performance.now() - from).toFixed(6)}ms)`;

/** name, options and function of a test, in the orders that Node takes. */
function argumentsOf(name, options, fn) {
  if (typeof name === 'function') [name, options, fn] = [undefined, {}, name];
  else if (name !== null && typeof name === 'object')
    [name, options, fn] = [undefined, name, options];
  else if (typeof options === 'function') [options, fn] = [{}, options];
  return {
    name: `${name || fn?.name || '<anonymous>'}`,
    options: options ?? {},
    fn: fn ?? (() => {}),
  };
}

/** Calls a test's or hook's function, with a callback if it takes one. */
function call(fn, context, takesBefore) {
  if (fn.length <= takesBefore) return fn.call(context, context);
  return new Promise((resolve, reject) => {
    const done = (error) => (error ? reject(error) : resolve());
    const given = takesBefore === 0 ? [done] : [context, done];
    const result = fn.apply(context, given);
    if (typeof result?.then === 'function')
      reject(new codes.ERR_TEST_FAILURE('passed a callback but also returned a Promise'));
  });
}

/** Fails after options.timeout ms, or when a signal aborts. */
function limited(promise, { timeout, signal }) {
  if ((timeout === undefined || timeout === Infinity) && signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const timer =
      timeout > 0 && timeout !== Infinity
        ? setTimeout(
            () => reject(new codes.ERR_TEST_FAILURE(`test timed out after ${timeout}ms`)),
            timeout,
          )
        : undefined;
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** A test or a suite. */
class Node {
  hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
  children = [];
  chain = Promise.resolve(); // its subtests, one after another
  subtests = 0;
  failed = 0;
  startedBefore = false;

  constructor(parent, kind, { name, options, fn }) {
    Object.assign(this, { parent, kind, name, options, fn });
    this.depth = parent === undefined || parent === root ? 0 : parent.depth + 1;
  }

  async runHooks(kind, context) {
    for (const { fn, options } of this.hooks[kind]) await limited(call(fn, context, 1), options);
  }

  /** The hooks around each test, of this and those around it. */
  async around(kind, context) {
    if (kind === 'beforeEach') await this.parent?.around(kind, context);
    await this.runHooks(kind, context);
    if (kind === 'afterEach') await this.parent?.around(kind, context);
  }

  async startBefore() {
    if (this.startedBefore) return;
    this.startedBefore = true;
    await this.runHooks('before', this.context);
  }
}

const root = new Node(undefined, 'root', { name: '', options: {} });
root.depth = -1;

/** What a test's function is given. */
class TestContext {
  #node;
  #abort = new AbortController();
  #mock;
  #planned;
  #asserted = 0;
  #assert;

  constructor(node) {
    this.#node = node;
  }
  get name() {
    return this.#node.name;
  }
  get fullName() {
    const names = [];
    for (let at = this.#node; at !== root; at = at.parent) names.unshift(at.name);
    return names.join(' > ');
  }
  get signal() {
    return this.#abort.signal;
  }
  get mock() {
    return (this.#mock ??= new MockTracker());
  }
  /** The functions of `assert`, which count for plan(). */
  get assert() {
    if (this.#assert === undefined) {
      const assert = require('assert');
      this.#assert = {};
      for (const name of Object.keys(assert))
        if (typeof assert[name] === 'function' && /^[a-z]/.test(name))
          this.#assert[name] = (...args) => {
            this.#asserted++;
            return assert[name](...args);
          };
    }
    return this.#assert;
  }
  plan(count) {
    this.#planned = count;
  }
  diagnostic(message) {
    line(Math.max(this.#node.depth, 0), `${INFO} ${message}`);
  }
  skip(reason = true) {
    this.#node.options = { ...this.#node.options, skip: reason };
  }
  todo(reason = true) {
    this.#node.options = { ...this.#node.options, todo: reason };
  }
  test(...args) {
    this.#asserted++;
    return add(this.#node, 'test', argumentsOf(...args));
  }
  before(fn, options = {}) {
    this.#node.hooks.before.push({ fn, options });
  }
  after(fn, options = {}) {
    this.#node.hooks.after.push({ fn, options });
  }
  beforeEach(fn, options = {}) {
    this.#node.hooks.beforeEach.push({ fn, options });
  }
  afterEach(fn, options = {}) {
    this.#node.hooks.afterEach.push({ fn, options });
  }
  _end() {
    this.#mock?.reset();
    this.#abort.abort();
    if (this.#planned !== undefined && this.#planned !== this.#asserted)
      throw new codes.ERR_TEST_FAILURE(
        `plan expected ${this.#planned} assertions but received ${this.#asserted}`,
      );
  }
}

/** Puts a test or suite behind those of its parent that came before. */
function add(parent, kind, given) {
  start();
  const node = new Node(parent, kind, given);
  parent.subtests++;
  if (kind === 'suite') collect(node);
  const run = () => runNode(node);
  // A suite runs what it has once its function is done.
  if (parent.kind === 'suite') {
    parent.children.push(run);
    return Promise.resolve();
  }
  parent.chain = parent.chain.then(run);
  return parent.chain;
}

function collect(node) {
  if (node.options.skip) return;
  const before = current;
  current = node;
  try {
    node.fn.call(node, { name: node.name, signal: undefined });
  } catch (error) {
    node.problem = { error };
  } finally {
    current = before;
  }
}

async function runNode(node) {
  const { parent, kind, depth, options } = node;
  const from = performance.now();
  counts[kind === 'suite' ? 'suites' : 'tests']++;
  if (options.skip) return told(node, from, undefined, true);
  const context = (node.context = new TestContext(node));
  let problem = node.problem;
  const attempt = async (fn) => {
    try {
      await fn();
    } catch (error) {
      problem ??= { error };
    }
  };
  await attempt(() => parent.startBefore());
  if (kind === 'suite' || node.subtests > 0) line(depth, `${OPEN} ${node.name}`);
  if (kind === 'suite') {
    await attempt(() => node.startBefore());
    for (const child of node.children) await child();
  } else if (problem === undefined) {
    await attempt(() => parent.around('beforeEach', context));
    if (problem === undefined) await attempt(() => limited(call(node.fn, context, 1), options));
    await node.chain;
    await attempt(() => parent.around('afterEach', context));
  }
  await attempt(() => node.runHooks('after', context));
  await attempt(() => context._end());
  if (node.failed > 0)
    problem ??= {
      error: new codes.ERR_TEST_FAILURE(
        `${node.failed} subtest${node.failed > 1 ? 's' : ''} failed`,
      ),
    };
  return told(node, from, problem, Boolean(node.options.skip));
}

function told(node, from, problem, skipped) {
  const { name, depth, options, kind, parent } = node;
  const note = (word, value) =>
    value ? ` # ${word}${typeof value === 'string' ? ` ${value}` : ''}` : '';
  const ended = `${name} ${ms(from)}`;
  if (skipped) {
    counts.skipped++;
    line(depth, `${SKIP} ${ended}${note('SKIP', options.skip)}`);
    return;
  }
  if (options.todo) counts.todo++;
  if (problem === undefined) {
    if (kind !== 'suite' && !options.todo) counts.pass++;
    line(depth, `${PASS} ${ended}${note('TODO', options.todo)}`);
    return;
  }
  line(depth, `${FAIL} ${ended}${note('TODO', options.todo)}`);
  if (options.todo) return;
  if (kind !== 'suite') counts.fail++;
  parent.failed++;
  failures.push([name, problem.error]);
  const text = require('util').inspect(problem.error);
  line(depth + 1, text.replaceAll('\n', `\n${'  '.repeat(depth + 1)}`));
  process.exitCode = 1;
}

// The report, once nothing is left to do.
function start() {
  if (began !== undefined) return;
  began = performance.now();
  let reported = false;
  const report = async () => {
    if (reported) return;
    reported = true;
    try {
      await root.runHooks('after', undefined);
    } catch (error) {
      failures.push(['after', error]);
      line(0, require('util').inspect(error));
      process.exitCode = 1;
    }
    for (const [name, count] of Object.entries(counts)) line(0, `${INFO} ${name} ${count}`);
    line(0, `${INFO} duration_ms ${performance.now() - began}`);
  };
  process.on('beforeExit', report);
}

// ---- What there is to call

const hook = (kind) =>
  function addHook(fn, options = {}) {
    start();
    (current ?? root).hooks[kind].push({ fn, options });
  };

function withKinds(fn) {
  for (const kind of ['skip', 'todo', 'only'])
    fn[kind] = (...args) => {
      const given = argumentsOf(...args);
      return fn(given.name, { ...given.options, [kind]: true }, given.fn);
    };
  return fn;
}

const test = withKinds(function test(...args) {
  return add(current ?? root, 'test', argumentsOf(...args));
});
const suite = withKinds(function suite(...args) {
  return add(current ?? root, 'suite', argumentsOf(...args));
});

module.exports = Object.assign(test, {
  after: hook('after'),
  afterEach: hook('afterEach'),
  before: hook('before'),
  beforeEach: hook('beforeEach'),
  describe: suite,
  it: test,
  mock: new MockTracker(),
  suite,
  test,
});
