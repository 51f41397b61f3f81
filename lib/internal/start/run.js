'use strict';
// Runs the program that the command line names: a file, code, or standard input.
const { define } = require('internal/base/lazy');
const { Module, custom, runFirst } = require('internal/modules/loader');
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
  if (require('internal/base/environment').own('NODE_UNIQUE_ID') === undefined) return;
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
  let imports; // of --import
  if (mode === 'file' || mode === 'check') [args[1], file] = findEntry();
  define(process, 'argv', args, true);
  define(process, 'execArgv', execArguments, true);
  if (execArguments.some((one) => one.startsWith('--env-file')))
    require('internal/process/flags').loadEnvironmentFiles();
  const wished = binding('process').ownEnv('NODE_OPTIONS') !== undefined;
  if (execArguments.length > 0 || wished) {
    const flags = require('internal/process/flags');
    if (wished) preload = [...flags.environmentPreloads(), ...preload];
    if (runtime.isMain) imports = flags.flag('import');
    flags.applyFlags();
    if (runtime.isMain && (flags.flag('drain') ?? flags.flag('drain-grace')) !== undefined)
      require('internal/net/terminate').begin();
  }
  if (mode !== 'check' && preload.length > 0) Module._preloadModules(preload);
  if (imports !== undefined && mode !== 'check')
    require('internal/modules/esm').importFirst(imports, () => runProgram(mode, file, true));
  else runProgram(mode, file, preload.length > 0);
};

/** Runs the program. @param {boolean} changed  modules were loaded first, which may have changed how */
function runProgram(mode, file, changed) {
  if (mode !== 'file') require('internal/start/modes')[mode](file);
  else if (custom.hooks !== undefined) require('internal/modules/esm').runFile(file);
  else if (changed) Module.runMain(file);
  else if (runtime.simulated) require('internal/sim/scenario').begin(runFirst(file), file);
  else runFirst(file);
}
