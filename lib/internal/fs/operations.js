'use strict';
// Every operation on files once: a function from its arguments to a request, which the
// synchronous, callback and promise forms run.
const { codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateBoolean,
  validateInteger,
  validateUint32,
  validateObject,
} = require('internal/errors/validators');
const { request } = require('internal/fs/requests');
const utils = require('internal/fs/utils');
const {
  native,
  constants,
  toPath,
  toFd,
  toFlags,
  toMode,
  toOptions,
  toSeconds,
  encodeName,
  pathText,
} = utils;

const same = (result) => result;

const VIEWS = ['Buffer', 'TypedArray', 'DataView'];

/** A Buffer over what the caller gave, or a function of the size gives, with the content in it. */
function filled(given, content) {
  const isMade = typeof given === 'function';
  const name = isMade ? 'options.buffer()' : 'options.buffer';
  const view = isMade ? given(content.length) : given;
  if (!ArrayBuffer.isView(view)) throw new codes.ERR_INVALID_ARG_TYPE(name, VIEWS, view);
  if (view.byteLength < content.length)
    throw new codes.ERR_INVALID_ARG_VALUE(
      `${name}.byteLength`,
      view.byteLength,
      `is smaller than the file size of ${content.length} bytes`,
    );
  const { FastBuffer } = require('internal/buffer/fast_buffer');
  const buffer = new FastBuffer(view.buffer, view.byteOffset, content.length);
  buffer.set(content);
  return buffer;
}

function toContent(result, { encoding, buffer: given }) {
  const { Buffer } = require('buffer');
  const content = Buffer.from(result);
  const buffer = given === undefined ? content : filled(given, content);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

/** A path, or a descriptor where a number is given. */
function pathOrFd(value) {
  return typeof value === 'number' ? toFd(value) : toPath(value);
}

function owner(id, name) {
  validateInteger(id, name, -1, 4294967295);
  return id;
}

function access(path, mode) {
  mode ??= constants.F_OK;
  path = toPath(path);
  validateInteger(mode, 'mode', 0, 7);
  return request(native.access, [path, mode], 'access', path);
}

function open(path, flags, mode) {
  path = toPath(path);
  return request(
    native.open,
    [path, toFlags(flags), toMode(mode, 'mode', 0o666)],
    'open',
    path,
    undefined,
    same,
  );
}

function close(fd) {
  return request(native.close, [toFd(fd)], 'close');
}

function readFile(path, options) {
  options = toOptions(options, { flag: 'r' });
  const { buffer } = options;
  if (buffer !== undefined && typeof buffer !== 'function' && !ArrayBuffer.isView(buffer))
    throw new codes.ERR_INVALID_ARG_TYPE('options.buffer', ['Function', ...VIEWS], buffer);
  path = pathOrFd(path);
  const one = request(
    native.readFile,
    [path, toFlags(options.flag, 'flags')],
    'open',
    path,
    undefined,
    (result) => toContent(result, options),
  );
  one.signal = options.signal;
  return one;
}

function writeFile(path, data, options) {
  options = toOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'w', flush: false });
  if (options.flush != null) validateBoolean(options.flush, 'options.flush');
  path = pathOrFd(path);
  const bytes = utils.toBytes(data, options.encoding);
  const flags = toFlags(options.flag, 'flags', flagsOfWrite);
  const mode = toMode(options.mode, 'mode', 0o666);
  const one = request(
    native.writeFile,
    [path, flags, mode, options.flush ? 1 : 0, bytes],
    'open',
    path,
  );
  one.signal = options.signal;
  return one;
}
const flagsOfWrite = constants.O_TRUNC | constants.O_CREAT | constants.O_WRONLY;

function appendFile(path, data, options) {
  return writeFile(path, data, toOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'a' }));
}

function statOf(path, options, nofollow) {
  path = toPath(path);
  const bigint = options?.bigint === true;
  const one = request(
    native.stat,
    [path, nofollow ? 1 : 0],
    nofollow ? 'lstat' : 'stat',
    path,
    undefined,
    () => utils.takeStats(bigint),
  );
  return abortable(one, options);
}

/** A request that the option `signal` aborts. */
function abortable(one, options) {
  const signal = options?.signal;
  validateAbortSignal(signal, 'options.signal');
  one.signal = signal;
  return one;
}

/** With {throwIfNoEntry: false} a path that is not there gives undefined. */
function stat(path, options) {
  const one = statOf(path, options, false);
  one.mayBeAbsent = options?.throwIfNoEntry === false;
  return one;
}
const lstat = (path, options) => statOf(path, options, true);

function fstat(fd, options) {
  return request(native.fstat, [toFd(fd)], 'fstat', undefined, undefined, () =>
    utils.takeStats(options?.bigint === true),
  );
}

function statfs(path, options) {
  path = toPath(path);
  return request(
    native.statfs,
    [path],
    'statfs',
    path,
    undefined,
    () => new utils.StatFs(options?.bigint === true),
  );
}

function readdir(path, options) {
  options = toOptions(options, { encoding: 'utf8', withFileTypes: false, recursive: false });
  path = toPath(path);
  if (options.recursive != null) validateBoolean(options.recursive, 'options.recursive');
  return request(
    native.readdir,
    [path, options.recursive ? 1 : 0],
    'scandir',
    path,
    undefined,
    (list) => utils.takeEntries(list, path, options),
  );
}

