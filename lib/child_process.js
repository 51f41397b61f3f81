'use strict';
// The module child_process: programs that run beside this one. There are no processes of sluice
// with a channel, so fork() only says so: tasks (docs/threads.md) are their place.
const { Buffer } = require('buffer');
const { AbortError, codes, errnoName } = require('internal/errors/codes');
const { validateFunction, validateObject, validateNumber } = require('internal/errors/validators');
const child = require('internal/child/process');
const { ChildProcess } = child;
const native = binding('child');

const MAX_BUFFER = 1024 * 1024;

/** (file[, args][, options]) → [file, args, options]. */
function normalize(file, args, options) {
  if (Array.isArray(args)) args = args.slice();
  else {
    if (args !== undefined && args !== null) options = args;
    args = [];
  }
  if (options === undefined || options === null) options = {};
  else validateObject(options, 'options');
  child.checkOptions(options);
  return [file, args, options];
}

function onAbort(process_, signal, killSignal) {
  const abort = () => {
    if (process_.kill(killSignal))
      process_.emit('error', new AbortError(undefined, { cause: signal.reason }));
  };
  if (signal.aborted) {
    process.nextTick(abort);
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  process_.once('exit', () => signal.removeEventListener('abort', abort));
}

/** Starts a program. @returns {ChildProcess} */
function spawn(...given) {
  const [file, args, options] = normalize(...given);
  const killSignal = options.killSignal ?? 'SIGTERM';
  child.signalNumber(killSignal);
  const started = new ChildProcess();
  started.spawn({ ...options, file, args });
  if (options.timeout > 0) {
    const timer = setTimeout(() => started.kill(killSignal), options.timeout);
    started.once('exit', () => clearTimeout(timer));
  }
  if (options.signal) onAbort(started, options.signal, killSignal);
  return started;
}

// ---- exec and execFile

/** What a stream gave, at most limit of it. */
class Collected {
  parts = [];
  length = 0;

  constructor(stream, encoding, limit, exceeded) {
    this.encoding = encoding;
    if (encoding !== null) stream.setEncoding(encoding);
    stream.on('data', (chunk) => {
      const room = limit - this.length;
      this.length += chunk.length;
      this.parts.push(chunk.length > room ? chunk.slice(0, Math.max(room, 0)) : chunk);
      if (this.length > limit) exceeded();
    });
  }

  value() {
    return this.encoding === null ? Buffer.concat(this.parts) : this.parts.join('');
  }
}

function failure(command, started, code, signal, stderr) {
  const error = new Error(`Command failed: ${command}\n${stderr}`);
  error.code = code < 0 ? errnoName(code) : code;
  error.killed = started.killed;
  error.signal = signal;
  error.cmd = command;
  return error;
}

function bufferEncoding(encoding) {
  if (encoding === undefined) return 'utf8';
  return encoding !== null && Buffer.isEncoding(encoding) ? encoding : null;
}

/** Runs a program to its end: (file[, args][, options][, callback(error, stdout, stderr)]). */
function execFile(file, ...rest) {
  let callback;
  if (typeof rest.at(-1) === 'function') callback = rest.pop();
  else if (rest.length > 2 && rest[2] != null) validateFunction(rest[2], 'callback');
  const [, args, given] = normalize(file, rest[0], rest[1]);
  const {
    encoding,
    maxBuffer = MAX_BUFFER,
    killSignal = 'SIGTERM',
    timeout = 0,
    ...options
  } = given;
  validateNumber(maxBuffer, 'options.maxBuffer', 0);
  const started = spawn(file, args, { ...options, signal: undefined, stdio: undefined });
  const command = [file, ...args].join(' ');
  let problem;
  let done = false;
  let timer;
  const stop = (error) => {
    problem ??= error;
    for (const stream of [started.stdout, started.stderr]) stream.destroy();
    started.kill(killSignal);
  };
  const exceeded = (name) => () => stop(new codes.ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name));
  const as = bufferEncoding(encoding);
  const stdout = new Collected(started.stdout, as, maxBuffer, exceeded('stdout'));
  const stderr = new Collected(started.stderr, as, maxBuffer, exceeded('stderr'));
  const finish = (code, signal) => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    given.signal?.removeEventListener('abort', abort);
    if (callback === undefined) return;
    const [out, err] = [stdout.value(), stderr.value()];
    if (problem === undefined && code === 0 && signal === null) return callback(null, out, err);
    const error = problem ?? failure(command, started, code, signal, err);
    error.cmd ??= command;
    callback(Object.assign(error, { stdout: out, stderr: err }), out, err);
  };
  const abort = () => stop(new AbortError(undefined, { cause: given.signal.reason }));
  started.on('close', finish);
  started.on('error', (error) => {
    problem = error;
    finish(started.exitCode, null);
  });
  if (timeout > 0) timer = setTimeout(() => stop(undefined), timeout);
  if (given.signal?.aborted) process.nextTick(abort);
  else given.signal?.addEventListener('abort', abort, { once: true });
  return started;
}

