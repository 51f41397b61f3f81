'use strict';
// What the `exports` and `imports` of a package.json say of a name, as Node documents it
// (https://nodejs.org/api/esm.html#resolution-algorithm-specification).
const { codes } = require('internal/errors/codes');
const {
  dirname,
  join,
  nodeModulePaths,
  packageScope,
  readPackage,
} = require('internal/modules/packages');
const {
  ABSENT,
  DIRECTORY,
  kindOf,
  packageName,
  tryExtensions,
  tryFile,
} = require('internal/modules/resolve');

// ---- Conditions

let own; // those of --conditions
let wanted; // those that a hook of the loader asks for, while it does
const sets = {};

/** The options -C and --conditions, also of NODE_OPTIONS. */
function ownConditions() {
  const { flag } = require('internal/process/flags');
  return [...(flag('conditions') ?? []), ...(flag('C') ?? [])];
}

/**
 * The conditions of `exports` and `imports` that hold besides `default`, in their order.
 * @param {'require' | 'import'} kind
 */
function conditionList(kind) {
  own ??= ownConditions();
  return kind === 'require'
    ? ['require', 'node', 'module-sync', ...own]
    : ['node', 'import', 'module-sync', ...own];
}

/** The same as a set, or those that withConditions() was given. */
const conditionsOf = (kind) => wanted ?? (sets[kind] ??= new Set(conditionList(kind)));

/** Calls a function, for which other conditions hold. @param {string[]} conditions */
function withConditions(conditions, run) {
  const before = wanted;
  wanted = Array.isArray(conditions) ? new Set(conditions) : undefined;
  try {
    return run();
  } finally {
    wanted = before;
  }
}

// ---- Targets

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
function resolveExports(config, subpath, request, conditions = conditionsOf('require')) {
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
function resolveImports(request, parentFile, requirePackage, conditions = conditionsOf('require')) {
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

/** A request for the asking file's own package by its name; undefined if it is not one. */
function resolveSelf(request, directory, conditions = conditionsOf('require')) {
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
  const conditions = conditionsOf('import');
  const self = resolveSelf(request, directory, conditions);
  if (self !== undefined) return self;
  const [name, rest] = packageName(request);
  if (name === undefined)
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(request, 'is not a valid package name', directory);
  for (const path of nodeModulePaths(directory)) {
    const folder = `${path}/${name}`;
    if (kindOf(folder) !== DIRECTORY) continue;
    const config = readPackage(folder);
    if (config?.exports != null)
      return resolveExports(config, `.${rest ?? ''}`, request, conditions);
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

module.exports = {
  conditionList,
  conditionsOf,
  importPackage,
  resolveExports,
  resolveImports,
  resolveSelf,
  withConditions,
};
