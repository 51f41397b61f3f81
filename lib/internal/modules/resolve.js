'use strict';
// From the name in a require() to the file that it means: files, directories, packages, as Node
// documents it (https://nodejs.org/api/modules.html#all-together). Of packages that have `exports`
// and `imports`: internal/modules/resolve_exports.
const { dirname, forgetAbsent, join, readPackage } = require('internal/modules/packages');
const native = binding('module');
const { shared } = binding('runtime');

// What native.lstat() returns, of enum PathKind in src/bind/module/module.cc.
const FILE = 0;
const DIRECTORY = 1;
const ABSENT = -1;

// Index, of struct Shared in src/engine/engine.h.
const NOW = 3;

// ---- What is on the disk

// What is known of paths holds within one outermost require(), and within one turn of the loop.
const kinds = new Map();
const links = new Map(); // symbolic link → where it leads
let depth = 0;
let turn = 0;
// For the life of the process: directories without symbolic links.
const realDirectories = new Map([['/', '/']]);

function forget() {
  kinds.clear();
  links.clear();
  forgetAbsent(depth > 0);
}

/** Begins a require(); what is found out about paths is kept until the matching leave(). */
function enter() {
  if (depth++ === 0 || turn !== shared[NOW]) {
    turn = shared[NOW];
    forget();
  }
}

function leave() {
  if (--depth === 0) forget();
}

/** What a path names, links followed: FILE, DIRECTORY or ABSENT. */
function kindOf(path) {
  let kind = kinds.get(path);
  if (kind !== undefined) return kind;
  kind = native.lstat(path);
  if (kind === 2) {
    const real = native.realpath(path);
    if (real === undefined) kind = ABSENT;
    else {
      links.set(path, real);
      kind = native.lstat(real);
    }
  }
  if (depth > 0) kinds.set(path, kind);
  return kind;
}

function realDirectory(path) {
  let real = realDirectories.get(path);
  if (real !== undefined) return real;
  real = realFile(path);
  realDirectories.set(path, real);
  return real;
}

/** The path without symbolic links of a file or directory that is there. */
function realFile(path) {
  kindOf(path);
  const target = links.get(path);
  if (target !== undefined) return target;
  const parent = realDirectory(dirname(path));
  return `${parent === '/' ? '' : parent}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

function tryFile(path) {
  return kindOf(path) === FILE ? realFile(path) : false;
}

function tryExtensions(path, extensions) {
  for (const extension of extensions) {
    const file = tryFile(path + extension);
    if (file) return file;
  }
  return false;
}

/** A directory as a module: what package.json's main names, else index with an extension. */
function tryDirectory(path, extensions, request) {
  const config = readPackage(path);
  const index = `${path === '/' ? '' : path}/index`;
  if (!config?.main) return tryExtensions(index, extensions);
  const main = join(path, config.main);
  const found =
    tryFile(main) || tryExtensions(main, extensions) || tryExtensions(`${main}/index`, extensions);
  if (found) return found;
  const fallback = tryExtensions(index, extensions);
  if (fallback) return fallback;
  const error = new Error(
    `Cannot find module '${main}'. Please verify that the package.json has a valid "main" entry`,
  );
  error.code = 'MODULE_NOT_FOUND';
  error.path = `${path}/package.json`;
  error.requestPath = request;
  throw error;
}

// ---- Lookup

function isRelative(request) {
  return (
    request === '.' || request === '..' || request.startsWith('./') || request.startsWith('../')
  );
}

/** The package of a request and the rest of it, none if it is no package's. */
function packageName(request) {
  return (/^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/.exec(request) ?? []).slice(1);
}

function findIn(directory, request, relative, extensions) {
  if (!relative && directory !== '') {
    const [name, rest] = packageName(request);
    const config = name && readPackage(`${directory}/${name}`);
    if (config && config.exports != null)
      return require('internal/modules/resolve_exports').resolveExports(
        config,
        `.${rest ?? ''}`,
        request,
      );
  }
  const base = join(directory, request);
  const last = request.slice(request.lastIndexOf('/') + 1);
  const slash = last === '' || last === '.' || last === '..';
  const kind = kindOf(base);
  let found = false;
  if (!slash) found = kind === FILE ? realFile(base) : tryExtensions(base, extensions);
  if (!found && kind === DIRECTORY) found = tryDirectory(base, extensions, request);
  return found;
}

/**
 * The file of a request in the directories given, or false.
 * @param {string} request
 * @param {string[]} paths  directories of packages, or those that a relative request starts from
 * @param {string[]} extensions  tried in this order
 */
function findPath(request, paths, extensions) {
  if (request.startsWith('/')) paths = [''];
  const relative = isRelative(request);
  for (const path of paths) {
    if (!relative && path !== '' && kindOf(path) !== DIRECTORY) continue;
    const found = findIn(path, request, relative, extensions);
    if (found) return found;
  }
  return false;
}

module.exports = {
  ABSENT,
  DIRECTORY,
  FILE,
  enter,
  findPath,
  forget,
  isRelative,
  kindOf,
  leave,
  packageName,
  realFile,
  tryExtensions,
  tryFile,
};
