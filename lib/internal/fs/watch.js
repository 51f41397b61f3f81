'use strict';
// fs.watch() and fs.promises.watch(): changes as the system tells them.
// docs: https://nodejs.org/api/fs.html#fswatchfilename-options-listener
const { onAbort } = require('internal/base/abort');
const { carry } = require('internal/base/stores');
const EventEmitter = require('events');
const { Buffer } = require('buffer');
const { basename, join } = require('path');
const { AbortError, codes } = require('internal/errors/codes');
const { pathError } = require('internal/errors/system');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
} = require('internal/errors/validators');
const { encodeName, pathText, toPath } = require('internal/fs/utils');
const native = binding('watch');

const isRegExp = (value) => Object.prototype.toString.call(value) === '[object RegExp]';

function checkOptions(options) {
  const { persistent, recursive, encoding, signal } = options;
  if (persistent !== undefined) validateBoolean(persistent, 'options.persistent');
  if (recursive !== undefined) validateBoolean(recursive, 'options.recursive');
  if (encoding !== undefined && encoding !== 'buffer' && !Buffer.isEncoding(encoding))
    throw new codes.ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  validateAbortSignal(signal, 'options.signal');
  return { ...options, isIgnored: readIgnored(options.ignore) };
}

/** What `ignore` says, as a function from a path below the root to whether it is left out. */
function readIgnored(ignore) {
  if (ignore === undefined || ignore === null) return () => false;
  const tests = Array.isArray(ignore)
    ? ignore.map((one, index) => readTest(one, `options.ignore[${index}]`))
    : [readTest(ignore, 'options.ignore')];
  return (path) => tests.some((test) => test(path));
}

function readTest(one, name) {
  if (typeof one === 'function') return (path) => Boolean(one(path));
  if (isRegExp(one)) return (path) => path.search(one) >= 0;
  if (typeof one !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'function', 'RegExp'], one);
  if (one === '') throw new codes.ERR_INVALID_ARG_VALUE(name, one, 'must be a non-empty string');
  const pattern = require('internal/path/glob').makePattern(one, false, true);
  return (path) => pattern.match(path);
}

class FSWatcher extends EventEmitter {
  #id;
  #folders = new Map(); // number → path below the root, '' for the root itself
  #root;
  #recursive;
  #encoding;
  #isIgnored;
  #fileName; // of a root that is no directory

  constructor(path, options) {
    super();
    this.#root = path;
    this.#recursive = Boolean(options.recursive);
    this.#encoding = options.encoding ?? 'utf8';
    this.#isIgnored = options.isIgnored;
    this.#id = native.open(carry((...event) => this.#told(...event), 'FSEVENTWRAP', this));
    if (this.#id < 0) throw this.#failure(this.#id);
    const number = this.#add('', true);
    if (number < 0) {
      native.close(this.#id);
      throw this.#failure(number);
    }
    this.#fileName = Buffer.from(basename(path));
    if (this.#recursive) this.#addBelow('', false);
    if (options.persistent === false) this.unref();
  }

  #failure(number) {
    const error = pathError(number, 'watch', this.#root);
    error.filename = this.#root;
    return error;
  }

  #add(below, follow) {
    const number = native.add(this.#id, join(this.#root, below), follow);
    if (number >= 0) this.#folders.set(number, below);
    return number;
  }

  /** Watches the folders in one; what is in them by now is told of if they are new. */
  #addBelow(below, isNew) {
    let entries;
    try {
      entries = require('fs').readdirSync(join(this.#root, below), { withFileTypes: true });
    } catch {
      return; // gone already, or no directory
    }
    for (const entry of entries) {
      const path = join(below, entry.name);
      if (this.#isIgnored(path)) continue;
      if (isNew) this.#emit('rename', Buffer.from(path));
      if (this.#id < 0) return;
      if (!entry.isDirectory()) continue;
      this.#add(path, false);
      this.#addBelow(path, isNew);
    }
  }

  #told(number, isChange, name, isDirectory) {
    const below = this.#folders.get(number);
    if (below === undefined) return;
    if (isChange === undefined) {
      this.#folders.delete(number);
      return;
    }
    const bytes = name === undefined ? undefined : Buffer.from(name);
    if (bytes === undefined && below !== '') return; // its folder tells it too
    let path = bytes ?? this.#fileName;
    if (below !== '') path = Buffer.concat([Buffer.from(`${below}/`), bytes]);
    if (this.#isIgnored(path.toString())) return;
    this.#emit(isChange ? 'change' : 'rename', path);
    if (!this.#recursive || !isDirectory || isChange || this.#id < 0) return;
    const folder = path.toString();
    if (this.#add(folder, false) >= 0) this.#addBelow(folder, true);
  }

  #emit(type, path) {
    if (this.#id >= 0) this.emit('change', type, this.#named(path));
  }

  #named(path) {
    return this.#encoding === 'buffer' ? path : encodeName(path.toString(), this.#encoding);
  }

  /** Ends the watching; `close` follows. */
  close() {
    if (this.#id < 0) return;
    native.close(this.#id);
    this.#id = -1;
    process.nextTick(() => this.emit('close'));
  }

  ref() {
    if (this.#id >= 0) native.setRef(this.#id, true);
    return this;
  }

  unref() {
    if (this.#id >= 0) native.setRef(this.#id, false);
    return this;
  }
}

/** (filename[, options | encoding][, listener(eventType, filename)]) → FSWatcher */
function watch(filename, options, listener) {
  if (typeof options === 'function') [options, listener] = [undefined, options];
  if (typeof options === 'string') options = { encoding: options };
  const path = pathText(toPath(filename));
  options = checkOptions({ ...options });
  if (listener !== undefined) validateFunction(listener, 'listener');
  const watcher = new FSWatcher(path, options);
  if (listener) watcher.addListener('change', listener);
  const { signal } = options;
  if (signal?.aborted) process.nextTick(() => watcher.close());
  else if (signal) {
    const close = () => watcher.close();
    signal.addEventListener('abort', close, onAbort);
    watcher.once('close', () => signal.removeEventListener('abort', close));
  }
  return watcher;
}

const MOST_WAITING = 2048;

/** fs.promises.watch(): an asynchronous iterator of {eventType, filename}. */
async function* watchEvents(filename, options = {}) {
  validateObject(options, 'options');
  const { maxQueue = MOST_WAITING, overflow = 'ignore', signal } = options;
  validateInteger(maxQueue, 'options.maxQueue');
  validateOneOf(overflow, 'options.overflow', ['ignore', 'throw']);
  const checked = checkOptions(options);
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const waiting = [];
  let wake = Promise.withResolvers();
  const fail = (error) => wake.reject(error);
  const watcher = new FSWatcher(pathText(toPath(filename)), checked);
  const abort = () => fail(new AbortError(undefined, { cause: signal.reason }));
  signal?.addEventListener('abort', abort, onAbort);
  watcher.on('change', (eventType, name) => {
    if (waiting.length < maxQueue) {
      waiting.push({ __proto__: null, eventType, filename: name });
      wake.resolve();
    } else if (overflow === 'throw') {
      fail(new codes.ERR_FS_WATCH_QUEUE_OVERFLOW(maxQueue));
    } else process.emitWarning('fs.watch maxQueue exceeded');
  });
  try {
    for (;;) {
      await wake.promise;
      wake = Promise.withResolvers();
      wake.promise.catch(() => {});
      while (waiting.length > 0) yield waiting.shift();
    }
  } finally {
    watcher.close();
    signal?.removeEventListener('abort', abort);
  }
}

module.exports = { FSWatcher, watch, watchEvents };
