'use strict';
// The core of process: ticks, the end of the process, uncaught errors. What fewer programs need
// is in internal/process/members, which adds itself on first use.
const EventEmitter = require('events');
const { define, defineMade } = require('internal/base/lazy');
const stores = require('internal/base/stores');
const runtime = binding('runtime');
const { shared } = runtime;

// Indices, of struct Shared in src/engine/engine.h.
const TICKS = 0;

const Process = Object.defineProperty(function () {}, 'name', { value: 'process' });
Process.prototype = Object.create(EventEmitter.prototype, {
  constructor: { value: Process, writable: true, configurable: true },
  [Symbol.toStringTag]: { value: 'process', configurable: true },
});
Object.setPrototypeOf(process, Process.prototype);
EventEmitter.call(process);

/** Members that the runtime itself uses: there, but not listed. */
const hidden = (name, value) => define(process, name, value, false);
hidden('_started', runtime.monotonic());
hidden('_uncaughtCapture', null);
hidden('_atEnd', undefined); // called when nothing is left to do, and not by exit()

// ---- Ticks

let queue = [];
let head = 0;

/** Runs callback(...args) after the current operation, before promise jobs. */
process.nextTick = function nextTick(callback, ...args) {
  if (typeof callback !== 'function') {
    const { codes } = require('internal/errors/codes');
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
  if (process._exiting) return;
  queue.push(stores.carry(callback, 'TickObject'), args.length > 0 ? args : null);
  shared[TICKS] = 1;
};

function runTicks() {
  let done;
  do {
    while (head < queue.length) {
      const callback = queue[head];
      const args = queue[head + 1];
      queue[head] = queue[head + 1] = undefined;
      head += 2;
      if (head === 2048) {
        queue = queue.slice(head);
        head = 0;
      }
      try {
        if (args === null) callback();
        else if (args.length === 1) callback(args[0]);
        else callback(...args);
      } catch (error) {
        process._uncaught(error);
      }
    }
    queue.length = 0;
    head = 0;
    shared[TICKS] = 0;
    done = runtime.drainMicrotasks();
  } while (queue.length > 0);
  if (stores.used) stores.leave();
  return done;
}

/** Has runTicks() run after the promise jobs that run now. */
hidden('_ticksWanted', () => {
  shared[TICKS] = 1;
});

/**
 * Runs ticks and promise jobs until there are none; between two callbacks of one event.
 * @returns {boolean} false if promise jobs wait until the caller returned to the engine: the next
 * callback must wait too
 */
hidden('_settle', function settle() {
  return shared[TICKS] !== 0 ? runTicks() : runtime.drainMicrotasks();
});

// ---- Errors that nothing caught

/**
 * Hands an error to the program's listeners. Without any, iosched.poll() throws it if it goes on;
 * else it is printed and ends the process.
 */
hidden('_uncaught', function uncaught(error, origin = 'uncaughtException') {
  require('internal/errors/stack').fixStack(error);
  const context = stores.ofFailure(error);
  if (context === undefined) handle(error, origin);
  else stores.as(context, handle, undefined, [error, origin]);
});

function handle(error, origin) {
  if (process._uncaughtCapture !== null) {
    process._uncaughtCapture(error);
    return;
  }
  try {
    if (process._captured?.(error)) return;
    if (process._taskUncaught?.(error)) return;
    if (process.listenerCount('uncaughtExceptionMonitor') > 0)
      process.emit('uncaughtExceptionMonitor', error, origin);
    if (process.emit('uncaughtException', error, origin)) return;
    if (runtime.throwFromPoll(error)) return;
  } catch (next) {
    error = next; // a listener that throws ends the process with what it threw
    process.exitCode = 7;
  }
  require('internal/process/report').reportUncaught(error);
  exit(process.exitCode || 1);
}

// The engine tells of rejections when no promise job is left. Those that were not noted are of what ran
// last: what follows an `await`, or the callback before the jobs.
function contextOfRejection(reason) {
  const last = stores.outside === undefined ? stores.ended : undefined;
  return stores.ofFailure(reason) ?? last ?? stores.current;
}

runtime.setRejectionCallback((promise, reason) => {
  const tell = () => require('internal/process/rejections').unhandled(promise, reason);
  stores.as(contextOfRejection(reason), process.nextTick, process, [tell]);
});

// ---- The end

let exitCode;

/** A code that exit() and exitCode take as a number; throws what is none. */
function checkExitCode(code) {
  if (code === undefined || code === null) return undefined;
  const { validateInteger } = require('internal/errors/validators');
  const number = typeof code === 'string' && code !== '' ? Number(code) : NaN;
  if (!Number.isNaN(number)) code = number;
  validateInteger(code, 'code');
  return code;
}

Object.defineProperty(process, 'exitCode', {
  enumerable: true,
  configurable: false,
  get: () => exitCode,
  set(code) {
    exitCode = checkExitCode(code);
  },
});

/** Emits an event, without compiling emit() while nobody can hear it. */
function tell(type, code) {
  const heard = process._events?.[type] !== undefined;
  if (heard || process.emit !== EventEmitter.prototype.emit) process.emit(type, code);
}

function emitExit(code) {
  if (code !== undefined && code !== null) process.exitCode = code;
  if (!process._exiting) {
    process._exiting = true;
    if (runtime.service) require('internal/net/service').stopping();
    try {
      tell('exit', Number(process.exitCode) || 0);
    } catch (error) {
      require('internal/process/report').reportUncaught(error);
      process.exitCode = 1;
    }
  }
  return Number(process.exitCode) || 0;
}

/** Ends the process, or the task if it is not the main one, at once. */
function reallyExit(code) {
  runtime.reallyExit(code);
}

/** Ends the process, or the task, after the exit event. */
function exit(code) {
  reallyExit(emitExit(code));
}
process.exit = exit;
process.reallyExit = reallyExit;
process._exiting = false;

const timers = require('internal/timers/timers');
runtime.setHooks({
  runTicks,
  drainMicrotasks: runtime.drainMicrotasks,
  runImmediates: timers.runImmediates,
  runTimers: timers.runTimers,
  uncaught: process._uncaught,
  beforeExit() {
    tell('beforeExit', Number(process.exitCode) || 0);
  },
  exit() {
    process._atEnd?.();
    return emitExit();
  },
});

// ---- The rest, when it is first used

defineMade(
  process,
  [
    'abort',
    'chdir',
    'cpuUsage',
    'cwd',
    'emitWarning',
    'execve',
    'availableMemory',
    'constrainedMemory',
    'getActiveResourcesInfo',
    'getBuiltinModule',
    'openStdin',
    'setSourceMapsEnabled',
    '_getActiveHandles',
    '_getActiveRequests',
    '_rawDebug',
    'getPermissions',
    'getegid',
    'geteuid',
    'getgid',
    'getgroups',
    'getuid',
    'hasUncaughtExceptionCaptureCallback',
    'hrtime',
    'initgroups',
    'kill',
    'loadEnvFile',
    'memoryUsage',
    'ref',
    'resourceUsage',
    'addUncaughtExceptionCaptureCallback',
    'setUncaughtExceptionCaptureCallback',
    'setegid',
    'seteuid',
    'setgid',
    'setgroups',
    'setuid',
    'threadCpuUsage',
    'umask',
    'unref',
    'uptime',
  ],
  (name) => require('internal/process/members').functions[name],
);
defineMade(
  process,
  [
    'arch',
    'argv0',
    'config',
    'execArgv',
    'execPath',
    'features',
    'finalization',
    'pid',
    'platform',
    'allowedNodeEnvironmentFlags',
    'report',
    'release',
    'version',
    'versions',
  ],
  (name) => require('internal/process/members').values[name],
);
defineMade(process, ['env'], () => require('internal/process/env'));
defineMade(process, ['stdin', 'stdout', 'stderr'], (name) =>
  require('internal/process/stdio').stream(name),
);

Object.defineProperty(process, 'ppid', {
  enumerable: true,
  configurable: true,
  get: () => binding('process').parentPid(),
});

Object.defineProperty(process, 'sourceMapsEnabled', {
  enumerable: true,
  configurable: true,
  get: () => require('internal/modules/source_maps').get().enabled,
});

let title = 'sluice';
Object.defineProperty(process, 'title', {
  enumerable: true,
  configurable: true,
  get: () => title,
  set(value) {
    title = `${value}`;
    binding('process').setTitle(title);
  },
});

const { restricted, audits } = binding('runtime');
if (restricted)
  defineMade(process, ['permission'], () => require('internal/process/permission').permission);
if (audits) require('internal/process/permission').startAudit();

// What tells of a signal, and of messages of other threads, is there while there are listeners.
const source = (type) =>
  typeof type === 'string' && type.startsWith('SIG')
    ? require('internal/process/signals')
    : type === 'workerMessage'
      ? require('internal/worker/messaging')
      : undefined;
// on() would have to be compiled for these two.
process._events.newListener = (type) => source(type)?.start(type);
process._events.removeListener = (type) => source(type)?.stop(type);
process._eventsCount = 2;
