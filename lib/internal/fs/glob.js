'use strict';
// glob(): the paths below a directory that a pattern matches. One walk, which asks for what it needs
// of the disk, is driven at once or by the workers.
const { codes } = require('internal/errors/codes');
const { validateBoolean, validateObject, validateString } = require('internal/errors/validators');
const { GLOBSTAR, makePattern } = require('internal/path/glob');
const { plain } = require('internal/fs/operations');
const { runPromise, runSync } = require('internal/fs/requests');
const { Dirent, toPath } = require('internal/fs/utils');
const { isAbsolute, join, resolve } = require('path');

const KIND_OF_LINK = 10;
const KIND_OF_DIRECTORY = 4;

function checkStrings(values, name) {
  values.forEach((one, index) => validateString(one, `${name}[${index}]`));
}

/** What is excluded, as a function from an entry to whether it is. */
function readExclude(exclude, withFileTypes) {
  if (exclude === undefined || exclude === null) return () => false;
  if (typeof exclude === 'function')
    return (entry) => Boolean(exclude(withFileTypes ? entry.dirent() : entry.name));
  if (!Array.isArray(exclude))
    throw new codes.ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
  checkStrings(exclude, 'options.exclude');
  const patterns = exclude.map((one) => [
    makePattern(one.replace(/^(?:\.\/+)+/, '')),
    isAbsolute(one),
  ]);
  return ({ path, cwd, isDirectory }) =>
    patterns.some(([pattern, absolute]) => {
      const text = absolute ? resolve(cwd, path) : path;
      return pattern.match(text) || (isDirectory && pattern.match(`${text}/`));
    });
}

/** The arguments of glob(), checked. */
function readArguments(patterns, options = {}) {
  if (Array.isArray(patterns)) checkStrings(patterns, 'patterns');
  else if (typeof patterns === 'object' && patterns !== null)
    throw new codes.ERR_INVALID_ARG_TYPE('patterns', 'Array', patterns);
  else validateString(patterns, 'patterns');
  validateObject(options, 'options');
  const { cwd = '.', exclude, followSymlinks = false, withFileTypes = false } = options;
  if (followSymlinks !== null) validateBoolean(followSymlinks, 'options.followSymlinks');
  const given = toPath(cwd, 'options.cwd');
  return {
    patterns: [patterns].flat(),
    cwd: typeof given === 'string' ? given : given.toString(),
    isExcluded: readExclude(exclude, withFileTypes),
    followSymlinks,
    withFileTypes,
  };
}

/** A path that was found: `path` is as the caller gets it, '' the directory where it began. */
class Entry {
  #excluded;
  constructor(cwd, path, kind) {
    this.cwd = cwd;
    this.path = path;
    this.kind = kind;
  }
  excludedBy(isExcluded) {
    return (this.#excluded ??= isExcluded(this));
  }
  get isDirectory() {
    return this.kind === KIND_OF_DIRECTORY;
  }
  get name() {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }
  dirent() {
    const whole = isAbsolute(this.path) ? this.path : join(this.cwd, this.path);
    const slash = whole.lastIndexOf('/');
    const parent = slash < 0 ? '.' : whole.slice(0, slash) || '/';
    return new Dirent(whole.slice(slash + 1), parent, this.kind);
  }
}

/**
 * The walk of one call. Its generators yield requests, which are answered with their result, or with
 * undefined if they failed, and {found} for each path.
 */
class Walk {
  #options;
  #lists = new Map(); // directory → its entries
  #found = new Set();

  constructor(options) {
    this.#options = options;
  }

  *run() {
    const { cwd, patterns } = this.#options;
    for (const pattern of patterns) {
      for (const parts of makePattern(pattern).set) {
        const absolute = parts.length > 1 && parts[0] === '';
        if (!absolute && parts.every((one) => ['', '.', '..'].includes(one))) continue;
        const start = new Entry(cwd, absolute ? '/' : '', KIND_OF_DIRECTORY);
        const job = { parts, done: new Set(), chain: [] };
        yield* this.#step(job, start, absolute ? 1 : 0);
      }
    }
  }

  *#step(job, entry, index) {
    const key = `${index} ${entry.path}`;
    if (job.done.has(key)) return;
    job.done.add(key);
    const part = job.parts[index];
    const isLast = index + 1 === job.parts.length;
    if (part === undefined) yield* this.#emit(entry);
    else if (part === GLOBSTAR) yield* this.#everywhere(job, entry, index, isLast);
    else if (typeof part === 'string') yield* this.#named(job, entry, index, part);
    else
      for (const child of yield* this.#list(entry))
        if (part.test(child.name) && (isLast || child.isDirectory))
          yield* this.#enter(job, child, index + 1);
  }

