'use strict';
// A request is what the native function gets, what its failure names, and how its result becomes
// what the caller expects. It is run at once, or on a worker for a callback or a promise.
const { codes, AbortError } = require('internal/errors/codes');
const { pathError, pathSystemError } = require('internal/errors/system');
const { carry } = require('internal/base/stores');
const { pathText } = require('internal/fs/utils');

/**
 * @typedef {object} Request
 * @property {Function} run native function
 * @property {any[]} args
 * @property {string} call name of the system call, for errors
 * @property {*} [path]
 * @property {*} [dest]
 * @property {(result: any) => any} [take]
 * @property {AbortSignal} [signal]
 * @property {boolean} mayBeAbsent  whether the result is undefined if the path is not there
 */

function request(run, args, call, path, dest, take) {
  return { run, args, call, path, dest, take, signal: undefined, mayBeAbsent: false };
}

function failure({ call, path, dest }, errno, step) {
  // Only the calls that get a path name it.
  const named = step === undefined || !/^(read|write|fstat|fsync)$/.test(step);
  return pathError(
    errno,
    step ?? call,
    named && path !== undefined && typeof path !== 'number' ? pathText(path) : undefined,
    named && dest !== undefined ? pathText(dest) : undefined,
  );
}

/** The result of a request; throws if it failed. */
function finish(one, result) {
  if (typeof result === 'number' && result < 0) {
    const error = failure(one, result);
    if (one.mayBeAbsent && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
  if (Array.isArray(result) && typeof result[0] === 'number') {
    const [errno, step] = result;
    if (step === 'size') throw new codes.ERR_FS_FILE_TOO_LARGE(errno);
    if (step === 'rm')
      throw pathSystemError(
        'EISDIR',
        'rm',
        pathText(one.path),
        'ERR_FS_EISDIR',
        'Path is a directory',
        'is a directory',
      );
    throw failure(one, errno, step);
  }
  return one.take !== undefined ? one.take(result) : undefined;
}

/** Runs a request at once. */
function runSync(one) {
  return finish(one, one.run(undefined, ...one.args));
}

/** Runs a request on a worker; callback(error) or callback(null, result). */
function runAsync(one, callback) {
  const { signal } = one;
  callback = carry(callback, 'FSREQCALLBACK');
  if (signal === undefined) {
    one.run((result) => settle(one, result, callback), ...one.args);
    return;
  }
  let done = false;
  const abort = () => {
    if (done) return;
    done = true;
    callback(new AbortError(undefined, { cause: signal.reason }));
  };
  if (signal.aborted) {
    process.nextTick(abort);
    return;
  }
  signal.addEventListener('abort', abort, require('internal/base/abort').onAbort);
  one.run(
    (result) => {
      if (done) return;
      done = true;
      signal.removeEventListener('abort', abort);
      settle(one, result, callback);
    },
    ...one.args,
  );
}

function settle(one, result, callback) {
  let value;
  try {
    value = finish(one, result);
  } catch (error) {
    callback(error);
    return;
  }
  if (one.take === undefined) callback(null);
  else callback(null, value);
}

/** Runs a request on a worker; resolves with the result. */
function runPromise(one) {
  return new Promise((resolve, reject) => {
    runAsync(one, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

module.exports = { request, runSync, runAsync, runPromise };
