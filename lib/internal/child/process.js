'use strict';
// ChildProcess: a program that runs beside this one. docs: https://nodejs.org/api/child_process.html
const EventEmitter = require('events');
const { codes, errnoException } = require('internal/errors/codes');
const { signals, errno } = require('internal/base/constants');
const {
  validateAbortSignal,
  validateArray,
  validateBoolean,
  validateInteger,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const native = binding('child');

const signalNames = new Map();
for (const [name, number] of Object.entries(signals))
  if (!signalNames.has(number)) signalNames.set(number, name);

/** The number of a signal given by name or number. */
function signalNumber(signal) {
  const number = typeof signal === 'string' ? signals[signal.toUpperCase()] : signal;
  if (Number.isInteger(number) && (number === 0 || signalNames.has(number))) return number;
  throw new codes.ERR_UNKNOWN_SIGNAL(signal);
}

function checkText(value, name) {
  validateString(value, name);
  if (value.includes('\0'))
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
  return value;
}

function environment(env) {
  const list = [];
  for (const key in env) {
    if (env[key] === undefined) continue;
    list.push(checkText(`${key}=${env[key]}`, `options.env['${key}']`));
  }
  return list;
}

function workingDirectory(cwd) {
  if (cwd === undefined || cwd === null) return '';
  if (typeof cwd === 'object' && cwd.protocol === 'file:') return require('url').fileURLToPath(cwd);
  return checkText(cwd, 'options.cwd');
}

/** File, arguments and environment as the system gets them. */
function command(file, args, options) {
  checkText(file, 'file');
  if (file === '') throw new codes.ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  validateArray(args, 'args');
  const rest = args.map((value, index) => checkText(`${value}`, `args[${index}]`));
  let words = [
    options.argv0 === undefined ? file : checkText(options.argv0, 'options.argv0'),
    ...rest,
  ];
  if (options.shell) {
    const shell = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    words = [options.argv0 ?? shell, '-c', [file, ...rest].join(' ')];
    file = shell;
  }
  return { file, words, environment: environment(options.env ?? process.env) };
}

/** Checks the options that all functions have. */
function checkOptions(options) {
  for (const name of ['uid', 'gid'])
    if (options[name] != null)
      throw new codes.ERR_FEATURE_UNAVAILABLE(`options.${name} of child_process`);
  if (options.detached != null) validateBoolean(options.detached, 'options.detached');
  if (options.shell != null && typeof options.shell !== 'string')
    validateBoolean(options.shell, 'options.shell');
  if (options.timeout != null) validateInteger(options.timeout, 'options.timeout', 0);
  if (options.signal != null) validateAbortSignal(options.signal, 'options.signal');
}

const INHERIT_COUNT = 3;

/** What each of the child's descriptors is: 'pipe', 'ignore', or a descriptor of this process. */
function stdioKinds(stdio = 'pipe') {
  if (typeof stdio === 'string') {
    if (!['pipe', 'overlapped', 'ignore', 'inherit'].includes(stdio))
      throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
    stdio = Array(INHERIT_COUNT).fill(stdio);
  } else if (!Array.isArray(stdio)) throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
  const kinds = stdio.map((one, index) => stdioKind(one, index));
  while (kinds.length < INHERIT_COUNT) kinds.push('pipe');
  return kinds;
}

function stdioKind(one, index) {
  if (one === undefined || one === null) return index < INHERIT_COUNT ? 'pipe' : 'ignore';
  if (one === 'pipe' || one === 'overlapped') return 'pipe';
  if (one === 'ignore') return 'ignore';
  if (one === 'inherit') return index;
  if (one === 'ipc') throw new codes.ERR_FEATURE_UNAVAILABLE("the 'ipc' channel of child_process");
  const fd = typeof one === 'number' ? one : (one.fd ?? one._handle?.fd);
  if (Number.isInteger(fd) && fd >= 0) return fd;
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', one);
}

/** The parent's descriptors of the child's and, for pipes, the ends that stay here. */
function openPipes(kinds) {
  const theirs = [];
  const ours = [];
  for (const kind of kinds) {
    if (kind !== 'pipe') {
      theirs.push(kind === 'ignore' ? -1 : kind);
      ours.push(undefined);
      continue;
    }
    const pair = native.pair();
    if (typeof pair === 'number') {
      closePipes(kinds, theirs, ours);
      throw errnoException(pair, 'spawn');
    }
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  return { theirs, ours };
}

function closePipes(kinds, theirs, ours) {
  for (const [index, fd] of ours.entries()) {
    if (fd === undefined) continue;
    native.close(fd);
    native.close(theirs[index]);
  }
}

/** The error of a program that could not be started. */
function spawnError(number, file, words) {
  const error = errnoException(number, `spawn ${file}`);
  error.path = file;
  error.spawnargs = words.slice(1);
  return error;
}

class ChildProcess extends EventEmitter {
  #open = 1; // streams that have not closed, and the process itself

  constructor() {
    super();
    this.connected = false;
    this.signalCode = null;
    this.exitCode = null;
    this.killed = false;
    this.spawnfile = null;
  }

  /** Starts the program; options are those of child_process.spawn(), with file and args. */
  spawn(options) {
    validateObject(options, 'options');
    const { file, words, environment: env } = command(options.file, options.args ?? [], options);
    const kinds = stdioKinds(options.stdio);
    const directory = workingDirectory(options.cwd);
    this.spawnfile = file;
    this.spawnargs = words;
    const { theirs, ours } = openPipes(kinds);
    const exited = (code, signal) => this.#exited(code, signal);
    const pid = native.spawn(
      file,
      words,
      env,
      directory,
      Boolean(options.detached),
      theirs,
      exited,
    );
    for (const [index, kind] of kinds.entries()) if (kind === 'pipe') native.close(theirs[index]);
    this.stdio = ours.map((fd, index) => (fd === undefined ? null : this.#stream(fd, index)));
    [this.stdin, this.stdout, this.stderr] = this.stdio;
    if (pid < 0) {
      this.#failed(spawnError(pid, file, words), pid);
      return pid;
    }
    this.pid = pid;
    process.nextTick(() => this.emit('spawn'));
    return 0;
  }

  #stream(fd, index) {
    const { Socket } = require('net');
    const stream = new Socket({ fd, readable: index > 0, writable: index === 0 || index > 2 });
    this.#open++;
    stream.once('close', () => this.#closed());
    return stream;
  }

  #failed(error, number) {
    this.exitCode = number;
    for (const stream of this.stdio) stream?.destroy();
    process.nextTick(() => {
      this.emit('error', error);
      this.#closed();
    });
  }

  #exited(code, signal) {
    native.forget(this.pid);
    if (signal !== 0) this.signalCode = signalNames.get(signal) ?? `SIG${signal}`;
    else this.exitCode = code;
    this.stdin?.destroy();
    this.emit('exit', this.exitCode, this.signalCode);
    // What the child wrote and nobody reads would keep its streams open for ever.
    for (const stream of this.stdio)
      if (stream?.readable && stream.readableFlowing === null) stream.resume();
    this.#closed();
  }

  #closed() {
    if (--this.#open === 0) this.emit('close', this.exitCode, this.signalCode);
  }

  /** Sends a signal; false if the process has ended. */
  kill(signal = 'SIGTERM') {
    const number = signalNumber(signal);
    if (this.pid === undefined || this.exitCode !== null || this.signalCode !== null) return false;
    const result = native.kill(this.pid, number);
    if (result === -errno.ESRCH) return false;
    if (result < 0) {
      this.emit('error', errnoException(result, 'kill'));
      return false;
    }
    if (number !== 0) this.killed = true;
    return true;
  }

  ref() {
    native.setRef(this.pid, true);
  }

  unref() {
    native.setRef(this.pid, false);
  }

  [Symbol.dispose]() {
    if (!this.killed) this.kill();
  }
}

module.exports = {
  ChildProcess,
  checkOptions,
  command,
  signalNames,
  signalNumber,
  spawnError,
  stdioKinds,
  workingDirectory,
};
