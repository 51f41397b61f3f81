'use strict';
// The parts of process that a plain network program does not touch. Every member is an entry of
// the exported table; internal/process/core installs them as properties that load this file when
// the first of them is read.
const { codes, errnoException } = require('internal/errors/codes');
const resources = require('internal/process/resources');
const {
  validateFunction,
  validateString,
  validateUint32,
  validateObject,
  validateNumber,
} = require('internal/errors/validators');
const { pathError } = require('internal/errors/system');
const runtime = binding('runtime');
const native = binding('process');
const os = binding('os');

// Packages decide by this number which of Node's functions they may use.
const nodeVersion = '24.11.0';

function checked(result, syscall) {
  if (typeof result === 'number' && result < 0) throw errnoException(result, syscall);
  return result;
}

// ---- Working directory, mask

function cwd() {
  return checked(native.cwd(), 'uv_cwd');
}

/** @param {string} directory */
function chdir(directory) {
  validateString(directory, 'directory');
  if (directory.includes('\0'))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'directory',
      directory,
      'must be a string without null bytes',
    );
  const result = native.chdir(directory);
  if (result < 0) throw pathError(result, 'chdir', cwd(), directory);
}

/** @param {number|string} [mask] @returns {number} the mask before */
function umask(mask) {
  if (mask === undefined) return native.umask();
  if (typeof mask === 'string') {
    if (!/^[0-7]+$/.test(mask))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'mask',
        mask,
        'must be a 32-bit unsigned integer or an octal string',
      );
    mask = parseInt(mask, 8);
  }
  validateUint32(mask, 'mask');
  return native.setUmask(mask & 0o777);
}

// ---- Clocks and resources

