'use strict';
// The tests of a process: where they are added, and what is told of all of them at the end.
const {
  validateAbortSignal,
  validateFunction,
  validateNumber,
  validateObject,
} = require('internal/errors/validators');
const { codes } = require('internal/errors/codes');
const { SuiteContext, TestContext } = require('internal/test/context');
const { TestsStream, enliven, tell } = require('internal/test/events');
const { placeOfCaller } = require('internal/test/failure');
const { Node, running } = require('internal/test/node');
const { Totals } = require('internal/test/totals');

/** All tests of a process, as the test around them. */
class Root extends Node {
  stream = new TestsStream();
  totals = new Totals();

  constructor(filters) {
    super(undefined, 'root', { name: '<root>', options: {}, fn: undefined, place: {} });
    this.filters = filters;
    this.onlyWithin = filters.only;
    this.signal = filters.signal;
    this.open = true;
    enliven(this);
  }

  /** Tells of all tests, once nothing is left to do. */
  async end() {
    await this.attempt(() => this.runHooks('after', undefined));
    if (this.errors.length > 0) this.totals.success = false;
    const { inspect } = require('util');
    const before = [
      ...this.diagnostics.map(({ message }) => message),
      ...this.errors.map((error) => inspect(error)),
    ];
    this.totals.end((type, data) => tell(this, type, data), this.children.length, before);
    require('internal/test/snapshot').writeSnapshots();
    this.stream._end();
    if (!this.totals.success) process.exitCode = 1;
  }
}

let root; // made with the first test
let collecting; // the suite whose function runs

// ---- What is added

/** name, options and function of a test, in the orders that Node takes. */
function argumentsOf(name, options, fn) {
  if (typeof name === 'function') [name, options, fn] = [undefined, {}, name];
  else if (name !== null && typeof name === 'object')
    [name, options, fn] = [undefined, name, options];
  else if (typeof options === 'function') [options, fn] = [{}, options];
  fn ??= () => {};
  options ??= {};
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  return {
    name: typeof name === 'string' && name !== '' ? name : fn.name || '<anonymous>',
    options,
    fn,
  };
}

const MOST_MS = 2 ** 31 - 1;

function checkOptions({ concurrency, signal, timeout }) {
  validateAbortSignal(signal, 'options.signal');
  if (timeout != null && timeout !== Infinity)
    validateNumber(timeout, 'options.timeout', 0, MOST_MS);
  if (concurrency == null || typeof concurrency === 'boolean') return;
  if (typeof concurrency !== 'number')
    throw new codes.ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], concurrency);
  if (!(concurrency >= 1))
    throw new codes.ERR_OUT_OF_RANGE('options.concurrency', '>= 1 && <= 4294967295', concurrency);
}

/** Whether the patterns of names, or `only`, leave a test out. */
function isLeftOut(parent, kind, { name, options }) {
  const { filters } = parent.root;
  const names = [name];
  for (let at = parent; at.kind !== 'root'; at = at.parent) names.unshift(at.name);
  const whole = names.join(' ');
  const matches = (pattern) => pattern.test(name) || pattern.test(whole);
  if (filters.skips.some(matches)) return true;
  if (kind === 'test' && filters.names.length > 0 && !filters.names.some(matches)) return true;
  return parent.onlyWithin && kind === 'test' && !options.only && !parent.only;
}

/** Adds a test or a suite to another one. */
function add(parent, kind, args) {
  const given = argumentsOf(...args);
  checkOptions(given.options);
  if (isLeftOut(parent, kind, given)) return Promise.resolve();
  const node = new Node(parent, kind, { ...given, place: placeOfCaller() });
  if (kind === 'suite') {
    node.context = new SuiteContext(node);
    const { signal } = given.options;
    if (signal?.aborted) node.fail(signal.reason, 'testAborted');
    else if (!node.skipped) collect(node);
  } else node.context = new TestContext(node, add);
  // A suite of which the filters leave nothing is left out too.
  const { names, skips } = parent.root.filters;
  const filtered = names.length > 0 || skips.length > 0 || parent.onlyWithin;
  if (kind === 'suite' && filtered && !node.skipped && node.children.length === 0)
    return Promise.resolve();
  const finished = parent.add(node);
  return parent.kind === 'suite' ? Promise.resolve() : finished;
}

function collect(node) {
  const before = collecting;
  collecting = node;
  try {
    const result = running.run(node, () => Reflect.apply(node.fn, node.context, [node.context]));
    if (typeof result?.then === 'function')
      node.collected = result.then(undefined, (error) => node.fail(error, 'testCodeFailure'));
  } catch (error) {
    node.fail(error, 'testCodeFailure');
  } finally {
    collecting = before;
  }
}

/** The test or suite that a call of test() stands in. */
function surroundings() {
  if (collecting !== undefined) return collecting;
  const inside = running.getStore();
  if (inside?.kind === 'suite' && !inside.told) return inside;
  return theRoot();
}

function addHook(node, kind, fn, options = {}) {
  fn ??= () => {};
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  checkOptions(options);
  const hook = { fn, options, ran: false };
  node.hooks[kind].push(hook);
  // One that is added while its test runs comes at once.
  if (kind === 'before' && node.kind === 'test' && node.startTime !== undefined)
    node.started = node.attempt(() => node.runHooks('before', node.context));
}

// ---- The process

/** What goes wrong beside a test's own promise makes the test fail. */
function blame(error, origin) {
  const node = running.getStore() ?? innermost(root);
  if (node === undefined || node.kind === 'root' || node.told) {
    root.diagnostic(`Error: ${error?.message ?? error} (${origin}, after its test ended)`);
    root.totals.success = false;
    return;
  }
  node.fail(error, origin);
}

/** The test that runs, and has none inside that does. */
function innermost(node) {
  const child = [...node.pending].find((one) => one.startTime !== undefined && !one.told);
  return child === undefined ? node : innermost(child);
}

/**
 * The root of this process's tests.
 * @param {object} [filters]  of run(); else those of the process, whose options tell who reports too
 */
function theRoot(filters) {
  if (root !== undefined) return root;
  const { filtersOfProcess, report } = require('internal/test/options');
  root = new Root(filters ?? filtersOfProcess());
  process.on('uncaughtException', (error) => blame(error, 'uncaughtException'));
  process.on('unhandledRejection', (error) => blame(error, 'unhandledRejection'));
  if (filters !== undefined) return root;
  report(root.stream);
  process.on('beforeExit', atEnd);
  return root;
}

let ending = false;

async function atEnd() {
  if (ending) return;
  ending = true;
  cancelWaiting(root);
  await root.subtests();
  await root.end();
}

/** Nothing is left that could settle what a test waits for. */
function cancelWaiting(node) {
  for (const child of [...node.pending]) {
    cancelWaiting(child);
    if (!child.told)
      child.cancel('Promise resolution is still pending but the event loop has already resolved');
  }
}

module.exports = { Root, add, addHook, surroundings, theRoot };
