'use strict';
// run() of node:test, and what `sluice --test` does: files of tests, each in a process of its own, and
// their events as those of one run (https://nodejs.org/api/test.html#runoptions).
const { performance } = require('perf_hooks');
const { codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateArray,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateNumber,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');
const { asFailure } = require('internal/test/failure');
const { limited } = require('internal/test/node');
const { patternsOf } = require('internal/test/options');
const { Totals } = require('internal/test/totals');

// What is a file of tests by its name.
const ENDINGS = '{js,mjs,cjs,ts,mts,cts}';
const PATTERNS = [
  '**/*.test',
  '**/*-test',
  '**/*_test',
  '**/test-*',
  '**/test',
  '**/test/**/*',
].map((one) => `${one}.${ENDINGS}`);
const UNAVAILABLE = ['watch', 'coverage', 'rerunFailuresFilePath'];

function checkStrings(value, name) {
  validateArray(value, name);
  for (const [index, one] of value.entries()) validateString(one, `${name}[${index}]`);
}

function checkShard(shard) {
  validateObject(shard, 'options.shard');
  validateInteger(shard.total, 'options.shard.total', 1);
  validateInteger(shard.index, 'options.shard.index', 1, shard.total);
}

function checkConcurrency(value) {
  if (typeof value === 'boolean') return;
  if (typeof value !== 'number')
    throw new codes.ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], value);
  validateNumber(value, 'options.concurrency', 1);
}

/** The options of run(), checked. */
function readOptions(options) {
  validateObject(options, 'options');
  for (const name of UNAVAILABLE)
    if (options[name]) throw new codes.ERR_FEATURE_UNAVAILABLE(`options.${name} of run()`);
  const {
    files,
    globPatterns,
    isolation = 'process',
    concurrency = false,
    timeout = Infinity,
    shard,
    setup,
    signal,
    forceExit = false,
    only = false,
    execArgv = [],
    argv = [],
    cwd = process.cwd(),
    env,
    testNamePatterns,
    testSkipPatterns,
  } = options;
  if (files != null) checkStrings(files, 'options.files');
  if (globPatterns != null) checkStrings(globPatterns, 'options.globPatterns');
  if (globPatterns?.length > 0 && files?.length > 0)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.globPatterns',
      globPatterns,
      "is not supported when specifying 'options.files'",
    );
  if (shard != null) checkShard(shard);
  if (setup != null) validateFunction(setup, 'options.setup');
  validateAbortSignal(signal, 'options.signal');
  validateOneOf(isolation, 'options.isolation', ['process', 'none']);
  validateBoolean(forceExit, 'options.forceExit');
  checkConcurrency(concurrency);
  if (timeout !== Infinity) validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
  checkStrings(execArgv, 'options.execArgv');
  checkStrings(argv, 'options.argv');
  validateString(cwd, 'options.cwd');
  if (env !== undefined) validateObject(env, 'options.env');
  return {
    files,
    globPatterns,
    isolation,
    concurrency,
    timeout,
    shard,
    setup,
    signal,
    forceExit,
    only,
    execArgv,
    argv,
    cwd,
    env,
    names: patternsOf(testNamePatterns, 'options.testNamePatterns'),
    skips: patternsOf(testSkipPatterns, 'options.testSkipPatterns'),
  };
}

/** The files of a run, in order. */
function filesOf({ files, globPatterns, cwd, shard }) {
  const { resolve } = require('path');
  const found =
    files ??
    require('fs').globSync(globPatterns ?? PATTERNS, {
      cwd,
      exclude: (name) => name === 'node_modules',
    });
  const all = [...new Set(found.map((one) => resolve(cwd, one)))];
  if (files === undefined) all.sort();
  return shard == null ? all : all.filter((_, index) => index % shard.total === shard.index - 1);
}

// ---- One file

// Options of the command that are this process's alone: that have a value, and that have none.
const OWN_VALUES = new Set([
  '--eval',
  '--input-type',
  '--metrics',
  '--print',
  '--test-concurrency',
  '--test-isolation',
  '--test-name-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-shard',
  '--test-skip-pattern',
  '--test-timeout',
  '-e',
  '-p',
  '-pe',
]);
const OWN_FLAGS = new Set(['--dashboard', '--test', '--test-force-exit', '--test-only']);

/** The options of this process that those of files have too. */
function inherited() {
  const words = [...process.execArgv];
  const kept = [];
  while (words.length > 0) {
    const word = words.shift();
    const [, name, attached] = /^([^=]*)(=[^]*)?$/.exec(word);
    const plain = name.replaceAll('_', '-');
    if (!OWN_VALUES.has(plain) && !OWN_FLAGS.has(plain)) kept.push(word);
    else if (OWN_VALUES.has(plain) && attached === undefined) words.shift();
  }
  return kept;
}

/** The tests of a file, told as those of the run. */
class File {
  waiting = [];
  live = false;
  tests = 0;
  failed = 0;
  done = false;

  constructor(run, path) {
    this.run = run;
    this.path = path;
    this.name = require('path').relative(run.options.cwd, path);
  }

  tell(type, data) {
    if (this.live) this.run.tell(type, data);
    else this.waiting.push([type, data]);
  }
  enliven() {
    this.live = true;
    for (const [type, data] of this.waiting.splice(0)) this.run.tell(type, data);
  }

