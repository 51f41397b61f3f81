'use strict';
// From the name in an `import` to a module: a built-in one, a file, or a data: URL, as Node
// documents it (https://nodejs.org/api/esm.html#resolution-algorithm-specification).
const { codes } = require('internal/errors/codes');
const resolver = require('internal/modules/resolve');
const { conditionsOf, importPackage, resolveImports } = require('internal/modules/resolve_exports');
const { dirname, join } = require('internal/modules/packages');

/**
 * What a name means.
 * @typedef {{ kind: 'builtin', name: string } | { kind: 'data', url: string } |
 *   { kind: 'file', file: string, search: string }} Target  search: the query and fragment
 */

/** The file: URL of an absolute path. */
function fileURL(path) {
  return `file://${path.replace(/[^!$&'()*+,\-./0-9:;=@A-Z[\]_a-z|~^]/gu, (character) =>
    encodeURIComponent(character.toWellFormed()),
  )}`;
}

/** The URL of what was resolved. @param {Target} target */
function urlOf(target) {
  if (target.kind === 'builtin') return `node:${target.name}`;
  return target.kind === 'data' ? target.url : fileURL(target.file) + target.search;
}

/** The path of a name that is part of a URL; its query and fragment apart. */
function splitPath(specifier, parent) {
  const [, path, search] = /^([^?#]*)(.*)$/s.exec(specifier);
  if (/%2f|%5c/i.test(path)) {
    const reason = 'must not include encoded "/" or "\\" characters';
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(specifier, reason, parent);
  }
  try {
    return { path: decodeURIComponent(path), search };
  } catch {
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(specifier, 'must be a valid URL', parent);
  }
}

function resolvePath(specifier, parent) {
  const { path, search } = splitPath(specifier, parent);
  return {
    kind: 'file',
    file: join(dirname(parent), path) + (/\/\.{0,2}$/.test(path) ? '/' : ''),
    search,
  };
}

function resolveURL(specifier, parent) {
  const scheme = /^[^:]*/.exec(specifier)[0].toLowerCase();
  if (scheme === 'data') return { kind: 'data', url: specifier };
  if (scheme !== 'file') throw new codes.ERR_UNSUPPORTED_ESM_URL_SCHEME(scheme);
  const { search } = splitPath(specifier, parent);
  const file = require('url').fileURLToPath(specifier.slice(0, specifier.length - search.length));
  return { kind: 'file', file, search };
}

/** The error of a file that is not there, which programs look for by its `url`. */
function notFound(file, parent) {
  const error = new codes.ERR_MODULE_NOT_FOUND('module', file, parent);
  error.url = file.startsWith('/') ? fileURL(file) : file;
  return error;
}

/** A module that is no file has names of its own only: nothing is beside it, or in node_modules. */
function checkParent(specifier, parent) {
  if (parent.startsWith('data:'))
    throw new codes.ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, parent);
}

function resolvePackage(specifier, parent, builtinName) {
  const file = importPackage(specifier, dirname(parent));
  if (file !== undefined) return { kind: 'file', file, search: '' };
  const name = builtinName(specifier);
  if (name !== undefined) return { kind: 'builtin', name };
  const pkg = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  throw new codes.ERR_MODULE_NOT_FOUND('package', pkg, parent);
}

function resolveAny(specifier, parent, builtinName) {
  const name = builtinName(specifier);
  if (name !== undefined) return { kind: 'builtin', name };
  if (/^(?:node|edgeros):/.test(specifier)) throw new codes.ERR_UNKNOWN_BUILTIN_MODULE(specifier);
  if (/^\.{0,2}\/|^\.{1,2}$/.test(specifier)) {
    checkParent(specifier, parent);
    return resolvePath(specifier, parent);
  }
  if (specifier.startsWith('#')) {
    let inner;
    const file = resolveImports(
      specifier,
      parent,
      (request) => {
        inner = resolveAny(request, parent, builtinName);
        return inner.file ?? request;
      },
      conditionsOf('import'),
    );
    return inner ?? { kind: 'file', file, search: '' };
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) return resolveURL(specifier, parent);
  checkParent(specifier, parent);
  return resolvePackage(specifier, parent, builtinName);
}

/** Throws unless a file is there; its path without symbolic links. */
function checkFile(file, specifier, parent) {
  const kind = file.endsWith('/') ? resolver.DIRECTORY : resolver.kindOf(file);
  if (kind === resolver.FILE) return resolver.realFile(file);
  if (kind === resolver.DIRECTORY && resolver.kindOf(file.replace(/(.)\/+$/, '$1')) === kind)
    throw new codes.ERR_UNSUPPORTED_DIR_IMPORT(file, parent);
  throw notFound(file, parent);
}

/**
 * What a name means in an `import` of a file.
 * @param {string} specifier
 * @param {string} parent  the path of the file that imports
 * @param {(request: string) => string | undefined} builtinName
 * @param {boolean} [mustExist]  whether a file must be there
 * @returns {Target}
 */
function resolveImport(specifier, parent, builtinName, mustExist = true) {
  resolver.enter();
  try {
    const target = resolveAny(specifier, parent, builtinName);
    if (mustExist && target.kind === 'file')
      target.file = checkFile(target.file, specifier, parent);
    return target;
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new codes.ERR_MODULE_NOT_FOUND(
      'module',
      /'(.*)'/.exec(error.message)?.[1] ?? specifier,
      parent,
    );
  } finally {
    resolver.leave();
  }
}

module.exports = { fileURL, resolveImport, urlOf };
