'use strict';
// Runs the program that the command line names: a file, code, or standard input.
const { define } = require('internal/base/lazy');
const { Module, runFirst } = require('internal/modules/loader');
const { join } = require('internal/modules/packages');
const native = binding('module');
const runtime = binding('runtime');

const UNREADABLE = 2; // exit code
// What native.lstat() returns, of enum PathKind in src/bind/module/module.cc.
const FILE = 0;

function fail(message) {
  runtime.writeSync(2, `sluice: ${message}\n`);
  if (!runtime.isMain) binding('task').failed(`Error: ${message}`, '');
  process.reallyExit(UNREADABLE);
}

function search(path) {
  const { enter, leave } = require('internal/modules/resolve');
  enter();
  const file = Module._findPath(runtime.entry.endsWith('/') ? `${path}/` : path, null, true);
  leave();
  return file;
}

/** The program's file, found as require() finds one; ends the process if it cannot be read. */
function findEntry() {
  const path = join(native.cwd(), runtime.entry);
  const plain = !runtime.entry.endsWith('/') && native.lstat(path) === FILE;
  const file = plain ? native.realpath(path) : search(path);
  const reason = native.whyUnreadable(file || path);
  if (reason !== '') fail(`cannot read '${file || path}': ${reason}`);
  if (!file) fail(`cannot read '${path}': is a directory without package.json main or index.js`);
  return [path, file];
}

function openChannel() {
  require('internal/child/channel').openParentChannel(runtime.channel, runtime.channelMode);
  if (process.env.NODE_UNIQUE_ID === undefined) return;
  define(process, '_clusterWorker', true, false);
  require('internal/cluster/child');
}

module.exports = function run() {
  if (!runtime.isMain && binding('task').isWorker) {
    require('internal/worker/child').run();
    return;
  }
  const { mode, execArguments } = native;
  let { preload } = native;
  const args = [...runtime.arguments];
  if (runtime.channel >= 0) openChannel();
  if (runtime.service) require('internal/net/service').begin();
  let file;
  if (mode === 'file' || mode === 'check') [args[1], file] = findEntry();
  define(process, 'argv', args, true);
  define(process, 'execArgv', execArguments, true);
  const wished = binding('process').getEnv('NODE_OPTIONS') !== undefined;
  if (execArguments.length > 0 || wished) {
    const flags = require('internal/process/flags');
    if (wished) preload = [...flags.environmentPreloads(), ...preload];
    flags.applyFlags();
    if (runtime.isMain && (flags.flag('drain') ?? flags.flag('drain-grace')) !== undefined)
      require('internal/net/terminate').begin();
  }
  if (mode !== 'check' && preload.length > 0) Module._preloadModules(preload);
  if (mode !== 'file') require('internal/start/modes')[mode](file);
  else if (preload.length > 0) Module.runMain(file);
  else if (runtime.simulated) require('internal/sim/scenario').begin(runFirst(file), file);
  else runFirst(file);
};
