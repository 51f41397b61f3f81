'use strict';
// What of require() few programs need: createRequire(), the paths option of require.resolve(), code
// that is in no file, and the error of a name that is not found.
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');
const { join } = require('internal/modules/packages');
const { isRelative } = require('internal/modules/resolve');
const { Module, makeRequire, parents } = require('internal/modules/loader');
const native = binding('module');

/** Where a request is looked for from the directories of require.resolve()'s option. */
function lookupPaths(request, given) {
  if (!Array.isArray(given)) throw new codes.ERR_INVALID_ARG_VALUE('options.paths', given);
  const from = given.map((path) => {
    validateString(path, 'options.paths');
    return join(native.cwd(), path);
  });
  if (isRelative(request)) return from;
  const paths = new Set();
  for (const path of from) for (const one of Module._nodeModulePaths(path)) paths.add(one);
  return [...paths, ...Module.globalPaths];
}

function notFound(request, parent) {
  const stack = [];
  for (let at = parent; at; at = parents.get(at)) stack.push(at.filename || at.id);
  let message = `Cannot find module '${request}'`;
  if (stack.length > 0) message += `\nRequire stack:\n- ${stack.join('\n- ')}`;
  const error = new Error(message);
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = stack;
  return error;
}

/** Module.createRequire(). */
function createRequire(filename) {
  let path = filename;
  const isURL = typeof filename === 'object' && filename?.protocol === 'file:';
  if (isURL || (typeof filename === 'string' && filename.startsWith('file:'))) {
    path = require('url').fileURLToPath(filename);
  } else if (typeof filename !== 'string' || !filename.startsWith('/')) {
    const wanted = 'must be a file URL object, file URL string, or absolute path string';
    throw new codes.ERR_INVALID_ARG_VALUE('filename', filename, wanted);
  }
  const file = path.endsWith('/') ? `${path}noop.js` : path;
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(module.path);
  return makeRequire(module);
}

/** A module for code that is in no file; require() resolves from the working directory. */
function moduleForCode(name) {
  const directory = native.cwd();
  const module = new Module(name);
  module.filename = join(directory, name);
  module.paths = Module._nodeModulePaths(directory);
  return module;
}

module.exports = { createRequire, lookupPaths, moduleForCode, notFound };
