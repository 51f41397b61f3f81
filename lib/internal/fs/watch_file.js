'use strict';
// fs.watchFile(): a file's attributes, looked at again and again.
// docs: https://nodejs.org/api/fs.html#fswatchfilefilename-options-listener
const EventEmitter = require('events');
const { resolve } = require('path');
const { validateFunction, validateUint32 } = require('internal/errors/validators');
const { BigIntStats, Stats, pathText, toPath } = require('internal/fs/utils');

const INTERVAL = 5007; // ms
const watchers = new Map(); // path → StatWatcher

const FIELDS = ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks'];
const TIMES = ['atime', 'mtime', 'ctime', 'birthtime'];

/** The attributes of a file that is not there: all of them 0. */
function nothing(bigint) {
  const zero = bigint ? 0n : 0;
  const stats = Object.create((bigint ? BigIntStats : Stats).prototype);
  for (const name of FIELDS) stats[name] = zero;
  for (const name of TIMES) stats[`${name}Ms`] = zero;
  if (bigint) for (const name of TIMES) stats[`${name}Ns`] = zero;
  for (const name of TIMES) stats[name] = new Date(0);
  return stats;
}

const COMPARED = ['ctimeMs', 'mtimeMs', 'birthtimeMs', 'size', 'mode', 'uid', 'gid', 'ino', 'dev'];
const isSame = (a, b) => COMPARED.every((name) => a[name] === b[name]);

class StatWatcher extends EventEmitter {
  #path;
  #interval;
  #bigint;
  #timer;
  #before;
  #stopped = false;
  #ref;

  constructor(path, { interval, persistent, bigint }) {
    super();
    this.#path = path;
    this.#interval = interval;
    this.#bigint = bigint;
    this.#ref = persistent;
    this.#look();
  }

  #look() {
    require('fs').stat(this.#path, { bigint: this.#bigint }, (error, stats) => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => this.#look(), this.#interval);
      if (!this.#ref) this.#timer.unref();
      const now = error ? nothing(this.#bigint) : stats;
      const before = this.#before;
      this.#before = now;
      // Of a file that is not there the first look tells too.
      if (before === undefined ? error : !isSame(before, now))
        this.emit('change', now, before ?? now);
    });
  }

  stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    process.nextTick(() => this.emit('stop'));
  }

  ref() {
    this.#ref = true;
    this.#timer?.ref();
    return this;
  }

  unref() {
    this.#ref = false;
    this.#timer?.unref();
    return this;
  }
}

/** (filename[, options], listener(current, previous)) → StatWatcher */
function watchFile(filename, options, listener) {
  const path = resolve(pathText(toPath(filename)));
  if (options === null || typeof options !== 'object') [options, listener] = [{}, options];
  validateFunction(listener, 'listener');
  const { interval = INTERVAL, persistent = true, bigint = false } = options;
  validateUint32(interval, 'interval');
  let watcher = watchers.get(path);
  if (watcher === undefined) {
    watcher = new StatWatcher(path, { interval, persistent, bigint });
    watchers.set(path, watcher);
  }
  watcher.addListener('change', listener);
  return watcher;
}

/** Takes away one listener of a file, or all of them. */
function unwatchFile(filename, listener) {
  const path = resolve(pathText(toPath(filename)));
  const watcher = watchers.get(path);
  if (watcher === undefined) return;
  if (typeof listener === 'function') watcher.removeListener('change', listener);
  else watcher.removeAllListeners('change');
  if (watcher.listenerCount('change') > 0) return;
  watcher.stop();
  watchers.delete(path);
}

module.exports = { StatWatcher, unwatchFile, watchFile };
