'use strict';
// Files, as Node's fs module gives them: synchronous and callback forms; promises are in
// fs/promises.
const operations = require('internal/fs/operations');
const { runSync, runAsync } = require('internal/fs/requests');
const { plain } = operations;
const utils = require('internal/fs/utils');
const transfers = require('internal/fs/transfers');
const { constants, checkCallback, takeCallback } = utils;

const promisified = Symbol.for('nodejs.util.promisify.custom');

const fs = {};
for (const [name, operation] of Object.entries(plain)) {
  fs[`${name}Sync`] = (...args) => runSync(operation(...args));
  fs[name] = (...args) => {
    const callback = takeCallback(args, name, operation.length);
    runAsync(operation(...args), callback);
  };
  Object.defineProperty(fs[`${name}Sync`], 'name', { value: `${name}Sync` });
  Object.defineProperty(fs[name], 'name', { value: name });
}

// ---- Forms of their own

fs.lstatSync = function lstatSync(path, options) {
  const one = plain.lstat(path, options);
  one.mayBeAbsent = options?.throwIfNoEntry === false;
  return runSync(one);
};

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

// ---- Transfers: the callback also gets what was read into, or written

const transfer = (name, operation, form, count, data) => {
  fs[name] = (fd, ...args) => {
    utils.toFd(fd);
    const given = form(args);
    const callback = given.pop();
    runAsync(operation(fd, given), (error, done) => callback(error, done ?? 0, given[0]));
  };
  fs[name][promisified] = (...args) =>
    new Promise((resolve, reject) => {
      fs[name](...args, (error, done, buffer) =>
        error ? reject(error) : resolve({ [count]: done, [data]: buffer }),
      );
    });
  Object.defineProperty(fs[name], 'name', { value: name });
};
transfer('read', transfers.read, transfers.readForm, 'bytesRead', 'buffer');
transfer('write', transfers.write, transfers.writeForm, 'bytesWritten', 'buffer');
transfer('readv', transfers.readv, transfers.vectorForm, 'bytesRead', 'buffers');
transfer('writev', transfers.writev, transfers.vectorForm, 'bytesWritten', 'buffer');

fs.readSync = function readSync(fd, ...args) {
  return runSync(transfers.read(fd, transfers.readFormSync(args)));
};
fs.writeSync = function writeSync(fd, ...args) {
  return runSync(transfers.write(fd, args));
};
fs.readvSync = function readvSync(fd, ...args) {
  return runSync(transfers.readv(fd, args));
};
fs.writevSync = function writevSync(fd, ...args) {
  return runSync(transfers.writev(fd, args));
};

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
  utils.settle(dir.open(path, options), callback);
};

fs.cpSync = (from, to, options) => require('internal/fs/cp').cpSync(from, to, options);
fs.cp = function cp(from, to, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  checkCallback(callback);
  utils.toPath(from, 'src');
  utils.toPath(to, 'dest');
  utils.settle(require('internal/fs/cp').cp(from, to, options), (error) => callback(error));
};

fs.globSync = (pattern, options) => require('internal/fs/glob').globSync(pattern, options);
fs.glob = function glob(pattern, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  checkCallback(callback);
  utils.settle(require('internal/fs/glob').globAll(pattern, options), callback);
};

fs.mkdtempDisposableSync = (prefix, options) =>
  require('internal/fs/disposable').mkdtempSync(prefix, options);

fs.openAsBlobSync = function openAsBlobSync(path, options = undefined) {
  return require('internal/fs/file_blob').openAsBlobSync(path, options);
};
fs.openAsBlob = function openAsBlob(path, options = undefined) {
  return Promise.resolve(fs.openAsBlobSync(path, options));
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
  ['Utf8Stream', 'internal/fs/utf8_stream'],
])
  Object.defineProperty(fs, name, {
    enumerable: true,
    configurable: true,
    get: () => (name === 'promises' ? require(module) : require(module)[name]),
  });

module.exports = fs;
