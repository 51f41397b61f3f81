'use strict';
// The stores of AsyncLocalStorage where errors are told of that nothing caught.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { spawnSync } = require('child_process');

const { stdout, stderr } = spawnSync(process.execPath, [`${__dirname}/fixtures/failures.js`], {
  encoding: 'utf8',
});
const lines = stdout.trim().split('\n');

for (const [event, count] of [
  ['uncaughtException', 16],
  ['uncaughtExceptionMonitor', 16],
  ['unhandledRejection', process.versions.fast_paths.includes('microtasks') ? 11 : 6],
])
  test(`listeners of ${event} see the stores of where the error was thrown`, () => {
    const told = lines.filter((line) => line.startsWith(`${event} `));
    assert.strictEqual(told.length, count, stdout + stderr);
    for (const line of told) {
      const [, message, store] = /^\w+ (.*): (.*)$/.exec(line);
      assert.strictEqual(store, message, line);
    }
  });
