'use strict';
// Checks of what the functions of child_process are given.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { codes } = require('internal/errors/codes');
const { signals } = require('internal/base/constants');
const {
  validateArray,
  validateBoolean,
  validateInt32,
  validateInteger,
  validateNumber,
  validateObject,
  validateString,
} = require('internal/errors/validators');

const signalNames = new Map();
for (const [name, number] of Object.entries(signals))
  if (!signalNames.has(number)) signalNames.set(number, name);

/** The number of a signal given by name or number. @throws {TypeError} ERR_UNKNOWN_SIGNAL */
function signalNumber(signal) {
  const number = typeof signal === 'string' ? signals[signal.toUpperCase()] : signal;
  if (Number.isInteger(number) && (number === 0 || signalNames.has(number))) return number;
  throw new codes.ERR_UNKNOWN_SIGNAL(signal);
}

/** As signalNumber(), for the option of that name, undefined if it is not given. */
function checkKillSignal(signal) {
  if (signal === undefined || signal === null) return undefined;
  if (typeof signal !== 'string' && typeof signal !== 'number')
    throw new codes.ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
  if (signal === 0) throw new codes.ERR_UNKNOWN_SIGNAL(signal);
  return signalNumber(signal);
}

function checkNoNull(value, name, what = 'a string') {
  if (typeof value === 'string' && value.includes('\0'))
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, `must be ${what} without null bytes`);
}

function checkTimeout(timeout) {
  if (timeout !== undefined && timeout !== null) validateInteger(timeout, 'timeout', 0);
}

function checkMaxBuffer(maxBuffer) {
  if (maxBuffer !== undefined && maxBuffer !== null)
    validateNumber(maxBuffer, 'options.maxBuffer', 0);
}

/** A path given as text, bytes or a file URL. */
function pathOf(path, name) {
  if (typeof path === 'object' && path !== null && path.protocol !== undefined && path.href)
    path = require('url').fileURLToPath(path);
  if (typeof path !== 'string' && !isUint8Array(path))
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], path);
  const text = typeof path === 'string' ? path : Buffer.from(path).toString();
  checkNoNull(text, name, 'a string, Uint8Array, or URL');
  return text;
}

/** NAME=value of every variable, those that env inherits too. */
function pairsOf(env) {
  const pairs = [];
  for (const key in env) {
    const value = env[key];
    if (value === undefined) continue;
    checkNoNull(key, `options.env['${key}']`);
    checkNoNull(`${value}`, `options.env['${key}']`);
    pairs.push(`${key}=${value}`);
  }
  return pairs;
}

const flags = ['detached', 'windowsHide', 'windowsVerbatimArguments'];

function checkOptions(options) {
  const { uid, gid, shell, argv0 } = options;
  if (options.cwd !== undefined && options.cwd !== null) pathOf(options.cwd, 'options.cwd');
  if (uid !== undefined && uid !== null) validateInt32(uid, 'options.uid');
  if (gid !== undefined && gid !== null) validateInt32(gid, 'options.gid');
  for (const name of flags)
    if (options[name] !== undefined && options[name] !== null)
      validateBoolean(options[name], `options.${name}`);
  if (shell !== undefined && shell !== null) {
    if (typeof shell !== 'boolean' && typeof shell !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], shell);
    checkNoNull(shell, 'options.shell');
  }
  if (argv0 !== undefined && argv0 !== null) {
    validateString(argv0, 'options.argv0');
    checkNoNull(argv0, 'options.argv0');
  }
}

function checkStrings(strings, name) {
  for (const [i, one] of strings.entries()) checkNoNull(one, `${name}[${i}]`);
}

/**
 * (file[, args][, options]), checked, as ChildProcess.prototype.spawn() takes them.
 * @returns {object} the options with file, args (argv[0] too), envPairs, cwd as text
 */
function normalize(file, args, options) {
  validateString(file, 'file');
  checkNoNull(file, 'file');
  if (file.length === 0) throw new codes.ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  if (Array.isArray(args)) args = args.slice();
  else if (args === undefined || args === null) args = [];
  else if (typeof args !== 'object') throw new codes.ERR_INVALID_ARG_TYPE('args', 'object', args);
  else [args, options] = [[], args];
  checkStrings(args, 'args');
  if (options === undefined) options = {};
  else validateObject(options, 'options');
  checkOptions(options);
  const envPairs = pairsOf(options.env ?? process.env);
  if (options.shell) {
    if (args.length > 0)
      require('internal/process/warnings').deprecated(
        'DEP0190',
        'Passing args to a child process with shell option true can lead to security ' +
          'vulnerabilities, as the arguments are not escaped, only concatenated.',
      );
    const command = [file, ...args].join(' ');
    file = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    args = ['-c', command];
  }
  return {
    ...options,
    args: [options.argv0 ?? file, ...args].map((one) => `${one}`),
    cwd:
      options.cwd === undefined || options.cwd === null ? '' : pathOf(options.cwd, 'options.cwd'),
    detached: Boolean(options.detached),
    envPairs,
    file,
  };
}

