'use strict';
// Runs the tests of one file one after another:
//
//   test('a sentence that says the behaviour', async (t) => { ... });
//   test.skip('...', reason)
//   test.needs('traces')('...', fn)
//   test.since('2.48')('...', fn)
//
// t.name is the name; t.after(fn) runs fn (it may return a promise) when the test has ended, last
// one first; t.skip(reason) ends it here, as one that could not look. A test that never ends fails by
// name: when the process runs out of work before it, or after 60 seconds.
const WATCHDOG_MS = 60000;

/** What t.skip() throws. */
class Skip extends Error {}

const queue = [];
let passed = 0;
let failed = 0;
let skipped = 0;
let number = 0;
let current = null;
let started = false;
let finished = false;

const line = (text) => console.log(text);

function describe(error) {
  if (error === null || typeof error !== 'object') return String(error);
  const head = `${error.name}: ${error.message}`;
  const stack = typeof error.stack === 'string' ? error.stack : '';
  const text = stack.startsWith(error.name ?? 'Error') ? stack : `${head}\n${stack}`;
  return error.cause === undefined ? text : `${text}\ncause: ${describe(error.cause)}`;
}

function failedTest(name, error) {
  failed++;
  process.exitCode = 1;
  line(`not ok ${++number} - ${name}`);
  line(describe(error).replace(/^/gm, '    '));
}

async function cleanUp(after) {
  let problem;
  for (const fn of after.reverse()) {
    try {
      await fn();
    } catch (error) {
      problem ??= { error };
    }
  }
  return problem;
}

function runOne({ name, fn }) {
  return new Promise((resolve) => {
    const after = [];
    let ended = false;
    const end = (problem) => {
      if (ended) return;
      ended = true;
      clearTimeout(watchdog);
      cleanUp(after).then((late) => {
        current = null;
        problem ??= late;
        if (problem?.error instanceof Skip) test.skip(name, problem.error.message);
        else if (problem) failedTest(name, problem.error);
        else {
          passed++;
          line(`ok ${++number} - ${name}`);
        }
        resolve();
      });
    };
    // A guard that names the test; it is no measure of anything.
    const watchdog = setTimeout(() => {
      end({ error: new Error(`the test did not end within ${WATCHDOG_MS / 1000} s`) });
    }, WATCHDOG_MS);
    // A test that waits for nothing else must not be held up until the watchdog fires.
    watchdog.unref();
    current = { name, fail: (error) => end({ error }) };
    const skip = (reason) => {
      throw new Skip(reason);
    };
    const t = { name, skip, after: (callback) => after.push(callback) };
    let result;
    try {
      result = fn(t);
    } catch (error) {
      end({ error });
      return;
    }
    Promise.resolve(result).then(
      () => end(),
      (error) => end({ error }),
    );
  });
}

async function run() {
  while (queue.length > 0) await runOne(queue.shift());
  finished = true;
  line(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

function start() {
  if (started) return;
  started = true;
  setImmediate(run);
}

/** Adds a test; the tests of a file start when the file has been read. */
function test(name, fn) {
  queue.push({ name, fn });
  start();
}

/** Adds a test that is counted but not run. */
test.skip = function skip(name, reason) {
  skipped++;
  line(`ok - ${name} # SKIP${typeof reason === 'string' ? ` ${reason}` : ''}`);
  start();
};

/**
 * test() where the engine's paths of these names (docs/install.md) are on; a test that is skipped
 * where one is off.
 */
test.needs = (...paths) => {
  const on = process.versions.fast_paths.split(',');
  const off = paths.filter((path) => !on.includes(path));
  return off.length === 0 ? test : (name) => test.skip(name, `needs ${off.join(', ')}`);
};

/** test() on engines of that version (docs/install.md) and later; skipped on earlier ones. */
test.since = (version) => {
  const number = (text) => Number(text.split('.')[1]);
  const there = number(process.versions.jsc) >= number(version);
  return there ? test : (name) => test.skip(name, `needs JavaScriptCore ${version}`);
};

process.on('uncaughtException', (error) => {
  if (current !== null) return current.fail(error);
  failedTest('(outside of any test)', error);
});

process.on('exit', () => {
  if (!started || finished) return;
  const left = [...(current ? [current] : []), ...queue];
  for (const { name } of left) failedTest(name, new Error('the process ended before the test did'));
  line(`${passed} passed, ${failed} failed`);
  process.exitCode = 1;
});

module.exports = { test };
