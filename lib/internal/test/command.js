'use strict';
// `sluice --test [PATTERN…]`: runs the files of tests that match, and reports of them.
const { existsSync } = require('fs');
const { flag, numberFlag } = require('internal/process/flags');
const { report } = require('internal/test/options');
const { run } = require('internal/test/run');

/** { index, total } of --test-shard=index/total. */
function shardOf(text) {
  if (text === undefined) return undefined;
  const [, index, total] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return { index: Number(index), total: Number(total) };
}

/** @param {string[]} patterns  of files; those of files of tests if there are none */
exports.run = function (patterns) {
  const isMissing = (one) => !/[*?[\]{}()!+@]/.test(one) && !existsSync(one);
  if (patterns.length > 0 && patterns.every(isMissing)) {
    process.stderr.write(`Could not find '${patterns.join(', ')}'\n`);
    process.exitCode = 1;
    return;
  }
  const last = (name) => flag(name)?.at(-1);
  const stream = run({
    globPatterns: patterns.length > 0 ? patterns : undefined,
    concurrency: numberFlag('test-concurrency') ?? true,
    timeout: numberFlag('test-timeout') ?? Infinity,
    isolation: last('test-isolation') || 'process',
    shard: shardOf(last('test-shard')),
    only: flag('test-only') !== undefined,
    forceExit: flag('test-force-exit') !== undefined,
    testNamePatterns: flag('test-name-pattern'),
    testSkipPatterns: flag('test-skip-pattern'),
  });
  stream.on('test:summary', ({ file, success }) => {
    if (file === undefined && !success) process.exitCode = 1;
  });
  report(stream);
};
