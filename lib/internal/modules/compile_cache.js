'use strict';
// The cache on the disk as Node's names for it tell of it. It is on from the start; which directory
// it is in, the environment says (docs/modules.md).
const { folder } = require('internal/modules/kept');

const compileCacheStatus = Object.freeze({
  __proto__: null,
  FAILED: 0,
  ENABLED: 1,
  ALREADY_ENABLED: 2,
  DISABLED: 3,
});

const getCompileCacheDir = () => folder() || undefined;

/** @param {string | { directory?: string }} [options]  says which directory in Node */
function enableCompileCache(options = {}) {
  const directory = typeof options === 'string' ? options : options?.directory;
  if (directory !== undefined || options === null || typeof options !== 'object')
    require('internal/errors/validators').validateString(directory ?? options, 'cacheDir');
  const own = getCompileCacheDir();
  if (own === undefined) return { status: compileCacheStatus.DISABLED };
  return { status: compileCacheStatus.ALREADY_ENABLED, directory: own };
}

/** What is made is written at once. */
function flushCompileCache() {}

module.exports = {
  constants: Object.freeze({ __proto__: null, compileCacheStatus }),
  enableCompileCache,
  flushCompileCache,
  getCompileCacheDir,
};
