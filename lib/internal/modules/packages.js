'use strict';
// Paths, and the package.json files above them.
//
// Every program runs this at its start: where a few comparisons do, there is no regular expression,
// which would have to be compiled.
const { codes } = require('internal/errors/codes');
const native = binding('module');

// ---- Paths

/** Removes empty, `.` and `..` segments of an absolute path. */
function normalize(path) {
  if (!path.includes('/.') && !path.includes('//') && !path.endsWith('/')) return path;
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

// ---- package.json

const packages = new Map(); // by directory, for the life of the process
const noPackage = new Set(); // directories that have none
let keepsAbsent = false;

/** Forgets which directories have no package.json; keep: whether that is remembered from now on. */
function forgetAbsent(keep) {
  noPackage.clear();
  keepsAbsent = keep;
}

/** What the loader uses of a package.json. */
function parsePackage(directory, path, text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new codes.ERR_INVALID_PACKAGE_CONFIG(path, error.message);
  }
  if (data === null || typeof data !== 'object') data = {};
  return {
    directory,
    name: typeof data.name === 'string' ? data.name : undefined,
    main: typeof data.main === 'string' ? data.main : undefined,
    type: data.type === 'module' || data.type === 'commonjs' ? data.type : 'none',
    exports: data.exports,
    imports: typeof data.imports === 'object' && data.imports !== null ? data.imports : undefined,
  };
}

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
    if (keepsAbsent) noPackage.add(directory);
    return undefined;
  }
  const found = parsePackage(directory, path, text);
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

module.exports = {
  dirname,
  forgetAbsent,
  join,
  nodeModulePaths,
  packageScope,
  readPackage,
};