  #heard(type, data) {
    if (type === 'test:summary') {
      this.tell(type, { ...data, file: this.path });
      return;
    }
    // What a process tells of itself as a whole.
    if (data.nesting === 0 && (type === 'test:plan' || data.name === undefined)) return;
    if (type === 'test:pass' || type === 'test:fail') {
      this.run.totals.add(data);
      if (data.nesting === 0) this.tests++;
      if (type === 'test:fail' && !data.todo) this.failed++;
    }
    this.tell(type, { file: this.path, ...data });
  }

  #arguments() {
    const { execArgv, argv, names, skips, only } = this.run.options;
    return [
      ...inherited(),
      ...execArgv,
      ...names.map((one) => `--test-name-pattern=${one}`),
      ...skips.map((one) => `--test-skip-pattern=${one}`),
      ...(only ? ['--test-only'] : []),
      this.path,
      ...argv,
    ];
  }

  #spawn() {
    const { PIPE, hear } = require('internal/test/child');
    const { cwd, env } = this.run.options;
    const child = require('child_process').spawn(process.execPath, this.#arguments(), {
      cwd,
      env: { ...(env ?? process.env), NODE_TEST_CONTEXT: 'child-v8' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    hear(child.stdio[PIPE], (type, data) => this.#heard(type, data));
    for (const name of ['stdout', 'stderr'])
      child[name]
        .setEncoding('utf8')
        .on('data', (message) =>
          this.tell(`test:${name}`, { __proto__: null, file: this.path, message }),
        );
    return child;
  }

  async execute() {
    const began = performance.now();
    const { timeout, signal } = this.run.options;
    let child;
    let closed;
    const start = () => {
      child = this.#spawn();
      closed = new Promise((resolve, reject) => {
        child.on('error', reject).on('close', (...args) => resolve(args));
      });
      return closed;
    };
    let result;
    let problem;
    try {
      result = await limited(start, timeout, [signal]);
    } catch (error) {
      problem = error;
      child?.kill();
      result = (await closed?.catch(() => {})) ?? [];
    }
    this.#end(began, problem, ...result);
  }

  /** A file without tests is a test itself, and so is one whose process failed otherwise. */
  #end(began, problem, code, killed) {
    const bad = problem !== undefined || code !== 0;
    if (this.tests > 0 && (!bad || this.failed > 0)) return;
    const about = {
      __proto__: null,
      name: this.name,
      nesting: 0,
      file: this.path,
      line: 1,
      column: 1,
    };
    const details = { duration_ms: performance.now() - began, type: 'test' };
    if (bad) {
      details.error = asFailure(problem ?? 'test failed', 'testCodeFailure');
      details.error.exitCode = code ?? undefined;
      details.error.signal = killed ?? undefined;
    }
    const data = { ...about, testNumber: 0, details };
    this.tell('test:start', about);
    this.tell('test:complete', { ...data, details: { ...details, passed: !bad } });
    this.tell(bad ? 'test:fail' : 'test:pass', data);
    this.run.totals.add(data);
  }
}

// ---- The run

const workersOf = (concurrency) =>
  concurrency === true
    ? Math.max(require('os').availableParallelism() - 1, 1)
    : concurrency === false
      ? 1
      : concurrency;

/** Files in processes. */
class Run {
  totals = new Totals();
  #topLevel = 0;

  constructor(options, stream) {
    this.options = options;
    this.stream = stream;
  }

  tell(type, data) {
    if (data.nesting === 0 && (type === 'test:pass' || type === 'test:fail'))
      data.testNumber = ++this.#topLevel;
    this.stream._tell(type, data);
  }

  async execute() {
    const files = filesOf(this.options).map((path) => new File(this, path));
    let next = 0;
    let turn = 0;
    files[0]?.enliven();
    const work = async () => {
      while (next < files.length) {
        const file = files[next++];
        await file.execute();
        file.done = true;
        while (turn < files.length && files[turn].done) files[++turn]?.enliven();
      }
    };
    const workers = Math.min(workersOf(this.options.concurrency), files.length);
    await Promise.all(Array.from({ length: workers }, work));
    this.totals.end((type, data) => this.tell(type, data), this.#topLevel);
    this.stream._end();
  }
}

/** Files in this process. */
async function runHere(options, root) {
  const { pathToFileURL } = require('url');
  const { importFrom } = require('internal/modules/esm');
  const importFile = importFrom(`${options.cwd}/.`);
  for (const path of filesOf(options))
    await root.attempt(() => importFile(pathToFileURL(path).href), 'testCodeFailure');
  await root.subtests();
  await root.end();
}

/** @returns {import('internal/test/events').TestsStream} the events of a run */
function run(given = {}) {
  const options = readOptions(given);
  const { names, skips, only, signal, setup } = options;
  const { theRoot } = require('internal/test/harness');
  const here = options.isolation === 'none';
  const root = here ? theRoot({ names, skips, only, signal }) : undefined;
  const { TestsStream } = require('internal/test/events');
  const stream = root?.stream ?? new TestsStream();
  const begin = async () => {
    await setup?.(stream);
    if (here) await runHere(options, root);
    else await new Run(options, stream).execute();
    if (options.forceExit) process.exit();
  };
  setImmediate(() => begin().catch((error) => stream.destroy(error)));
  return stream;
}

module.exports = { run };