function shellOptions(options) {
  return { ...options, shell: typeof options?.shell === 'string' ? options.shell : true };
}

/** Runs a command line in a shell: (command[, options][, callback]). */
function exec(command, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  return execFile(command, [], shellOptions(options), callback);
}

function promised(run) {
  const custom = (...args) => {
    let started;
    const promise = new Promise((resolve, reject) => {
      started = run(...args, (error, stdout, stderr) => {
        if (error) reject(error);
        else resolve({ stdout, stderr });
      });
    });
    promise.child = started;
    return promise;
  };
  Object.defineProperty(run, require('util').promisify.custom, {
    value: custom,
    enumerable: false,
  });
}
promised(exec);
promised(execFile);

// ---- Waiting for the end

function inputBytes(input) {
  if (input === undefined || input === null) return Buffer.alloc(0);
  if (typeof input === 'string') return Buffer.from(input);
  if (ArrayBuffer.isView(input)) return input;
  throw new codes.ERR_INVALID_ARG_TYPE(
    'options.input',
    ['Buffer', 'TypedArray', 'DataView', 'string'],
    input,
  );
}

/** Runs a program and waits for its end: (file[, args][, options]). */
function spawnSync(...given) {
  const [file, args, options] = normalize(...given);
  const { maxBuffer = MAX_BUFFER, encoding = 'buffer', killSignal = 'SIGTERM' } = options;
  validateNumber(maxBuffer, 'options.maxBuffer', 0);
  const kinds = child.stdioKinds(options.stdio);
  if (options.input != null) kinds[0] = 'pipe';
  const { file: program, words, environment } = child.command(file, args, options);
  const answer = native.run(
    program,
    words,
    environment,
    child.workingDirectory(options.cwd),
    Boolean(options.detached),
    kinds.map((kind) => ({ pipe: -2, ignore: -1 })[kind] ?? kind),
    inputBytes(options.input),
    options.timeout ?? 0,
    Math.min(maxBuffer, Number.MAX_SAFE_INTEGER),
    child.signalNumber(killSignal),
  );
  if (typeof answer === 'number') {
    const error = child.spawnError(answer, program, words);
    error.syscall = `spawnSync ${program}`;
    error.message = `spawnSync ${program} ${error.code}`;
    return { error, status: null, signal: null, output: null, pid: 0, stdout: null, stderr: null };
  }
  return syncResult(answer, kinds, encoding, program, words);
}

function syncResult([pid, code, signal, problem, ...outputs], kinds, encoding, program, words) {
  const decode = (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return encoding === 'buffer' || encoding === null ? buffer : buffer.toString(encoding);
  };
  const output = kinds.map((kind, index) =>
    kind === 'pipe' && index > 0 ? decode(outputs.shift()) : null,
  );
  const result = {
    pid,
    output,
    stdout: output[1],
    stderr: output[2],
    status: signal === 0 ? code : null,
    signal: signal === 0 ? null : child.signalNames.get(signal),
  };
  if (problem !== 0) {
    result.error = child.spawnError(-problem, program, words);
    result.error.syscall = `spawnSync ${program}`;
    result.error.message = `spawnSync ${program} ${result.error.code}`;
  }
  return result;
}

function checkSync(result, options, command) {
  const inherited = options.stdio === undefined && result.stderr?.length > 0;
  if (inherited) process.stderr.write(result.stderr);
  if (result.error === undefined && result.status === 0) return result.stdout;
  const text = result.stderr?.length > 0 ? `\n${result.stderr}` : '';
  throw Object.assign(result.error ?? new Error(`Command failed: ${command}${text}`), result);
}

/** Runs a program and returns what it wrote; throws unless it ends with code 0. */
function execFileSync(...given) {
  const [file, args, options] = normalize(...given);
  return checkSync(spawnSync(file, args, options), options, [file, ...args].join(' '));
}

/** Runs a command line in a shell and returns what it wrote; throws unless it ends with code 0. */
function execSync(command, options = {}) {
  return checkSync(spawnSync(command, [], shellOptions(options)), options ?? {}, command);
}

/** Throws: a program of sluice in a process of its own has no channel. */
function fork() {
  throw new codes.ERR_FEATURE_UNAVAILABLE('child_process.fork()');
}

module.exports = { ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync };
