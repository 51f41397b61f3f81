'use strict';
// What all forms of the fs functions share: checks of arguments, Stats, Dirent.
const { define } = require('internal/base/lazy');
const { isDataView, isUint8Array } = require('internal/buffer/fast_buffer');
const { codes } = require('internal/errors/codes');
const {
  validateUint32,
  validateInteger,
  validateAbortSignal,
  validateFunction,
} = require('internal/errors/validators');
const native = binding('fs');

const constants = Object.freeze({
  __proto__: null,
  UV_FS_SYMLINK_DIR: 1,
  UV_FS_SYMLINK_JUNCTION: 2,
  ...native.constants,
  UV_FS_O_FILEMAP: 0,
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  UV_FS_COPYFILE_EXCL: 1,
  COPYFILE_EXCL: 1,
  UV_FS_COPYFILE_FICLONE: 2,
  COPYFILE_FICLONE: 2,
  UV_FS_COPYFILE_FICLONE_FORCE: 4,
  COPYFILE_FICLONE_FORCE: 4,
});
const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_SYNC } = constants;

const flagNumbers = {
  __proto__: null,
  r: O_RDONLY,
  rs: O_RDONLY | O_SYNC,
  sr: O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  'sr+': O_RDWR | O_SYNC,
  w: O_TRUNC | O_CREAT | O_WRONLY,
  wx: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  xw: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'w+': O_TRUNC | O_CREAT | O_RDWR,
  'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  'xw+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  a: O_APPEND | O_CREAT | O_WRONLY,
  ax: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  xa: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  as: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  sa: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'a+': O_APPEND | O_CREAT | O_RDWR,
  'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'xa+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
  'sa+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};

/** open(2) flags from 'r', 'w+', … or a number. */
function toFlags(flags, name = 'flags', fallback = O_RDONLY) {
  if (flags == null) return fallback;
  if (typeof flags === 'number') {
    validateInteger(flags, name, -2147483648, 2147483647);
    return flags;
  }
  const number = typeof flags === 'string' ? flagNumbers[flags] : undefined;
  if (number === undefined) throw new codes.ERR_INVALID_ARG_VALUE(name, flags);
  return number;
}

/** Permission bits from a number or an octal string. */
function toMode(mode, name, fallback) {
  if (mode == null && fallback !== undefined) return fallback;
  if (typeof mode === 'string') {
    if (!/^[0-7]+$/.test(mode))
      throw new codes.ERR_INVALID_ARG_VALUE(
        name,
        mode,
        'must be a 32-bit unsigned integer or an octal string',
      );
    mode = parseInt(mode, 8);
  }
  validateUint32(mode, name);
  return mode;
}

/** A path as a string or bytes; URLs are those of files. */
function toPath(value, name = 'path') {
  if (typeof value === 'string') {
    if (!value.includes('\0')) return value;
  } else if (isUint8Array(value)) {
    if (!value.includes(0)) return value;
  } else if (value !== null && typeof value === 'object' && value.href && value.protocol) {
    return toPath(require('url').fileURLToPath(value), name);
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value);
  }
  throw new codes.ERR_INVALID_ARG_VALUE(
    name,
    value,
    'must be a string, Uint8Array, or URL without null bytes',
  );
}

/** A path as text, for messages and results. */
function pathText(path) {
  return typeof path === 'string' ? path : require('buffer').Buffer.from(path).toString();
}

function toFd(fd, name = 'fd') {
  validateInteger(fd, name, 0, 2147483647);
  return fd;
}

/** Options given as an object or as an encoding. */
function toOptions(options, defaults) {
  if (options == null || typeof options === 'function') return defaults;
  if (typeof options === 'string') options = { encoding: options };
  else if (typeof options !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  const { encoding, signal } = options;
  if (encoding != null && encoding !== 'buffer' && !require('buffer').Buffer.isEncoding(encoding))
    throw new codes.ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  validateAbortSignal(signal, 'options.signal');
  // Also what a prototype of the options says.
  const all = { __proto__: options };
  for (const key of Object.keys(defaults)) all[key] = options[key] ?? defaults[key];
  return all;
}

/** A file name in the encoding that the caller asked for. */
function encodeName(name, encoding) {
  if (encoding == null || encoding === 'utf8' || encoding === 'utf-8') return name;
  const bytes = require('buffer').Buffer.from(name);
  return encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

/** Seconds since 1970 from a number, a numeric string or a Date. */
function toSeconds(time) {
  // eslint-disable-next-line eqeqeq
  if (typeof time === 'string' && +time == time) return +time;
  if (Number.isFinite(time)) return time;
  if (time instanceof Date && !Number.isNaN(time.getTime())) return time.getTime() / 1000;
  throw new codes.ERR_INVALID_ARG_TYPE('time', ['Date', 'Time in seconds'], time);
}

/** The bytes of what shall be written. */
function toBytes(data, encoding, name = 'data') {
  if (typeof data === 'string') return require('buffer').Buffer.from(data, encoding || 'utf8');
  if (!ArrayBuffer.isView(data))
    throw new codes.ERR_INVALID_ARG_TYPE(
      name,
      ['string', 'Buffer', 'TypedArray', 'DataView'],
      data,
    );
  return isDataView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
}

function checkCallback(callback) {
  validateFunction(callback, 'cb');
  return callback;
}

/** Calls back with what a promise becomes, so that what the callback throws is an uncaught error. */
function settle(promise, callback) {
  promise.then(
    (value) => process.nextTick(callback, null, value),
    (error) => process.nextTick(callback, error),
  );
}

/**
 * Takes the callback out of the arguments of fs[name](), and what follows it: what stands before it
 * may be left out.
 * @param {any[]} args
 * @param {string} name
 * @param {number} most  its index when nothing is left out
 * @returns {Function}
 */
function takeCallback(args, name, most) {
  const isCallback = (one, index) => index > 0 && typeof one === 'function';
  const index = typeof args[most] === 'function' ? most : args.findIndex(isCallback);
  if (index > 0) return args.splice(index)[0];
  const error = new codes.ERR_INVALID_ARG_TYPE('cb', 'Function', args[most]);
  if (args[most] === undefined)
    error.message += `: fs.${name}() calls it with the result; fs.${name}Sync() and fs.promises.${name}() return it`;
  throw error;
}

// ---- Stats and Dirent

const { S_IFMT, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFLNK, S_IFSOCK } = constants;
const kinds = {
  isFile: [S_IFREG, 8],
  isDirectory: [S_IFDIR, 4],
  isCharacterDevice: [S_IFCHR, 2],
  isBlockDevice: [S_IFBLK, 6],
  isFIFO: [S_IFIFO, 1],
  isSymbolicLink: [S_IFLNK, 10],
  isSocket: [S_IFSOCK, 12],
};
const fields = ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks'];
const times = ['atime', 'mtime', 'ctime', 'birthtime'];

function Stats() {}
function BigIntStats() {}
Object.setPrototypeOf(BigIntStats.prototype, Stats.prototype);

class Dirent {
  #kind;
  constructor(name, parentPath, kind) {
    this.name = name;
    this.parentPath = parentPath;
    this.#kind = kind;
  }
  /** Of older Nodes. */
  get path() {
    return this.parentPath;
  }
  static kind(entry) {
    return entry.#kind;
  }
}
const direntKind = Dirent.kind;
delete Dirent.kind;

for (const [name, [mode, kind]] of Object.entries(kinds)) {
  const method = (target, value) => define(target, name, value, false);
  method(Stats.prototype, function () {
    return (Number(this.mode) & S_IFMT) === mode;
  });
  method(Dirent.prototype, function () {
    return direntKind(this) === kind;
  });
}

// The dates are made when they are first asked for.
for (const name of times) {
  Object.defineProperty(Stats.prototype, name, {
    enumerable: true,
    configurable: true,
    get() {
      const ms = this[`${name}Ms`];
      if (ms === undefined) return undefined; // of the prototype
      const date = new Date(Math.round(Number(ms)));
      define(this, name, date, true);
      return date;
    },
    set(value) {
      define(this, name, value, true);
    },
  });
}

/** The Stats of the stat call that was just answered. */
function takeStats(bigint) {
  const stats = bigint ? new BigIntStats() : new Stats();
  const values = bigint ? native.exactStats : native.stats;
  for (let i = 0; i < fields.length; i++) stats[fields[i]] = values[i];
  times.forEach((name, i) => {
    const seconds = values[10 + 2 * i];
    const nanoseconds = values[11 + 2 * i];
    stats[`${name}Ms`] = bigint
      ? seconds * 1000n + nanoseconds / 1000000n
      : seconds * 1000 + nanoseconds / 1e6;
  });
  if (bigint)
    times.forEach(
      (name, i) => (stats[`${name}Ns`] = values[10 + 2 * i] * 1000000000n + values[11 + 2 * i]),
    );
  return stats;
}

class StatFs {
  constructor(bigint) {
    const values = bigint ? native.exactStats : native.stats;
    ['type', 'bsize', 'frsize', 'blocks', 'bfree', 'bavail', 'files', 'ffree'].forEach(
      (name, i) => (this[name] = values[i]),
    );
  }
}

/** What readdir gives, from the native list name, kind, name, kind… */
function takeEntries(list, path, { withFileTypes, encoding }) {
  const result = [];
  const base = pathText(path);
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i];
    if (!withFileTypes) {
      result.push(encodeName(name, encoding));
      continue;
    }
    const slash = name.lastIndexOf('/');
    const parent = slash < 0 ? base : require('path').join(base, name.slice(0, slash));
    result.push(new Dirent(encodeName(name.slice(slash + 1), encoding), parent, list[i + 1]));
  }
  return result;
}

module.exports = {
  native,
  constants,
  toFlags,
  toMode,
  toPath,
  pathText,
  toFd,
  toOptions,
  encodeName,
  toSeconds,
  toBytes,
  checkCallback,
  settle,
  takeCallback,
  Stats,
  BigIntStats,
  StatFs,
  Dirent,
  takeStats,
  takeEntries,
};