/** (modulePath[, args][, options]) of fork(), as spawn() takes them. */
function normalizeFork(modulePath, args, options) {
  modulePath = pathOf(modulePath, 'modulePath');
  if (args === undefined || args === null) args = [];
  else if (typeof args === 'object' && !Array.isArray(args)) [args, options] = [[], args];
  else validateArray(args, 'args');
  if (options !== undefined && options !== null) validateObject(options, 'options');
  options = { ...options, shell: false };
  options.execPath ||= process.execPath;
  checkNoNull(options.execPath, 'options.execPath');
  const given = options.execArgv;
  const execArgv = given && given !== process.execArgv ? given : ownArguments();
  if (Array.isArray(execArgv)) checkStrings(execArgv, 'options.execArgv');
  const { stdio } = options;
  if (typeof stdio === 'string') options.stdio = stdioOf(stdio, 'ipc');
  else if (!Array.isArray(stdio))
    options.stdio = stdioOf(options.silent ? 'pipe' : 'inherit', 'ipc');
  else if (!stdio.includes('ipc')) throw new codes.ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
  return [options.execPath, [...execArgv, modulePath, ...args], options];
}

// A program that was given in options, and addresses that only one process can have.
const OWN_TWO = /^(-e|-p|-pe|--eval|--print|--metrics)$/; // with the next word
const OWN_ONE = /^(--(eval|print|metrics|dashboard)=|--dashboard$|--control=(?!off$))/;

/** process.execArgv without what is of this process alone. */
function ownArguments() {
  const words = [...process.execArgv];
  for (let i = 0; i < words.length;)
    if (OWN_TWO.test(words[i])) words.splice(i, 2);
    else if (OWN_ONE.test(words[i])) words.splice(i, 1);
    else i++;
  return words;
}

// ---- The child's descriptors

const STANDARD = 3;

/** The list that a word stands for. */
function stdioOf(word, ...further) {
  if (word === 'inherit') return [0, 1, 2, ...further];
  if (['pipe', 'overlapped', 'ignore'].includes(word))
    return [...Array(STANDARD).fill(word), ...further];
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', word);
}

function kindOf(one, index, sync, stdio) {
  if (one === undefined || one === null) return index < STANDARD ? 'pipe' : 'ignore';
  if (one === 'pipe' || one === 'overlapped' || (typeof one === 'number' && one < 0)) return 'pipe';
  if (one === 'ignore' || one === 'ipc') return one;
  if (one === 'inherit') return index;
  if (typeof one === 'number') return one;
  const fd = typeof one.fd === 'number' ? one.fd : (one.handle ?? one._handle)?.fd;
  if (typeof fd === 'number' && fd >= 0) return fd;
  if (ArrayBuffer.isView(one) || typeof one === 'string') {
    if (sync) return 'pipe';
    throw new codes.ERR_INVALID_SYNC_FORK_INPUT(require('util').inspect(one));
  }
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', one ?? stdio);
}

/** What each of the child's descriptors is: 'pipe', 'ignore', 'ipc', or a descriptor of here. */
function stdioKinds(stdio, sync) {
  if (typeof stdio === 'string') stdio = stdioOf(stdio);
  else if (!Array.isArray(stdio)) throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
  const list = [...stdio];
  while (list.length < STANDARD) list.push(undefined);
  const kinds = list.map((one, index) => kindOf(one, index, sync, stdio));
  const channels = kinds.filter((kind) => kind === 'ipc').length;
  if (channels > 0 && sync) throw new codes.ERR_IPC_SYNC_FORK();
  if (channels > 1) throw new codes.ERR_IPC_ONE_PIPE();
  return kinds;
}

module.exports = {
  checkKillSignal,
  checkMaxBuffer,
  checkNoNull,
  checkTimeout,
  normalize,
  normalizeFork,
  signalNames,
  signalNumber,
  stdioKinds,
};
