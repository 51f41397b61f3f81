'use strict';
// fs.cp(): copies files, links and, with {recursive: true}, whole directories.
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
} = require('internal/errors/validators');
const { pathSystemError } = require('internal/errors/system');
const { pathText, toPath } = require('internal/fs/utils');
const path = require('path');

const FLAGS = [
  'dereference',
  'errorOnExist',
  'force',
  'preserveTimestamps',
  'recursive',
  'verbatimSymlinks',
];

function check(options) {
  if (options !== undefined) validateObject(options, 'options');
  const all = {
    dereference: false,
    errorOnExist: false,
    force: true,
    mode: 0,
    preserveTimestamps: false,
    recursive: false,
    verbatimSymlinks: false,
    ...options,
  };
  for (const name of FLAGS) validateBoolean(all[name], `options.${name}`);
  validateInteger(all.mode, 'mode', 0, 7);
  if (all.dereference && all.verbatimSymlinks)
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('dereference', 'verbatimSymlinks');
  if (all.filter !== undefined) validateFunction(all.filter, 'options.filter');
  return all;
}

const BIG = { bigint: true };

const refused = (errno, kind, to, problem, reason) =>
  pathSystemError(errno, 'cp', to, `ERR_FS_${kind}`, problem, reason);
const invalid = (to, reason) => refused('EINVAL', 'CP_EINVAL', to, 'Invalid src or dest', reason);
const exists = (to) =>
  refused('EEXIST', 'CP_EEXIST', to, 'Target already exists', `${to} already exists`);

const isSame = (one, other) => one.ino === other.ino && one.dev === other.dev;

/** What there is at a path; undefined for nothing. */
function* look(call, name) {
  try {
    return yield [call, name, BIG];
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** A directory is not copied to below itself, whatever links lead there. */
function* checkAbove(from, source, to) {
  let name = path.resolve(to);
  while (name !== '/') {
    name = path.dirname(name);
    const above = yield* look('stat', name);
    if (above !== undefined && isSame(source, above))
      throw invalid(to, `cannot copy ${from} to a subdirectory of self ${to}`);
  }
}

function checkKinds(from, source, to, target) {
  if (isSame(source, target)) throw invalid(to, 'src and dest cannot be the same');
  if (source.isDirectory() && !target.isDirectory())
    throw refused(
      'EISDIR',
      'CP_DIR_TO_NON_DIR',
      to,
      'Cannot overwrite non-directory with directory',
      `cannot overwrite non-directory ${to} with directory ${from}`,
    );
  if (!source.isDirectory() && target.isDirectory())
    throw refused(
      'ENOTDIR',
      'CP_NON_DIR_TO_DIR',
      to,
      'Cannot overwrite directory with non-directory',
      `cannot overwrite directory ${to} with non-directory ${from}`,
    );
}

// One walk for both forms: it yields what shall be called, and gets the result back.
function* walk(from, to, options, inside = false) {
  if (options.filter !== undefined && !(yield ['filter', from, to])) return;
  const call = options.dereference ? 'stat' : 'lstat';
  const source = yield [call, from, BIG];
  const mode = Number(source.mode) & 0o7777;
  const target = yield* look(call, to);
  if (target !== undefined) checkKinds(from, source, to, target);
  if (source.isDirectory()) {
    if (!options.recursive) {
      const reason = `${from} is a directory (not copied)`;
      throw refused('EISDIR', 'EISDIR', from, 'Path is a directory', reason);
    }
    if (!inside) yield* checkAbove(from, source, to);
    if (target === undefined) yield ['mkdir', to, { recursive: true, mode: 0o700 | mode }];
    else if (options.errorOnExist && !options.force) throw exists(to);
    for (const name of yield ['readdir', from])
      yield* walk(path.join(from, name), path.join(to, name), options, true);
    if (target === undefined) yield ['chmod', to, mode];
    return;
  }
  if (target !== undefined) {
    if (options.errorOnExist && !options.force) throw exists(to);
    if (!options.force) return;
    yield ['unlink', to];
  } else {
    yield ['mkdir', path.dirname(to), { recursive: true }];
  }
  if (source.isSymbolicLink()) {
    const link = yield ['readlink', from];
    yield ['symlink', options.verbatimSymlinks ? link : path.resolve(path.dirname(from), link), to];
    return;
  }
  yield ['copyFile', from, to, options.mode];
  if (options.preserveTimestamps) yield ['utimes', to, source.atime, source.mtime];
}

function start(from, to, options) {
  options = check(options);
  return [walk(pathText(toPath(from, 'src')), pathText(toPath(to, 'dest')), options), options];
}

function cpSync(from, to, options) {
  const fs = require('fs');
  const [steps, { filter }] = start(from, to, options);
  let step = steps.next();
  while (!step.done) {
    const [name, ...args] = step.value;
    let result;
    try {
      result = name === 'filter' ? filter(...args) : fs[`${name}Sync`](...args);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(result);
  }
}

async function cp(from, to, options) {
  const fs = require('fs/promises');
  const [steps, { filter }] = start(from, to, options);
  let step = steps.next();
  while (!step.done) {
    const [name, ...args] = step.value;
    let result;
    try {
      result = await (name === 'filter' ? filter(...args) : fs[name](...args));
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(result);
  }
}

module.exports = { cp, cpSync };
