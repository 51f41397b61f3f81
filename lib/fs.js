'use strict';
// Files, as Node's fs module gives them: synchronous and callback forms; promises are in
// fs/promises.
const operations = require('internal/fs/operations');
const { runSync, runAsync } = require('internal/fs/requests');
const { plain } = operations;
const utils = require('internal/fs/utils');
const { codes } = require('internal/errors/codes');
const { constants, checkCallback } = utils;

const promisified = Symbol.for('nodejs.util.promisify.custom');

const fs = {};
for (const [name, operation] of Object.entries(plain)) {
  fs[`${name}Sync`] = (...args) => runSync(operation(...args));
  fs[name] = (...args) => {
    const callback = checkCallback(args.pop(), name, args.length);
    runAsync(operation(...args), callback);
  };
  Object.defineProperty(fs[`${name}Sync`], 'name', { value: `${name}Sync` });
  Object.defineProperty(fs[name], 'name', { value: name });
}

// ---- Forms of their own

/** With {throwIfNoEntry: false} a path that is not there gives undefined. */
function quiet(operation) {
  return (path, options) => {
    try {
      return runSync(operation(path, options));
    } catch (error) {
      if (
        options?.throwIfNoEntry === false &&
        (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      )
        return undefined;
      throw error;
    }
  };
}
fs.statSync = quiet(plain.stat);
fs.lstatSync = quiet(plain.lstat);

fs.realpath.native = (path, options, callback) => {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  runAsync(operations.realpathNative(path, options), checkCallback(callback));
};
fs.realpathSync.native = (path, options) => runSync(operations.realpathNative(path, options));

/** The callback may be missing: failures are then uncaught errors. */
fs.close = function close(fd, callback = undefined) {
  if (callback !== undefined) checkCallback(callback);
  runAsync(
    plain.close(fd),
    callback ??
      ((error) => {
        if (error) throw error;
      }),
  );
};

fs.existsSync = function existsSync(path) {
  try {
    runSync(plain.access(path));
    return true;
  } catch {
    return false;
  }
};
fs.exists = function exists(path, callback) {
  checkCallback(callback);
  let request;
  try {
    request = plain.access(path);
  } catch {
    process.nextTick(callback, false);
    return;
  }
  runAsync(request, (error) => callback(!error));
};
fs.exists[promisified] = (path) => new Promise((resolve) => fs.exists(path, resolve));

// read(fd[, buffer][, offset, length, position | options], callback)
fs.readSync = function readSync(fd, buffer, offset, length, position) {
  return runSync(operations.read(fd, buffer, offset, length, position));
};
fs.read = function read(fd, ...args) {
  const callback = checkCallback(args.pop());
  let [buffer, offset, length, position] = args;
  if (
    !ArrayBuffer.isView(buffer) &&
    (buffer === undefined || (buffer !== null && typeof buffer === 'object'))
  ) {
    ({ buffer = require('buffer').Buffer.alloc(16384), offset, length, position } = buffer ?? {});
  }
  runAsync(operations.read(fd, buffer, offset, length, position), (error, count) =>
    callback(error, count ?? 0, buffer),
  );
};
fs.read[promisified] = (...args) =>
  new Promise((resolve, reject) => {
    fs.read(...args, (error, bytesRead, buffer) =>
      error ? reject(error) : resolve({ bytesRead, buffer }),
    );
  });

// write(fd, buffer[, offset, length, position | options], callback)
// write(fd, string[, position[, encoding]], callback)
fs.writeSync = function writeSync(fd, data, offset, length, position) {
  return runSync(operations.write(fd, data, offset, length, position));
};
fs.write = function write(fd, data, ...args) {
  const callback = checkCallback(args.pop());
  runAsync(operations.write(fd, data, ...args), (error, count) =>
    callback(error, count ?? 0, data),
  );
};
fs.write[promisified] = (...args) =>
  new Promise((resolve, reject) => {
    fs.write(...args, (error, bytesWritten, buffer) =>
      error ? reject(error) : resolve({ bytesWritten, buffer }),
    );
  });

/** Checks the arguments of readv() and writev(). */
function checkVector(buffers, position) {
  if (!Array.isArray(buffers) || !buffers.every((one) => ArrayBuffer.isView(one)))
    throw new codes.ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  // As in Node, what is no number means the present position.
  return typeof position === 'number' ? utils.toPosition(position) : -1;
}

for (const name of ['read', 'write']) {
  const operation = operations[name];
  fs[`${name}vSync`] = (fd, buffers, position) => {
    let at = checkVector(buffers, position);
    let total = 0;
    for (const buffer of buffers) {
      const count = runSync(operation(fd, buffer, 0, buffer.byteLength, at));
      total += count;
      if (at >= 0) at += count;
      if (count < buffer.byteLength) break;
    }
    return total;
  };
  fs[`${name}v`] = (fd, buffers, ...rest) => {
    const callback = checkCallback(rest.pop());
    let at = checkVector(buffers, rest[0]);
    let total = 0;
    let index = 0;
    const next = (error, count = 0) => {
      if (error) {
        callback(error, total, buffers);
        return;
      }
      total += count;
      if (at >= 0) at += count;
      if (index === buffers.length || (index > 0 && count < buffers[index - 1].byteLength)) {
        callback(null, total, buffers);
        return;
      }
      const buffer = buffers[index++];
      runAsync(operation(fd, buffer, 0, buffer.byteLength, at), next);
    };
    utils.toFd(fd);
    process.nextTick(next, null, 0);
  };
  const count = name === 'read' ? 'bytesRead' : 'bytesWritten';
  fs[`${name}v`][promisified] = (...args) =>
    new Promise((resolve, reject) => {
      fs[`${name}v`](...args, (error, total, buffers) =>
        error ? reject(error) : resolve({ [count]: total, buffers }),
      );
    });
}

fs.truncateSync = function truncateSync(path, length = 0) {
  const fd = fs.openSync(path, 'r+');
  try {
    fs.ftruncateSync(fd, length);
  } finally {
    fs.closeSync(fd);
  }
};
fs.truncate = function truncate(path, length, callback) {
  if (typeof length === 'function') [length, callback] = [0, length];
  checkCallback(callback);
  plain.ftruncate(0, length ?? 0); // checks the length
  fs.open(path, 'r+', (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    fs.ftruncate(fd, length ?? 0, (failed) =>
      fs.close(fd, (other) => callback(failed ?? other ?? null)),
    );
  });
};

fs.opendirSync = (path, options) => require('internal/fs/dir').openSync(path, options);
fs.opendir = function opendir(path, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  checkCallback(callback);
  const dir = require('internal/fs/dir');
  dir.check(path, options);
  dir.open(path, options).then((directory) => callback(null, directory), callback);
};

fs.cpSync = (from, to, options) => require('internal/fs/cp').cpSync(from, to, options);
fs.cp = function cp(from, to, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  checkCallback(callback);
  utils.toPath(from, 'src');
  utils.toPath(to, 'dest');
  require('internal/fs/cp')
    .cp(from, to, options)
    .then(() => callback(null), callback);
};

fs.createReadStream = (path, options) =>
  new (require('internal/fs/streams').ReadStream)(path, options);
fs.createWriteStream = (path, options) =>
  new (require('internal/fs/streams').WriteStream)(path, options);

fs.watch = (filename, options, listener) =>
  require('internal/fs/watch').watch(filename, options, listener);
fs.watchFile = (filename, options, listener) =>
  require('internal/fs/watch_file').watchFile(filename, options, listener);
fs.unwatchFile = (filename, listener) =>
  require('internal/fs/watch_file').unwatchFile(filename, listener);

const { F_OK, R_OK, W_OK, X_OK } = constants;
Object.assign(fs, { constants, Stats: utils.Stats, Dirent: utils.Dirent, F_OK, R_OK, W_OK, X_OK });
for (const [name, module] of [
  ['promises', 'fs/promises'],
  ['ReadStream', 'internal/fs/streams'],
  ['WriteStream', 'internal/fs/streams'],
  ['Dir', 'internal/fs/dir'],
])
  Object.defineProperty(fs, name, {
    enumerable: true,
    configurable: true,
    get: () => (name === 'promises' ? require(module) : require(module)[name]),
  });

module.exports = fs;
