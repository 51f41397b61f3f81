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

const refused = (name, to, reason) =>
  pathSystemError(name, 'cp', to, `ERR_FS_CP_${name}`, 'Invalid src or dest', reason);

// One walk for both forms: it yields what shall be called, and gets the result back.
function* walk(from, to, options) {
  if (options.filter !== undefined && !(yield ['filter', from, to])) return;
  const source = yield [options.dereference ? 'stat' : 'lstat', from];
  let target;
  try {
    target = yield [options.dereference ? 'stat' : 'lstat', to];
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (target !== undefined) {
    if (source.ino === target.ino && source.dev === target.dev)
      throw refused('EINVAL', to, 'src and dest cannot be the same');
    if (source.isDirectory() && !target.isDirectory())
      throw new codes.ERR_FS_CP_DIR_TO_NON_DIR(from, to);
    if (!source.isDirectory() && target.isDirectory())
      throw new codes.ERR_FS_CP_NON_DIR_TO_DIR(from, to);
  }
  if (source.isDirectory()) {
    if (!options.recursive)
      throw pathSystemError(
        'EISDIR',
        'cp',
        from,
        'ERR_FS_EISDIR',
        'Path is a directory',
        `${from} is a directory (not copied)`,
      );
    if (`${path.resolve(to)}/`.startsWith(`${path.resolve(from)}/`))
      throw refused('EINVAL', to, `cannot copy ${from} to a subdirectory of self ${to}`);
    if (target === undefined)
      yield ['mkdir', to, { recursive: true, mode: 0o700 | (source.mode & 0o7777) }];
    for (const name of yield ['readdir', from])
      yield* walk(path.join(from, name), path.join(to, name), options);
    if (target === undefined) yield ['chmod', to, source.mode & 0o7777];
    return;
  }
  if (target !== undefined) {
    if (options.errorOnExist && !options.force) throw new codes.ERR_FS_CP_EEXIST(to);
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
