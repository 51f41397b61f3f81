'use strict';
// The module child_process: programs that run beside this one.
// docs: https://nodejs.org/api/child_process.html
const { Buffer } = require('buffer');
const { AbortError, codes, errnoName } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateFunction,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const checks = require('internal/child/options');
const { ChildProcess, spawnError } = require('internal/child/process');
const native = binding('child');

const MAX_BUFFER = 1024 * 1024;

function abortWith(started, killSignal, reason) {
  if (started.kill(killSignal)) started.emit('error', new AbortError(undefined, { cause: reason }));
}

function endOnAbort(started, signal, killSignal) {
  const abort = () => abortWith(started, killSignal, signal.reason);
  if (signal.aborted) {
    process.nextTick(abort);
    return;
  }
  signal.addEventListener('abort', abort, require('internal/base/abort').onAbort);
  started.once('exit', () => signal.removeEventListener('abort', abort));
}

/** Starts a program: (file[, args][, options]). @returns {ChildProcess} */
function spawn(file, args, options) {
  const normalized = checks.normalize(file, args, options);
  const { timeout, signal } = normalized;
  checks.checkTimeout(timeout);
  validateAbortSignal(signal, 'options.signal');
  const killSignal = checks.checkKillSignal(normalized.killSignal) ?? 'SIGTERM';
  const started = new ChildProcess();
  started.spawn(normalized);
  if (timeout > 0) {
    const timer = setTimeout(() => {
      try {
        started.kill(killSignal);
      } catch (error) {
        started.emit('error', error);
      }
    }, timeout);
    started.once('exit', () => clearTimeout(timer));
  }
  if (signal) endOnAbort(started, signal, killSignal);
  return started;
}

/** Starts a program of this runtime with a channel to it: (modulePath[, args][, options]). */
function fork(modulePath, args, options) {
  return spawn(...checks.normalizeFork(modulePath, args, options));
}

// ---- exec and execFile

/** What a stream gave, at most limit bytes of it. */
class Collected {
  #parts = [];
  #length = 0;
  #stream;

  constructor(stream, encoding, limit, exceeded) {
    this.#stream = stream;
    if (encoding !== undefined) stream.setEncoding(encoding);
    stream.on('data', (chunk) => {
      const encoded = stream.readableEncoding;
      const before = this.#length;
      this.#length += encoded ? Buffer.byteLength(chunk, encoded) : chunk.length;
      const fits = this.#length <= limit;
      this.#parts.push(fits ? chunk : chunk.slice(0, limit - before));
      if (!fits) exceeded();
    });
  }

  value(encoding) {
    return encoding !== undefined || this.#stream?.readableEncoding
      ? this.#parts.join('')
      : Buffer.concat(this.#parts);
  }
}

const NOTHING = (encoding) => (encoding !== undefined ? '' : Buffer.alloc(0));

/** (file[, args][, options][, callback]) of execFile(), sorted. */
function sortArguments(file, args, options, callback) {
  if (Array.isArray(args)) args = args.slice();
  else if (args !== null && typeof args === 'object')
    [args, options, callback] = [[], args, options];
  else if (typeof args === 'function') [args, options, callback] = [[], undefined, args];
  args ??= [];
  if (typeof options === 'function') [options, callback] = [undefined, options];
  else if (options !== undefined && options !== null) validateObject(options, 'options');
  if (callback !== undefined && callback !== null) validateFunction(callback, 'callback');
  if (options?.argv0 !== undefined && options.argv0 !== null)
    validateString(options.argv0, 'options.argv0');
  return { file, args, options: options ?? {}, callback };
}

function execOptions(given) {
  const options = {
    encoding: 'utf8',
    timeout: 0,
    maxBuffer: MAX_BUFFER,
    killSignal: 'SIGTERM',
    cwd: null,
    env: null,
    shell: false,
    ...given,
  };
  checks.checkTimeout(options.timeout);
  checks.checkMaxBuffer(options.maxBuffer);
  options.killSignal = checks.checkKillSignal(options.killSignal) ?? 'SIGTERM';
  return options;
}

function failure(command, started, killed, code, signal, stderr) {
  const error = new Error(`Command failed: ${command}\n${stderr}`);
  error.code = code < 0 ? errnoName(code) : code;
  error.killed = started.killed || killed;
  error.signal = signal;
  return error;
}

/** Runs a program to its end: (file[, args][, options][, callback(error, stdout, stderr)]). */
function execFile(...given) {
  const { file, args, options: asked, callback } = sortArguments(...given);
  const options = execOptions(asked);
  const started = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    gid: options.gid,
    shell: options.shell,
    signal: options.signal,
    uid: options.uid,
    argv0: options.argv0,
    windowsHide: Boolean(options.windowsHide),
    windowsVerbatimArguments: Boolean(options.windowsVerbatimArguments),
  });
  const { encoding: name } = options;
  const encoding = name && Buffer.isEncoding(name) ? name : undefined;
  let problem = null;
  let done = false;
  let killed = false;
  let timer;
  let [stdout, stderr] = [undefined, undefined];
  const finish = (code, signal) => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    if (!callback) return;
    const out = stdout?.value(encoding) ?? NOTHING(encoding);
    const err = stderr?.value(encoding) ?? NOTHING(encoding);
    if (problem === null && code === 0 && signal === null) {
      callback(null, out, err);
      return;
    }
    const command = args.length > 0 ? `${file} ${args.join(' ')}` : file;
    problem ??= failure(command, started, killed, code, signal, err);
    problem.cmd = command;
    callback(problem, out, err);
  };
  const fail = (error) => {
    problem = error;
    started.stdout?.destroy();
    started.stderr?.destroy();
    finish();
  };
  const stop = () => {
    started.stdout?.destroy();
    started.stderr?.destroy();
    killed = true;
    try {
      started.kill(options.killSignal);
    } catch (error) {
      problem ??= error;
      finish();
    }
  };
  const collect = (stream, which) =>
    stream &&
    new Collected(stream, encoding, options.maxBuffer ?? MAX_BUFFER, () => {
      problem = new codes.ERR_CHILD_PROCESS_STDIO_MAXBUFFER(which);
      stop();
    });
  if (options.timeout > 0) timer = setTimeout(stop, options.timeout);
  stdout = collect(started.stdout, 'stdout');
  stderr = collect(started.stderr, 'stderr');
  started.on('close', finish);
  started.on('error', fail);
  return started;
}

