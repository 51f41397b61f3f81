'use strict';
// module.findPackageJSON(): the package.json that a name leads to.
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');
const packages = require('internal/modules/packages');
const resolver = require('internal/modules/resolve');

const { dirname, join } = packages;
const RELATIVE = /^\.{0,2}\/|^\.{1,2}$/;
const PACKAGE = /^(?:@[^/]+\/)?[^/]+/;

const isURL = (value) => typeof value === 'object' && typeof value?.href === 'string';
const pathOf = (url) => require('url').fileURLToPath(url);
const fileIn = (directory) => join(directory, 'package.json');

/** The path of the package that a file, or a directory, is part of. */
function around(path) {
  const directory = resolver.kindOf(path) === resolver.DIRECTORY ? path : dirname(path);
  const found = packages.packageScope(directory);
  return found && fileIn(found.directory);
}

/** The path of a package by its name, as a file finds it. */
function named(specifier, file) {
  const [name] = PACKAGE.exec(specifier) ?? [specifier];
  const own = packages.packageScope(dirname(file));
  if (own?.name === name && own.exports != null) return fileIn(own.directory);
  for (const directory of packages.nodeModulePaths(dirname(file))) {
    const found = packages.readPackage(join(directory, name));
    if (found !== undefined) return fileIn(found.directory);
  }
  throw new codes.ERR_MODULE_NOT_FOUND('package', name, file);
}

/**
 * @param {string | URL} specifier  a name as in `import`, or where a file is
 * @param {string | URL} [base]  the file that the name stands in: a path or a file: URL
 * @returns {string | undefined}
 */
function findPackageJSON(specifier, base) {
  if (specifier === undefined) throw new codes.ERR_MISSING_ARGS('specifier');
  if (isURL(specifier)) specifier = specifier.href;
  if (base !== undefined && !isURL(base)) validateString(base, 'base');
  resolver.enter();
  try {
    if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) return around(pathOf(specifier));
    if (base === undefined) {
      if (RELATIVE.test(specifier)) throw new codes.ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier);
      throw new codes.ERR_INVALID_URL(`${specifier}`);
    }
    const file = isURL(base) || base.startsWith('file:') ? pathOf(base) : base;
    validateString(specifier, 'specifier');
    if (!RELATIVE.test(specifier)) return named(specifier, file);
    const path = join(dirname(file), specifier);
    if (resolver.kindOf(path) === resolver.ABSENT)
      throw new codes.ERR_MODULE_NOT_FOUND('module', path, file);
    return around(path);
  } finally {
    resolver.leave();
  }
}

module.exports = { findPackageJSON };