function mkdir(path, options) {
  path = toPath(path);
  let recursive = false;
  let mode = options;
  const named = options !== null && typeof options === 'object';
  if (named) ({ recursive = false, mode } = options);
  validateBoolean(recursive, 'options.recursive');
  mode = toMode(mode, named ? 'options.mode' : 'mode', 0o777);
  const run = recursive ? native.mkdirs : native.mkdir;
  return request(run, [path, mode], 'mkdir', path, undefined, (result) =>
    recursive && result !== '' ? result : undefined,
  );
}

function mkdtemp(prefix, options) {
  options = toOptions(options, {});
  prefix = toPath(prefix, 'prefix');
  return request(
    native.mkdtemp,
    [prefix],
    'mkdtemp',
    `${pathText(prefix)}XXXXXX`,
    undefined,
    (result) => encodeName(result, options.encoding),
  );
}

/** An operation that gets one path and gives nothing. */
const onPath = (name, call) => (path) => {
  path = toPath(path);
  return request(native[name], [path], call, path);
};
const unlink = onPath('unlink', 'unlink');

function rmdir(path, options) {
  path = toPath(path);
  if (options !== undefined) validateObject(options, 'options');
  if (options?.recursive) return request(native.rm, [path, 1, 0, 0, 0], 'rm', path);
  return request(native.rmdir, [path], 'rmdir', path);
}

function rm(path, options) {
  path = toPath(path);
  if (options !== undefined) validateObject(options, 'options');
  const { force = false, recursive = false, maxRetries = 0, retryDelay = 100 } = options ?? {};
  validateBoolean(force, 'options.force');
  validateBoolean(recursive, 'options.recursive');
  validateUint32(maxRetries, 'options.maxRetries');
  validateInteger(retryDelay, 'options.retryDelay', 0, 2147483647);
  const numbers = [recursive ? 1 : 0, force ? 1 : 0, maxRetries, retryDelay];
  return request(native.rm, [path, ...numbers], 'rm', path);
}

function rename(from, to) {
  from = toPath(from, 'oldPath');
  to = toPath(to, 'newPath');
  return request(native.rename, [from, to], 'rename', from, to);
}

function copyFile(from, to, mode) {
  mode ??= 0;
  from = toPath(from, 'src');
  to = toPath(to, 'dest');
  validateInteger(mode, 'mode', 0, 7);
  return request(native.copyFile, [from, to, mode], 'copyfile', from, to);
}

const resolving = (call) => (path, options) => {
  options = toOptions(options, {});
  path = toPath(path);
  return request(native.realpath, [path], call, path, undefined, (result) =>
    encodeName(result, options.encoding),
  );
};
const realpath = resolving('lstat');
const realpathNative = resolving('realpath');

function readlink(path, options) {
  options = toOptions(options, {});
  path = toPath(path);
  return request(native.readlink, [path], 'readlink', path, undefined, (result) =>
    encodeName(result, options.encoding),
  );
}

const SYMLINKS = ['dir', 'file', 'junction'];

/** The type is for Windows. */
function symlink(target, path, type) {
  if (type != null && !SYMLINKS.includes(type))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'type',
      type,
      "must be one of: 'dir', 'file', 'junction', null, undefined",
    );
  target = toPath(target, 'target');
  path = toPath(path);
  return request(native.symlink, [target, path], 'symlink', target, path);
}

function link(existing, path) {
  existing = toPath(existing, 'existingPath');
  path = toPath(path, 'newPath');
  return request(native.link, [existing, path], 'link', existing, path);
}

function chmod(path, mode) {
  path = toPath(path);
  return request(native.chmod, [path, toMode(mode, 'mode')], 'chmod', path);
}
function fchmod(fd, mode) {
  return request(native.fchmod, [toFd(fd), toMode(mode, 'mode')], 'fchmod');
}

const changingOwner = (call, nofollow) => (path, uid, gid) => {
  path = toPath(path);
  return request(native.chown, [path, owner(uid, 'uid'), owner(gid, 'gid'), nofollow], call, path);
};
const chown = changingOwner('chown', 0);
const lchown = changingOwner('lchown', 1);
function fchown(fd, uid, gid) {
  return request(native.fchown, [toFd(fd), owner(uid, 'uid'), owner(gid, 'gid')], 'fchown');
}

const settingTimes = (call, nofollow) => (path, atime, mtime) => {
  path = toPath(path);
  return request(native.utimes, [path, toSeconds(atime), toSeconds(mtime), nofollow], call, path);
};
const utimes = settingTimes('utime', 0);
const lutimes = settingTimes('lutime', 1);
function futimes(fd, atime, mtime) {
  return request(native.futimes, [toFd(fd), toSeconds(atime), toSeconds(mtime)], 'futime');
}

function ftruncate(fd, length) {
  if (length === undefined) length = 0;
  validateInteger(length, 'len');
  return request(native.ftruncate, [toFd(fd), Math.max(0, length)], 'ftruncate');
}
function fsync(fd) {
  return request(native.fsync, [toFd(fd)], 'fsync');
}
function fdatasync(fd) {
  return request(native.fdatasync, [toFd(fd)], 'fdatasync');
}

module.exports = {
  realpathNative,
  // What is the same in all three forms.
  plain: {
    access,
    appendFile,
    chmod,
    chown,
    close,
    copyFile,
    fchmod,
    fchown,
    fdatasync,
    fstat,
    fsync,
    ftruncate,
    futimes,
    lchown,
    link,
    lstat,
    lutimes,
    mkdir,
    mkdtemp,
    open,
    readFile,
    readdir,
    readlink,
    realpath,
    rename,
    rm,
    rmdir,
    stat,
    statfs,
    symlink,
    unlink,
    utimes,
    writeFile,
  },
};
