'use strict';
// From the name in a require() to the file that it means: files, directories, packages with their
// `exports` and `imports`, as Node documents it (https://nodejs.org/api/modules.html#all-together
// and https://nodejs.org/api/esm.html#resolution-algorithm-specification).
const { codes } = require('internal/errors');
const native = binding('module');
const { shared } = binding('runtime');

const FILE = 0;
const DIRECTORY = 1;
const ABSENT = -1;
const NOW = 3; // index in struct Shared (src/js/engine.h)

/** The conditions of `exports` and `imports` that hold in require() and in import, besides `default`. */
const REQUIRE = new Set(['require', 'node']);
const IMPORT = new Set(['import', 'node']);

// ---- Paths

/** Removes empty, `.` and `..` segments of an absolute path. */
function normalize(path) {
  if (!/\/(\.|\/|$)/.test(path)) return path;
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function join(directory, request) {
  return normalize(request.startsWith('/') ? request : `${directory}/${request}`);
}

function dirname(path) {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

// ---- What is on the disk

// What is known of paths holds within one outermost require(), and within one turn of the loop.
const kinds = new Map();
const links = new Map(); // symbolic link → where it leads
let depth = 0;
let turn = 0;
// For the life of the process: directories without symbolic links, and package.json files.
const realDirectories = new Map([['/', '/']]);
const packages = new Map();
const noPackage = new Set();

function forget() {
  kinds.clear();
  links.clear();
  noPackage.clear();
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

// ---- package.json

/**
 * The package.json of a directory: what the loader uses of it, or undefined.
 * @param {string} directory
 */
function readPackage(directory) {
  const known = packages.get(directory);
  if (known !== undefined) return known;
  if (noPackage.has(directory)) return undefined;
  const path = directory === '/' ? '/package.json' : `${directory}/package.json`;
  const text = native.readOptional(path);
  if (text === undefined) {
    if (depth > 0) noPackage.add(directory);
    return undefined;
  }
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new codes.ERR_INVALID_PACKAGE_CONFIG(path, error.message);
  }
  if (data === null || typeof data !== 'object') data = {};
  const found = {
    directory,
    name: typeof data.name === 'string' ? data.name : undefined,
    main: typeof data.main === 'string' ? data.main : undefined,
    type: data.type === 'module' || data.type === 'commonjs' ? data.type : 'none',
    exports: data.exports,
    imports: typeof data.imports === 'object' && data.imports !== null ? data.imports : undefined,
  };
  packages.set(directory, found);
  return found;
}

/** The package that the files of a directory belong to, or undefined. */
function packageScope(directory) {
  for (let at = directory; ; at = dirname(at)) {
    if (at.endsWith('/node_modules')) return undefined;
    const found = readPackage(at);
    if (found !== undefined || at === '/' || at === '.') return found;
  }
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

// ---- exports and imports

const INVALID_SEGMENT =
  /(^|[\\/])((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))([\\/]|$)/i;

/**
 * One lookup in a package's `exports` or `imports`.
 * @typedef {{ directory: string, key: string, match: string | null, imports: boolean,
 *   request: string, conditions: ReadonlySet<string>, requirePackage: (name: string) => string }} Lookup
 */

function invalidTarget(lookup, target) {
  return new codes.ERR_INVALID_PACKAGE_TARGET(
    `${lookup.directory}/`,
    lookup.key,
    target,
    lookup.imports,
  );
}

function targetString(target, lookup) {
  const { match } = lookup;
  if (!target.startsWith('./')) {
    if (!lookup.imports || /^(\.\.?\/|\/|[a-z][a-z0-9+.-]*:)/i.test(target)) {
      if (lookup.imports && /^(node|edgeros):/.test(target)) return lookup.requirePackage(target);
      throw invalidTarget(lookup, target);
    }
    return lookup.requirePackage(match === null ? target : target.replaceAll('*', () => match));
  }
  if (INVALID_SEGMENT.test(target.slice(2))) throw invalidTarget(lookup, target);
  if (match === null) return join(lookup.directory, target);
  if (INVALID_SEGMENT.test(match)) {
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(
      lookup.request,
      `request is not a valid match in pattern "${lookup.key}" for the "${lookup.imports ? 'imports' : 'exports'}" resolution of ${lookup.directory}/package.json`,
    );
  }
  return join(
    lookup.directory,
    target.replaceAll('*', () => match),
  );
}

function targetArray(targets, lookup) {
  let problem;
  let result = targets.length === 0 ? null : undefined;
  for (const target of targets) {
    try {
      result = targetOf(target, lookup);
      problem = undefined;
    } catch (error) {
      if (error.code !== 'ERR_INVALID_PACKAGE_TARGET') throw error;
      problem = error;
      continue;
    }
    if (result != null) return result;
  }
  if (problem !== undefined) throw problem;
  return result;
}

/** The file that a target means; null for none by intent, undefined if no condition holds. */
function targetOf(target, lookup) {
  if (typeof target === 'string') return targetString(target, lookup);
  if (target === null) return null;
  if (Array.isArray(target)) return targetArray(target, lookup);
  if (typeof target !== 'object') throw invalidTarget(lookup, target);
  const keys = Object.keys(target);
  if (keys.some((key) => String(key >>> 0) === key)) {
    throw new codes.ERR_INVALID_PACKAGE_CONFIG(
      `${lookup.directory}/package.json`,
      '"exports" cannot contain numeric property keys.',
    );
  }
  for (const key of keys) {
    if (key !== 'default' && !lookup.conditions.has(key)) continue;
    const result = targetOf(target[key], lookup);
    if (result !== undefined) return result;
  }
  return undefined;
}

// The order of patterns: the longest text before * first, then the longest key.
function better(key, best) {
  if (best === undefined) return true;
  const a = key.indexOf('*');
  const b = best.indexOf('*');
  return a === b ? key.length > best.length : a > b;
}

/** Looks key up in a table of subpaths; returns as targetOf does. */
function lookUp(table, key, lookup) {
  if (Object.hasOwn(table, key) && !key.includes('*') && !key.endsWith('/'))
    return targetOf(table[key], { ...lookup, key, match: null });
  let best;
  for (const pattern of Object.keys(table)) {
    const star = pattern.indexOf('*');
    if (star < 0 || star !== pattern.lastIndexOf('*')) continue;
    const after = pattern.slice(star + 1);
    if (!key.startsWith(pattern.slice(0, star)) || !key.endsWith(after)) continue;
    if (key.length >= pattern.length && better(pattern, best)) best = pattern;
  }
  if (best === undefined) return undefined;
  const star = best.indexOf('*');
  const match = key.slice(star, key.length - (best.length - star - 1));
  return targetOf(table[best], { ...lookup, key: best, match });
}

function exportsTable(config) {
  const { exports } = config;
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports))
    return { '.': exports };
  const keys = Object.keys(exports);
  const dotted = keys.filter((key) => key.startsWith('.')).length;
  if (dotted !== 0 && dotted !== keys.length) {
    throw new codes.ERR_INVALID_PACKAGE_CONFIG(
      `${config.directory}/package.json`,
      '"exports" cannot contain some keys starting with \'.\' and some not. The exports object must ' +
        'either be an object of package subpath keys or an object of main entry condition name keys only.',
    );
  }
  return dotted === 0 && keys.length > 0 ? { '.': exports } : exports;
}

/** The file that `exports` gives for a subpath ('.' or './x'); throws if it gives none. */
function resolveExports(config, subpath, request, conditions = REQUIRE) {
  const found = lookUp(exportsTable(config), subpath, {
    directory: config.directory,
    imports: false,
    request,
    conditions,
  });
  if (found == null) throw new codes.ERR_PACKAGE_PATH_NOT_EXPORTED(`${config.directory}/`, subpath);
  const file = tryFile(found);
  if (file) return file;
  const error = new Error(`Cannot find module '${found}'`);
  error.code = 'MODULE_NOT_FOUND';
  error.path = `${config.directory}/package.json`;
  throw error;
}

/**
 * The file of a request that begins with #.
 * @param {string} request
 * @param {string} parentFile  the file that asks
 * @param {(name: string) => string} requirePackage  resolves a package name for parentFile
 * @param {ReadonlySet<string>} [conditions]
 */
function resolveImports(request, parentFile, requirePackage, conditions = REQUIRE) {
  const config = packageScope(dirname(parentFile));
  if (request === '#' || request.startsWith('#/')) {
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(
      request,
      'is not a valid internal imports specifier name',
      parentFile,
    );
  }
  let found;
  if (config?.imports !== undefined) {
    found = lookUp(config.imports, request, {
      directory: config.directory,
      imports: true,
      request,
      conditions,
      requirePackage,
    });
  }
  if (found == null)
    throw new codes.ERR_PACKAGE_IMPORT_NOT_DEFINED(
      request,
      config && `${config.directory}/`,
      parentFile,
    );
  if (!found.startsWith('/') || kindOf(found) === ABSENT) return found;
  return tryFile(found) || found;
}

const PACKAGE_NAME = /^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/;

/** A request for the asking file's own package by its name; undefined if it is not one. */
function resolveSelf(request, directory, conditions = REQUIRE) {
  const config = packageScope(directory);
  if (config === undefined || config.exports == null || config.name === undefined) return undefined;
  if (request !== config.name && !request.startsWith(`${config.name}/`)) return undefined;
  return resolveExports(config, `.${request.slice(config.name.length)}`, request, conditions);
}

/**
 * The file that import of a package's name means, or undefined if there is no such package. A name
 * inside of a package without `exports` is a path, which need not exist.
 * @param {string} request
 * @param {string} directory  of the file that asks
 */
function importPackage(request, directory) {
  const own = resolveSelf(request, directory, IMPORT);
  if (own !== undefined) return own;
  const [, name, rest] = PACKAGE_NAME.exec(request) ?? [];
  if (name === undefined)
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(request, 'is not a valid package name', directory);
  for (const path of nodeModulePaths(directory)) {
    const folder = `${path}/${name}`;
    if (kindOf(folder) !== DIRECTORY) continue;
    const config = readPackage(folder);
    if (config?.exports != null) return resolveExports(config, `.${rest ?? ''}`, request, IMPORT);
    if (rest !== undefined) return join(folder, `.${rest}`);
    const extensions = ['.js', '.json', '.node'];
    const main = config?.main && join(folder, config.main);
    const found =
      (main &&
        (tryFile(main) ||
          tryExtensions(main, extensions) ||
          tryExtensions(`${main}/index`, extensions))) ||
      tryExtensions(`${folder}/index`, extensions);
    if (found) return found;
  }
  return undefined;
}

// ---- Lookup

/** node_modules directories from a directory upward. */
function nodeModulePaths(from) {
  const paths = [];
  for (
    let at = from.startsWith('/') ? normalize(from) : join(native.cwd(), from);
    ;
    at = dirname(at)
  ) {
    if (!at.endsWith('/node_modules'))
      paths.push(at === '/' ? '/node_modules' : `${at}/node_modules`);
    if (at === '/') return paths;
  }
}

function isRelative(request) {
  return /^\.\.?(\/|$)/.test(request);
}

function findIn(directory, request, relative, extensions) {
  if (!relative && directory !== '') {
    const [, name, rest] = PACKAGE_NAME.exec(request) ?? [];
    const config = name && readPackage(`${directory}/${name}`);
    if (config && config.exports != null) return resolveExports(config, `.${rest ?? ''}`, request);
  }
  const base = join(directory, request);
  const slash = /(^|\/)\.{0,2}$/.test(request);
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
  FILE,
  DIRECTORY,
  IMPORT,
  dirname,
  enter,
  findPath,
  forget,
  importPackage,
  isRelative,
  join,
  kindOf,
  leave,
  nodeModulePaths,
  packageScope,
  realFile,
  resolveImports,
  resolveSelf,
};