  /** A part without magic: it may be a link, `.`, `..`, or nothing after a slash at the end. */
  *#named(job, entry, index, part) {
    if (part === '') {
      if (entry.isDirectory) yield* this.#emit(entry);
      return;
    }
    const path = join(entry.path, part);
    const stats = yield plain.lstat(this.#whole(path));
    if (stats === undefined) return;
    const kind = kindOf(stats);
    const child = new Entry(entry.cwd, path === '.' ? '' : path.replace(/(?<=.)\/$/, ''), kind);
    if (part === '..' || part === '.') yield* this.#step(job, child, index + 1);
    else yield* this.#enter(job, child, index + 1);
  }

  /** `**`: here, and in all directories below. */
  *#everywhere(job, entry, index, isLast) {
    yield* this.#step(job, entry, index + 1);
    for (const child of yield* this.#list(entry)) {
      if (child.name.startsWith('.') || child.excludedBy(this.#options.isExcluded)) continue;
      if (child.isDirectory) yield* this.#step(job, child, index);
      else if (child.kind === KIND_OF_LINK && this.#options.followSymlinks)
        yield* this.#follow(job, child, index, isLast);
      else if (isLast) yield* this.#emit(child);
    }
  }

  /** A link below `**`: goes on in its directory, unless that holds the link. */
  *#follow(job, link, index, isLast) {
    const path = this.#whole(link.path);
    const stats = yield plain.stat(path);
    const target = stats?.isDirectory() ? yield plain.realpath(path) : undefined;
    const parent = target && (yield plain.realpath(this.#whole(join(link.path, '..'))));
    if (!target || `${parent}/`.startsWith(target === '/' ? '/' : `${target}/`)) {
      if (isLast) yield* this.#emit(link);
    } else if (!job.chain.includes(target)) {
      job.chain.push(target);
      yield* this.#step(job, link, index);
      job.chain.pop();
    }
  }

  *#enter(job, child, index) {
    if (!child.excludedBy(this.#options.isExcluded)) yield* this.#step(job, child, index);
  }

  *#emit(entry) {
    if (this.#found.has(entry.path)) return;
    this.#found.add(entry.path);
    yield { found: this.#options.withFileTypes ? entry.dirent() : entry.path || '.' };
  }

  /** The entries of a directory; none if it cannot be read. */
  *#list(entry) {
    const known = this.#lists.get(entry.path);
    if (known !== undefined) return known;
    const entries = yield plain.readdir(this.#whole(entry.path), { withFileTypes: true });
    const list = (entries ?? []).map(
      (one) => new Entry(entry.cwd, join(entry.path, one.name), kindOf(one)),
    );
    this.#lists.set(entry.path, list);
    return list;
  }

  #whole(path) {
    return isAbsolute(path) ? path : join(this.#options.cwd, path);
  }
}

const KINDS = [
  ['isDirectory', KIND_OF_DIRECTORY],
  ['isFile', 8],
  ['isSymbolicLink', KIND_OF_LINK],
  ['isFIFO', 1],
  ['isSocket', 12],
  ['isCharacterDevice', 2],
  ['isBlockDevice', 6],
];
/** The kind of Stats, or of a Dirent, as the system numbers them. */
const kindOf = (entry) => KINDS.find(([is]) => entry[is]())?.[1] ?? 0;

function attempt(request) {
  try {
    return runSync(request);
  } catch {
    return undefined;
  }
}

/** @returns {string[] | Dirent[]} the paths that match */
function globSync(patterns, options) {
  const walk = new Walk(readArguments(patterns, options)).run();
  const found = [];
  for (let { value, done } = walk.next(); !done;) {
    let answer;
    if (value.found !== undefined) found.push(value.found);
    else answer = attempt(value);
    ({ value, done } = walk.next(answer));
  }
  return found;
}

/** The same, one after the other; arguments are checked when the first is asked for, as in Node. */
async function* glob(patterns, options) {
  const walk = new Walk(readArguments(patterns, options)).run();
  for (let { value, done } = walk.next(); !done;) {
    let answer;
    if (value.found !== undefined) yield value.found;
    else answer = await runPromise(value).catch(() => undefined);
    ({ value, done } = walk.next(answer));
  }
}

/** All of them, once the arguments were checked. */
function globAll(patterns, options) {
  readArguments(patterns, options);
  return Array.fromAsync(glob(patterns, options));
}

module.exports = { glob, globAll, globSync };