/** (command[, options][, callback]), sorted; the command runs in a shell. */
function sortCommand(command, options, callback) {
  validateString(command, 'command');
  checks.checkNoNull(command, 'command');
  if (typeof options === 'function') [options, callback] = [undefined, options];
  const { shell } = options ?? {};
  return {
    file: command,
    options: { ...options, shell: typeof shell === 'string' ? shell : true },
    callback,
  };
}

/** Runs a command line in a shell: (command[, options][, callback]). */
function exec(...given) {
  const { file, options, callback } = sortCommand(...given);
  return execFile(file, options, callback);
}

const kCustomPromise = Symbol.for('nodejs.util.promisify.custom');
function promised(run) {
  const custom = (...args) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    promise.child = run(...args, (error, stdout, stderr) => {
      if (error !== null) reject(Object.assign(error, { stdout, stderr }));
      else resolve({ stdout, stderr });
    });
    return promise;
  };
  Object.defineProperty(run, kCustomPromise, { value: custom, enumerable: false });
}
promised(exec);
promised(execFile);

// ---- Waiting for the end

function inputBytes(input, encoding) {
  if (input === undefined || input === null) return Buffer.alloc(0);
  if (typeof input === 'string') return Buffer.from(input, encoding);
  if (ArrayBuffer.isView(input))
    return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  throw new codes.ERR_INVALID_ARG_TYPE(
    'options.stdio[0]',
    ['Buffer', 'TypedArray', 'DataView', 'string'],
    input,
  );
}

/** Runs a program and waits for its end: (file[, args][, options]). */
function spawnSync(file, args, options) {
  const normalized = { maxBuffer: MAX_BUFFER, ...checks.normalize(file, args, options) };
  checks.checkTimeout(normalized.timeout);
  checks.checkMaxBuffer(normalized.maxBuffer);
  const killSignal = checks.checkKillSignal(normalized.killSignal) ?? 'SIGTERM';
  const kinds = checks.stdioKinds(normalized.stdio || 'pipe', true);
  const { input } = normalized;
  if (input) kinds[0] = 'pipe';
  const { encoding } = normalized;
  const answer = native.run(
    normalized.file,
    normalized.args,
    normalized.envPairs,
    normalized.cwd,
    normalized.detached,
    kinds.map((kind) => ({ pipe: -2, ignore: -1 })[kind] ?? kind),
    normalized.uid ?? -1,
    normalized.gid ?? -1,
    inputBytes(input || undefined, Buffer.isEncoding(encoding) ? encoding : undefined),
    normalized.timeout ?? 0,
    Math.min(normalized.maxBuffer || Infinity, Number.MAX_SAFE_INTEGER),
    checks.signalNumber(killSignal),
  );
  if (typeof answer === 'number')
    return {
      error: spawnError(answer, normalized.file, normalized.args, 'spawnSync'),
      status: null,
      signal: null,
      output: null,
      pid: 0,
      stdout: undefined,
      stderr: undefined,
    };
  return syncResult(answer, kinds, normalized);
}

function syncResult([pid, code, signal, problem, ...outputs], kinds, { encoding, file, args }) {
  const decode = (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
  };
  const output = kinds.map((kind, index) =>
    kind === 'pipe' && index > 0 ? decode(outputs.shift()) : null,
  );
  const result = {
    status: signal === 0 ? code : null,
    signal: signal === 0 ? null : checks.signalNames.get(signal),
    output,
    pid,
    stdout: output[1],
    stderr: output[2],
  };
  if (problem !== 0) result.error = spawnError(-problem, file, args, 'spawnSync');
  return result;
}

function checkSync(result, options, command) {
  if (!options?.stdio && result.stderr?.length > 0) process.stderr.write(result.stderr);
  if (result.error) throw Object.assign(result.error, result);
  if (result.status === 0) return result.stdout;
  const text = result.stderr?.length > 0 ? `\n${result.stderr}` : '';
  throw Object.assign(new Error(`Command failed: ${command}${text}`), result);
}

/** Runs a program and returns what it wrote; throws unless it ends with code 0. */
function execFileSync(...given) {
  const { file, args, options } = sortArguments(...given);
  const words = [options.argv0 ?? file, ...args];
  return checkSync(spawnSync(file, args, options), options, words.join(' '));
}

/** Runs a command line in a shell and returns what it wrote; throws unless it ends with code 0. */
function execSync(command, options) {
  const { file, options: asked } = sortCommand(command, options);
  return checkSync(spawnSync(file, asked), asked, command);
}

module.exports = {
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  fork,
  spawn,
  spawnSync,
};
