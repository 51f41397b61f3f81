'use strict';
// ChildProcess: a program that runs beside this one. docs: https://nodejs.org/api/child_process.html
const EventEmitter = require('events');
const { carry } = require('internal/base/stores');
const channels = require('internal/base/channels');
const { DENIED, errnoException } = require('internal/errors/codes');
const { errno } = require('internal/base/constants');
const {
  validateArray,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');
const { signalNames, signalNumber, stdioKinds } = require('internal/child/options');
const native = binding('child');

/** The parent's descriptors of the child's, and for pipes and the channel the ends that stay here. */
function openPipes(kinds) {
  const theirs = [];
  const ours = [];
  for (const kind of kinds) {
    if (kind !== 'pipe' && kind !== 'ipc') {
      theirs.push(kind === 'ignore' ? -1 : kind);
      ours.push(undefined);
      continue;
    }
    const pair = native.pair();
    if (typeof pair === 'number') {
      for (const [index, fd] of ours.entries()) {
        if (fd === undefined) continue;
        native.close(fd);
        native.close(theirs[index]);
      }
      return { error: pair };
    }
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  return { theirs, ours };
}

const given = new WeakSet(); // streams that are a child's too

/** A stream that a child has now is not read here, unless the program does so again. */
function giveAway(stdio) {
  if (!Array.isArray(stdio)) return;
  for (const one of stdio) {
    if (typeof one?.pause !== 'function' || !one._handle) continue;
    given.add(one);
    one.pause();
  }
}

/** The error of a program that could not be started. */
function spawnError(number, file, words, syscall = 'spawn') {
  const error = errnoException(number, file ? `${syscall} ${file}` : syscall);
  if (file) error.path = file;
  error.spawnargs = words.slice(1);
  return error;
}

// What a failed start gives to the error event; whatever else is thrown.
const EMITTED = new Set(
  ['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT'].map((one) => -errno[one]),
);

const kOpen = Symbol('open'); // streams that have not closed, and the process itself

function ChildProcess() {
  if (!(this instanceof ChildProcess)) return new ChildProcess();
  EventEmitter.call(this);
  this[kOpen] = 1;
  this.connected = false;
  this.signalCode = null;
  this.exitCode = null;
  this.killed = false;
  this.spawnfile = null;
  channels.publish?.('child_process', { process: this });
}
Object.setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype);
Object.setPrototypeOf(ChildProcess, EventEmitter);

/**
 * Starts the program. args has argv[0] too, envPairs are NAME=value.
 * @returns {number} 0 or a negative errno value, which the error event tells too
 */
ChildProcess.prototype.spawn = function spawn(options) {
  validateObject(options, 'options');
  validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
  const serialization = options.serialization ?? 'json';
  const kinds = stdioKinds(options.stdio || 'pipe', false);
  const channel = kinds.indexOf('ipc');
  let pairs = options.envPairs;
  if (pairs !== undefined || channel >= 0) {
    if (pairs === undefined) pairs = [];
    else validateArray(pairs, 'options.envPairs');
  }
  pairs = [...(pairs ?? [])];
  if (channel >= 0)
    pairs.push(`NODE_CHANNEL_FD=${channel}`, `NODE_CHANNEL_SERIALIZATION_MODE=${serialization}`);
  validateString(options.file, 'options.file');
  this.spawnfile = options.file;
  if (options.args === undefined) this.spawnargs = [];
  else validateArray(options.args, 'options.args');
  this.spawnargs = options.args ?? [];
  const rest = [this, options, kinds, pairs, serialization];
  if (channels.trace === null) return start(...rest);
  const told = { process: this, options };
  let number;
  const run = () => {
    number = start(...rest);
    if (number !== 0) throw spawnError(number, this.spawnfile, this.spawnargs);
    return number;
  };
  try {
    return channels.trace('traceSync', 'child_process.spawn', run, told);
  } catch (error) {
    if (number === undefined) throw error;
    return number; // its error event comes
  }
};

function start(child, options, kinds, pairs, serialization) {
  const { error, theirs, ours } = openPipes(kinds);
  if (error !== undefined) return failed(child, error);
  const pid = native.spawn(
    options.file,
    child.spawnargs,
    pairs,
    options.cwd ?? '',
    Boolean(options.detached),
    theirs,
    options.uid ?? -1,
    options.gid ?? -1,
    carry((code, signal) => exited(child, code, signal), 'PROCESSWRAP', child),
  );
  for (const [index, fd] of ours.entries()) if (fd !== undefined) native.close(theirs[index]);
  if (pid < 0 && (!EMITTED.has(pid) || pid === -errno.EMFILE || pid === -errno.ENFILE)) {
    for (const fd of ours) if (fd !== undefined) native.close(fd);
    return failed(child, pid);
  }
  giveAway(options.stdio);
  child.stdio = kinds.map((kind, index) =>
    kind === 'pipe' ? streamOf(child, ours[index], index) : null,
  );
  [child.stdin, child.stdout, child.stderr] = child.stdio;
  const at = kinds.indexOf('ipc');
  if (at >= 0 && pid < 0) native.close(ours[at]);
  else if (at >= 0) {
    child[kOpen]++;
    const { openChannel } = require('internal/child/channel');
    openChannel(child, ours[at], serialization, () => closed(child));
  }
  if (pid < 0) return failed(child, pid);
  child.pid = pid;
  process.nextTick(() => child.emit('spawn'));
  return 0;
}

function streamOf(child, fd, index) {
  const { Socket } = require('net');
  const stream = new Socket({ fd, readable: index > 0, writable: index === 0 || index > 2 });
  child[kOpen]++;
  stream.once('close', () => closed(child));
  return stream;
}

function failed(child, number) {
  const error = spawnError(number, child.spawnfile, child.spawnargs);
  if (number === DENIED) throw error;
  if (!EMITTED.has(number)) throw errnoException(number, 'spawn');
  process.nextTick(() => {
    child.exitCode = number;
    for (const stream of child.stdio ?? []) stream?.destroy();
    child.emit('error', error);
    closed(child);
  });
  return number;
}

function exited(child, code, signal) {
  native.forget(child.pid);
  if (signal !== 0) child.signalCode = signalNames.get(signal) ?? `SIG${signal}`;
  else child.exitCode = code;
  child.stdin?.destroy();
  child.emit('exit', child.exitCode, child.signalCode);
  process.nextTick(() => {
    // What the child wrote and nobody reads would keep its streams open for ever.
    for (const stream of child.stdio)
      if (stream?.readable && !stream._readableState.readableListening && !given.has(stream))
        stream.resume();
  });
  closed(child);
}

function closed(child) {
  if (--child[kOpen] === 0) child.emit('close', child.exitCode, child.signalCode);
}

/** Sends a signal; false if the process has ended. */
ChildProcess.prototype.kill = function kill(signal) {
  const number = signal === undefined ? signalNumber('SIGTERM') : signalNumber(signal);
  if (this.pid === undefined || this.exitCode !== null || this.signalCode !== null) return false;
  const result = native.kill(this.pid, number);
  if (result === -errno.ESRCH) return false;
  if (result === -errno.EINVAL || result === -errno.ENOSYS) throw errnoException(result, 'kill');
  if (result < 0) {
    this.emit('error', errnoException(result, 'kill'));
    return false;
  }
  this.killed = true; // also by signal 0, as in Node
  return true;
};

ChildProcess.prototype[Symbol.dispose] = function dispose() {
  if (!this.killed) this.kill();
};

ChildProcess.prototype.ref = function ref() {
  if (this.pid !== undefined) native.setRef(this.pid, true);
};

ChildProcess.prototype.unref = function unref() {
  if (this.pid !== undefined) native.setRef(this.pid, false);
};

module.exports = { ChildProcess, spawnError };
