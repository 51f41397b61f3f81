'use strict';
// In a worker: what its parent told it is set up, and its program runs.
const native = binding('task');
const { define, defineMade } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const { adopt, receiveMessageOnPort } = require('internal/messages/port');
const { own } = require('internal/base/environment');
const { environmentData, makeEnvironment } = require('internal/worker/environment');

const FORBIDDEN = [
  'abort',
  'chdir',
  'initgroups',
  'setegid',
  'seteuid',
  'setgid',
  'setgroups',
  'setuid',
];

const control = adopt(native.workerPort());
const { message: start } = receiveMessageOnPort(control);

const send = (type, data) => control.postMessage({ type, data });

// ---- Standard streams

/** A stream whose bytes go to the parent's worker.stdout or worker.stderr. */
function outputTo(type) {
  const { Writable } = require('stream');
  return new Writable({
    decodeStrings: true,
    write(chunk, encoding, callback) {
      send(type, chunk);
      callback();
    },
  });
}

/** What the parent writes to worker.stdin; nothing if it did not ask for that. */
function inputStream(wanted) {
  let reading = false;
  const { Readable } = require('stream');
  const stream = new Readable({
    read() {
      if (reading || !wanted) return;
      // Who reads waits for what comes.
      reading = true;
      control.ref();
    },
  });
  if (!wanted) {
    stream.push(null);
    return stream;
  }
  control.on('message', ({ data }) => {
    stream.push(data === null ? null : Buffer.from(data));
    if (data === null) control.unref();
  });
  control.unref();
  return stream;
}

// ---- Waiting

const SHORT_MS = 50;

/** Has the parent know where this thread waits, so that terminate() can end that. */
function followWaits() {
  const { wait } = Atomics;
  define(
    Atomics,
    'wait',
    {
      wait(array, index, value, timeout) {
        if (timeout <= SHORT_MS || !ArrayBuffer.isView(array))
          return wait(array, index, value, timeout);
        native.beginWait(array.buffer, array.byteOffset + index * array.BYTES_PER_ELEMENT);
        try {
          return wait(array, index, value, timeout);
        } finally {
          native.endWait();
        }
      },
    }.wait,
    false,
  );
}

// ---- Setting up

function setUpProcess({ argv, env, name, program, streams: [stdin, stdout, stderr] }) {
  const file = program.kind === 'file' ? program.text : '[worker eval]';
  define(process, 'argv', [process.execPath, file, ...argv], true);
  define(process, 'execArgv', binding('module').execArguments, true);
  if (env !== null) define(process, 'env', makeEnvironment(env), true);
  if (stdout) define(process, 'stdout', outputTo('stdout'), true);
  if (stderr) define(process, 'stderr', outputTo('stderr'), true);
  defineMade(process, ['stdin'], () => inputStream(stdin));
  if (name !== '') define(process, 'threadName', name, false);
  for (const one of FORBIDDEN)
    process[one] = () => {
      throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION(`process.${one}()`);
    };
}

/** Tells the parent what nothing caught. */
function report(error) {
  require('internal/worker/errors').sendError(error, (form) => send('error', form));
}

/** Runs the program that the parent told. */
function run() {
  const { Module } = require('internal/modules/loader');
  for (const [key, value] of start.environmentData) environmentData.set(key, value);
  setUpProcess(start);
  followWaits();
  require('internal/process/report').setReporter(report);
  const { execArguments } = binding('module');
  let { preload } = binding('module');
  let imports; // of --import
  // What hooks are loaded by would load hooks again.
  const isProgram = start.program.kind !== 'hooks';
  const wished = isProgram && own('NODE_OPTIONS') !== undefined;
  if (execArguments.length > 0 || wished) {
    const flags = require('internal/process/flags');
    if (wished) preload = [...flags.environmentPreloads(), ...preload];
    if (isProgram) imports = flags.flag('import');
    flags.applyFlags();
  }
  if (preload.length > 0) Module._preloadModules(preload);
  send('online');
  if (imports === undefined) runProgram(start.program);
  else require('internal/modules/esm').importFirst(imports, () => runProgram(start.program));
}

function runProgram({ kind, text }) {
  const { Module, custom } = require('internal/modules/loader');
  if (kind === 'eval') require('internal/start/modes').runCode(text, '[worker eval]');
  else if (kind === 'url') require('internal/modules/esm').runUrl(text);
  else if (kind === 'hooks') require('internal/worker/hooks').begin(start.workerData);
  else if (custom.hooks !== undefined) require('internal/modules/esm').runFile(text);
  else Module.runMain(text);
}

const { port: parentPort, workerData, limits: resourceLimits, name: threadName } = start;

module.exports = { parentPort, resourceLimits, run, threadName, workerData };