/** @param {[number, number]} [before] @returns {[number, number]} seconds, nanoseconds */
function hrtime(before) {
  const now = runtime.hrtime();
  if (before === undefined) return now;
  if (!Array.isArray(before)) throw new codes.ERR_INVALID_ARG_TYPE('time', 'Array', before);
  if (before.length !== 2) throw new codes.ERR_OUT_OF_RANGE('time', 2, before.length);
  let seconds = now[0] - before[0];
  let nanoseconds = now[1] - before[1];
  if (nanoseconds < 0) {
    seconds--;
    nanoseconds += 1e9;
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = function bigint() {
  const [seconds, nanoseconds] = runtime.hrtime();
  return BigInt(seconds) * 1000000000n + BigInt(nanoseconds);
};

/** Seconds since the process began to run its program. */
function uptime() {
  return (runtime.monotonic() - process._started) / 1000;
}

/** Bytes. */
function memoryUsage() {
  const { heapSize = 0, heapCapacity = 0, extraMemorySize = 0 } = runtime.memoryUsage();
  return {
    rss: native.rss(),
    heapTotal: heapCapacity,
    heapUsed: heapSize,
    external: extraMemorySize,
    arrayBuffers: extraMemorySize,
  };
}
memoryUsage.rss = native.rss;

/** The number in a file of the system, NaN if it has none. */
function systemNumber(path) {
  const text = native.readOwn(path);
  return text === undefined ? NaN : Number.parseInt(text, 10);
}

/** How many bytes the control group of the process may use, 0 if that is not limited. */
function constrainedMemory() {
  const limit = systemNumber('/sys/fs/cgroup/memory.max');
  return limit > 0 ? limit : 0;
}

/** How many bytes the process can still get. */
function availableMemory() {
  const text = native.readOwn('/proc/meminfo') ?? '';
  const free = Number(/^MemAvailable: *(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
  const limit = constrainedMemory();
  if (limit === 0) return free;
  return Math.max(Math.min(free, limit - systemNumber('/sys/fs/cgroup/memory.current') || 0), 0);
}

function resourceUsage() {
  const [
    user,
    system,
    maxRSS,
    ix,
    id,
    is,
    minor,
    major,
    swapped,
    fsRead,
    fsWrite,
    sent,
    got,
    signals,
    yielded,
    forced,
  ] = checked(native.resources(), 'uv_getrusage');
  return {
    userCPUTime: user,
    systemCPUTime: system,
    maxRSS,
    sharedMemorySize: ix,
    unsharedDataSize: id,
    unsharedStackSize: is,
    minorPageFault: minor,
    majorPageFault: major,
    swappedOut: swapped,
    fsRead,
    fsWrite,
    ipcSent: sent,
    ipcReceived: got,
    signalsCount: signals,
    voluntaryContextSwitches: yielded,
    involuntaryContextSwitches: forced,
  };
}

/** Microseconds, since the start or since an earlier result. */
const cpuUsage = (before) => usageSince(before, false);

/** The same of the thread that asks. */
const threadCpuUsage = (before) => usageSince(before, true);

function usageSince(before, ofThread) {
  const [user, system] = checked(native.resources(ofThread), 'uv_getrusage');
  if (before === undefined || before === null) return { user, system };
  validateObject(before, 'prevValue');
  for (const name of ['user', 'system']) {
    validateNumber(before[name], `prevValue.${name}`);
    if (!(before[name] >= 0 && before[name] <= Number.MAX_SAFE_INTEGER))
      throw Object.assign(
        new RangeError(
          `The property 'prevValue.${name}' is invalid. Received ${String(before[name])}`,
        ),
        { code: 'ERR_INVALID_ARG_VALUE' },
      );
  }
  return { user: user - before.user, system: system - before.system };
}

// ---- Identity

function identity(id, name, find, kind) {
  if (typeof id === 'number') {
    validateUint32(id, name);
    return id;
  }
  if (typeof id !== 'string') throw new codes.ERR_INVALID_ARG_TYPE(name, ['number', 'string'], id);
  const found = find(id);
  if (found === undefined) throw new codes.ERR_UNKNOWN_CREDENTIAL(kind, id);
  return found;
}
const userId = (id) => identity(id, 'id', native.userId, 'User');
const groupId = (id, name = 'id') => identity(id, name, native.groupId, 'Group');

function setuid(id) {
  checked(native.setuid(userId(id)), 'setuid');
}
function seteuid(id) {
  checked(native.seteuid(userId(id)), 'seteuid');
}
function setgid(id) {
  checked(native.setgid(groupId(id)), 'setgid');
}
function setegid(id) {
  checked(native.setegid(groupId(id)), 'setegid');
}
function setgroups(groups) {
  if (!Array.isArray(groups)) throw new codes.ERR_INVALID_ARG_TYPE('groups', 'Array', groups);
  checked(
    native.setgroups(...groups.map((id, index) => groupId(id, `groups[${index}]`))),
    'setgroups',
  );
}
function initgroups(user, extraGroup) {
  validateString(user, 'user');
  checked(native.initgroups(user, groupId(extraGroup, 'extraGroup')), 'initgroups');
}

// ---- Signals to processes

/** The number of a signal given by name or number. */
function signalNumber(signal) {
  if (typeof signal === 'number') {
    if (!Number.isInteger(signal) || signal < 0 || signal > 64)
      throw errnoException(-os.errno.EINVAL, 'kill');
    return signal;
  }
  const number = typeof signal === 'string' ? os.signals[signal] : undefined;
  if (number === undefined) throw new codes.ERR_UNKNOWN_SIGNAL(signal);
  return number;
}

/** Sends a signal; 0 only asks whether the process exists. */
function kill(pid, signal = 'SIGTERM') {
  // eslint-disable-next-line eqeqeq
  if (pid != (pid | 0)) throw new codes.ERR_INVALID_ARG_TYPE('pid', 'number', pid);
  checked(native.kill(pid | 0, signalNumber(signal)), 'kill');
  return true;
}

// ---- Uncaught exceptions

function setUncaughtExceptionCaptureCallback(callback) {
  if (callback === null) {
    process._uncaughtCapture = null;
    return;
  }
  if (typeof callback !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
  if (process._uncaughtCapture !== null)
    throw new codes.ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  process._uncaughtCapture = callback;
}
let captures;

/** Adds a function that is asked, the last one first, whether it takes an uncaught error. */
function addUncaughtExceptionCaptureCallback(callback) {
  validateFunction(callback, 'fn');
  captures ??= [];
  captures.push(callback);
  process._captured ??= (error) => captures.toReversed().some((one) => one(error) === true);
}

const PATH = ['string', 'Buffer', 'URL'];

/** Variables of a .env file that are not set yet. */
function loadEnvFile(path = '.env') {
  if (typeof path === 'number') throw new codes.ERR_INVALID_ARG_TYPE('path', PATH, path);
  const { parseEnv } = require('internal/util/parse_env');
  const variables = parseEnv(require('fs').readFileSync(path, 'utf8'));
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
}

/** Calls the method of what may keep the process alive, by its symbol or its name. */
const holding = (name) => (object) => {
  const own = object?.[Symbol.for(`nodejs.${name}`)] ?? object?.[Symbol.for(`node:${name}`)];
  const method = own ?? object?.[name];
  if (typeof method === 'function') Reflect.apply(method, object, []);
};

function hasUncaughtExceptionCaptureCallback() {
  return process._uncaughtCapture !== null;
}

/** What this task may do, as a policy file has it. */
function getPermissions() {
  return require('internal/process/permission').getPermissions();
}

const withoutNull = (text) => typeof text === 'string' && !text.includes('\0');

/** Runs another program in place of this one, which ends without its exit event. */
function execve(execPath, args = [], env = process.env) {
  if (binding('task').id !== 1)
    throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION('process.execve()');
  validateString(execPath, 'execPath');
  if (!Array.isArray(args)) throw new codes.ERR_INVALID_ARG_TYPE('args', 'Array', args);
  const wrong = args.findIndex((one) => !withoutNull(one));
  if (wrong >= 0)
    throw new codes.ERR_INVALID_ARG_VALUE(
      `args[${wrong}]`,
      args[wrong],
      'must be a string without null bytes',
    );
  validateObject(env, 'env');
  const pairs = Object.entries(env);
  if (!pairs.flat().every(withoutNull))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'env',
      env,
      'must be an object with string keys and values without null bytes',
    );
  const { replace } = binding('child');
  const error = replace(
    execPath,
    args,
    pairs.map(([name, value]) => `${name}=${value}`),
  );
  throw pathError(error, 'execve', execPath);
}

/** A built-in module, or undefined. */
function getBuiltinModule(id) {
  validateString(id, 'id');
  const { builtinName } = require('internal/modules/loader');
  const name = builtinName(id);
  return name !== undefined ? require(name) : undefined;
}

/** Standard input, which flows; of before there were streams that start on their own. */
function openStdin() {
  process.stdin.resume();
  return process.stdin;
}

/** Prints to standard error past all streams. */
function rawDebug(...args) {
  runtime.writeSync(2, `${require('internal/inspect/inspect').format(...args)}\n`);
}

/** Stacks are those of the files that run; the wish is kept. */
function setSourceMapsEnabled(enabled) {
  const maps = require('internal/modules/source_maps');
  maps.set(enabled, { nodeModules: enabled, generatedCode: enabled });
}

const release = { name: 'node' };

// Of native add-ons, in the Node that nodeVersion names; scripts that look for built ones read it.
const MODULE_VERSION = 137;

const features = Object.freeze({
  inspector: false,
  debug: false,
  uv: false,
  ipv6: true,
  tls_alpn: true,
  tls_sni: true,
  tls_ocsp: true,
  tls: true,
  cached_builtins: true,
  typescript: false,
});

module.exports = {
  functions: {
    cwd,
    chdir,
    umask,
    hrtime,
    uptime,
    availableMemory,
    constrainedMemory,
    memoryUsage,
    resourceUsage,
    cpuUsage,
    threadCpuUsage,
    execve,
    getuid: native.getuid,
    geteuid: native.geteuid,
    getgid: native.getgid,
    getegid: native.getegid,
    getgroups: native.getgroups,
    setuid,
    seteuid,
    setgid,
    setegid,
    setgroups,
    initgroups,
    kill,
    abort: native.abort,
    emitWarning: require('internal/process/warnings').emitWarning,
    addUncaughtExceptionCaptureCallback,
    setUncaughtExceptionCaptureCallback,
    loadEnvFile,
    ref: holding('ref'),
    unref: holding('unref'),
    hasUncaughtExceptionCaptureCallback,
    getActiveResourcesInfo: resources.getActiveResourcesInfo,
    getBuiltinModule,
    getPermissions,
    openStdin,
    setSourceMapsEnabled,
    _getActiveHandles: resources.activeHandles,
    _getActiveRequests: resources.activeRequests,
    _rawDebug: rawDebug,
  },
  values: {
    pid: native.pid(),
    platform: 'linux',
    arch: os.arch,
    version: `v${nodeVersion}`,
    versions: Object.freeze({
      sluice: native.version,
      node: nodeVersion,
      jsc: native.jscVersion,
      fast_paths: native.fastPaths,
      openssl: native.opensslVersion,
      zlib: native.zlibVersion,
    }),
    release,
    config: Object.freeze({
      target_defaults: Object.freeze({}),
      variables: Object.freeze({ node_module_version: MODULE_VERSION }),
    }),
    features,
    get allowedNodeEnvironmentFlags() {
      return require('internal/process/environment_flags');
    },
    get report() {
      return require('internal/process/diagnostic_report').report;
    },
    get finalization() {
      return require('internal/process/finalization');
    },
    execPath: native.execPath(),
    execArgv: [],
    argv0: native.argv0(),
  },
};
