'use strict';
// CommonJS modules of programs, as Node documents them (https://nodejs.org/api/modules.html and
// https://nodejs.org/api/module.html), with the inner functions that packages hook.
const { channels } = require('internal/base/stores');
const { codes } = require('internal/errors/codes');
const validators = () => require('internal/errors/validators');
const { define, defineLazy, defineMade } = require('internal/base/lazy');
const { dirname, nodeModulePaths } = require('internal/modules/packages');
const {
  HEAD,
  TAIL,
  compile: compileText,
  compileFunction,
  declaredFormat,
  hideHashbang,
  parseJSON,
  textFormat,
  toCommonJS,
} = require('internal/modules/source');
const native = binding('module');
const resolver = () => require('internal/modules/resolve');

/** Found with the prefix `node:` only: packages have the plain names. */
const PREFIXED = new Set(['test', 'test/reporters']);

const builtins = native.builtins.split(' ').filter((name) => !PREFIXED.has(name));
const isPublic = new Set(builtins);

// What module.registerHooks() puts between names and modules (internal/modules/hooked); undefined while
// there are no hooks.
const custom = {
  hooks: undefined,
  /** Has names be looked up again that were found before. */
  forget: () => resolved.clear(),
};

const parents = new WeakMap(); // module → the module that first asked for it
const resolved = new Map(); // directory NUL request → file, for files in the cache
let preloading = false;

/** How long the prefix is that says that a request means a built-in module, 0 if there is none. */
function prefixLength(request) {
  if (request.startsWith('node:')) return 5;
  return request.startsWith('edgeros:') ? 8 : 0;
}

/** A built-in module's name without its prefix, or undefined if programs know none such. */
function builtinName(request) {
  const prefix = prefixLength(request);
  const name = request.slice(prefix);
  return isPublic.has(name) || (prefix > 0 && PREFIXED.has(name)) ? name : undefined;
}

/** The names that a built-in module exports. @param {string} name @returns {string[]} */
const publicNames = (name) => Object.keys(require(name));

function adopt(parent, child, check) {
  const children = parent?.children;
  if (children && !(check && children.includes(child))) children.push(child);
}

/**
 * One module of the program.
 * @param {string} id
 * @param {Module} [parent]
 */
function Module(id = '', parent) {
  this.id = id;
  this.path = dirname(id);
  this.exports = {};
  parents.set(this, parent);
  adopt(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
}

Object.defineProperties(Module.prototype, {
  parent: {
    configurable: true,
    get() {
      return parents.get(this);
    },
    set(parent) {
      parents.set(this, parent);
    },
  },
  isPreloading: {
    configurable: true,
    get: () => preloading,
  },
});

Module._cache = { __proto__: null };
Module._pathCache = { __proto__: null };
Module._extensions = { __proto__: null };
// Where packages are looked for last. Read when the first package is sought.
function globalPaths() {
  const { HOME, NODE_PATH = '' } = require('internal/base/environment').owned('HOME', 'NODE_PATH');
  const home = HOME ? [`${HOME}/.node_modules`, `${HOME}/.node_libraries`] : [];
  const prefix = dirname(dirname(process.execPath));
  return [
    ...NODE_PATH.split(':').filter(Boolean),
    ...home,
    `${prefix === '/' ? '' : prefix}/lib/node`,
  ];
}
defineMade(Module, ['globalPaths'], globalPaths);
Module.Module = Module;
defineMade(Module, ['builtinModules'], () =>
  Object.freeze([...builtins, ...Array.from(PREFIXED, (name) => `node:${name}`)]),
);
Module.isBuiltin = (request) => typeof request === 'string' && builtinName(request) !== undefined;
Module.wrapper = [HEAD, TAIL];
Module.wrap = function wrap(script) {
  return Module.wrapper[0] + script + Module.wrapper[1];
};
const plainWrap = Module.wrap;

// ---- Resolution

Module._nodeModulePaths = nodeModulePaths;

Module._resolveLookupPaths = function _resolveLookupPaths(request, parent) {
  if (builtinName(request) !== undefined) return null;
  if (resolver().isRelative(request)) return [parent?.filename ? dirname(parent.filename) : '.'];
  return [...(parent?.paths ?? []), ...Module.globalPaths];
};

Module._findPath = function _findPath(request, paths) {
  if (!request.startsWith('/') && !paths?.length) return false;
  const from = paths?.map((path) => (path === '.' ? native.cwd() : path));
  return resolver().findPath(request, from, Object.keys(Module._extensions));
};

function resolveFile(request, parent, isMain, options) {
  const paths =
    options?.paths === undefined
      ? Module._resolveLookupPaths(request, parent)
      : require('internal/modules/require').lookupPaths(request, options.paths);
  const file = parent?.filename;
  if (file && request.startsWith('#'))
    return require('internal/modules/resolve_exports').resolveImports(request, file, (name) =>
      Module._resolveFilename(name, parent, false),
    );
  if (!resolver().isRelative(request) && !request.startsWith('/')) {
    const directory = file ? dirname(file) : parent?.paths?.length ? native.cwd() : undefined;
    const own =
      directory && require('internal/modules/resolve_exports').resolveSelf(request, directory);
    if (own) return own;
  }
  const found = Module._findPath(request, paths, isMain);
  if (found) return found;
  resolver().forget();
  throw require('internal/modules/require').notFound(request, parent);
}

/** The file, or the name of the built-in module, that a request means; throws if there is none. */
Module._resolveFilename = function _resolveFilename(request, parent, isMain, options) {
  if (prefixLength(request) > 0) {
    if (builtinName(request) === undefined) throw new codes.ERR_UNKNOWN_BUILTIN_MODULE(request);
    return request;
  }
  if (isPublic.has(request)) return request;
  resolver().enter();
  try {
    return resolveFile(request, parent, isMain, options);
  } finally {
    resolver().leave();
  }
};

// ---- Loading

/** The exports of a request: from the cache, a built-in module, or a file that is run. */
Module._load = function _load(request, parent, isMain) {
  const key = parent?.filename ? `${parent.path}\0${request}` : undefined;
  const before = key && resolved.get(key);
  if (before !== undefined) {
    const known = Module._cache[before];
    if (known !== undefined) {
      adopt(parent, known, true);
      return known.exports;
    }
    resolved.delete(key);
  }
  if (custom.hooks !== undefined) return custom.hooks.load(request, parent, isMain, key);
  if (prefixLength(request) > 0) {
    const name = builtinName(request);
    if (name === undefined) throw new codes.ERR_UNKNOWN_BUILTIN_MODULE(request);
    return require(name);
  }
  const filename = Module._resolveFilename(request, parent, isMain);
  const cached = Module._cache[filename];
  if (cached !== undefined) {
    adopt(parent, cached, true);
    return cached.exports;
  }
  const builtin = builtinName(filename);
  if (builtin !== undefined) return require(builtin);
  if (prefixLength(filename) > 0) throw new codes.ERR_UNKNOWN_BUILTIN_MODULE(filename);
  return loadNew(filename, parent, isMain, key);
};

function loadNew(filename, parent, isMain, key, prepare) {
  const module = new Module(filename, parent);
  prepare?.(module);
  if (isMain) {
    process.mainModule = module;
    module.id = '.';
  }
  Module._cache[filename] = module;
  if (key !== undefined) resolved.set(key, filename);
  let failed = true;
  try {
    module.load(filename);
    failed = false;
  } finally {
    if (failed) {
      delete Module._cache[filename];
      if (key !== undefined) resolved.delete(key);
      const index = parent?.children?.indexOf(module) ?? -1;
      if (index >= 0) parent.children.splice(index, 1);
    }
  }
  return module.exports;
}

// The longest extension of a file that has a handler: '.b.js' of 'a.b.js' comes before '.js'.
function extensionOf(filename) {
  const name = filename.slice(filename.lastIndexOf('/') + 1);
  for (let dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const extension = name.slice(dot);
    if (extension !== '.' && Module._extensions[extension]) return extension;
  }
  return '.js';
}

Module.prototype.load = function load(filename) {
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(dirname(filename));
  Module._extensions[extensionOf(filename)](this, filename);
  this.loaded = true;
};

/** Loads a module as this one's code does by require(). */
Module.prototype.require = function (id) {
  if (typeof id !== 'string') validators().validateString(id, 'id');
  if (id === '') throw new codes.ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  if (channels.trace === null) return load(id, this);
  const told = { id, parentFilename: this.filename };
  return channels.trace('traceSync', 'module.require', load, told, undefined, id, this);
};

function load(id, parent) {
  if (isPublic.has(id)) return Module._load(id, parent, false); // without a look at the disk
  const { enter, leave } = resolver();
  enter();
  try {
    return Module._load(id, parent, false);
  } finally {
    leave();
  }
}

function makeRequire(module) {
  function require(path) {
    return module.require(path);
  }
  require.resolve = function resolve(request, options) {
    validators().validateString(request, 'request');
    if (custom.hooks !== undefined)
      return custom.hooks.resolveFilename(request, module, false, options);
    return Module._resolveFilename(request, module, false, options);
  };
  require.resolve.paths = function paths(request) {
    validators().validateString(request, 'request');
    return Module._resolveLookupPaths(request, module);
  };
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

// Formats of texts that may be ECMAScript modules.
const UNTOLD = new Set(['none', 'typescript']);

function compile(content, filename, format) {
  if (Module.wrap === plainWrap && Module.wrapper[0] === HEAD && Module.wrapper[1] === TAIL)
    return compileFunction(content, filename, UNTOLD.has(format ?? declaredFormat(filename)));
  return compileText(Module.wrap(hideHashbang(content)), filename);
}

/**
 * Runs a file that is an ECMAScript module.
 * @param {string} [text]  what stands in place of its own
 * @param {boolean} [typed]  whether the text has types
 */
function runModule(module, filename, text, typed) {
  const esm = require('internal/modules/esm');
  if (module !== process.mainModule) {
    const parent = parents.get(module)?.filename;
    module.exports =
      text === undefined
        ? esm.requireModule(filename, parent)
        : esm.requireText(text, filename, typed, parent);
    return;
  }
  process.mainModule = undefined;
  delete Module._cache[filename];
  if (text === undefined) esm.runFile(filename);
  else esm.runFileAs(filename, text, typed);
}

/**
 * Runs a text as this module's. Packages that compile files put a function of theirs in its place, and
 * call it with what they made.
 * @param {string} content
 * @param {string} filename
 * @param {string} [format]  what textFormat() tells of the text; without one it has no types
 */
Module.prototype._compile = function _compile(content, filename, format) {
  const typed = format !== undefined && format.endsWith('typescript');
  const run = compile(toCommonJS(content, filename, typed), filename, format);
  if (run === undefined) {
    const isOwn = content === native.readOptional(filename);
    return runModule(this, filename, isOwn ? undefined : content, typed);
  }
  const given = [this.exports, makeRequire(this), this, filename, dirname(filename)];
  if (run.length > given.length) given.push(require('internal/modules/esm').importFrom(filename));
  return Reflect.apply(run, this.exports, given);
};

Module._extensions['.js'] = function (module, filename) {
  if (custom.hooks !== undefined) return custom.hooks.run(module, filename);
  const format = declaredFormat(filename);
  if (format === 'module') runModule(module, filename);
  else module._compile(native.readFile(filename), filename, textFormat(format, filename));
  return undefined;
};

Module._extensions['.json'] = function (module, filename) {
  if (custom.hooks !== undefined) return custom.hooks.run(module, filename);
  module.exports = parseJSON(native.readFile(filename), filename);
  return undefined;
};

Module._extensions['.node'] = function (module, filename) {
  const error = new Error(`sluice does not load native add-ons: ${filename}`);
  error.code = 'ERR_DLOPEN_FAILED';
  throw error;
};

// ---- What programs make themselves

/** A require() that resolves as from a file, or a directory if the name ends with a slash. */
Module.createRequire = function createRequire(filename) {
  return require('internal/modules/require').createRequire(filename);
};

Module.syncBuiltinESMExports = function syncBuiltinESMExports() {};
/** Stacks are those of the files that run; the wish is kept. */
Module.setSourceMapsSupport = function setSourceMapsSupport(enabled, options = {}) {
  require('internal/modules/source_maps').set(enabled, options);
};
Module.getSourceMapsSupport = function getSourceMapsSupport() {
  return require('internal/modules/source_maps').get();
};
defineLazy(Module, 'internal/modules/package_file', ['findPackageJSON']);
defineLazy(Module, 'internal/modules/hooks', ['registerHooks']);
defineLazy(Module, 'internal/worker/register', ['register']);
defineLazy(Module, 'internal/modules/source_map', ['SourceMap', 'findSourceMap']);
defineLazy(Module, 'internal/modules/strip', ['stripTypeScriptTypes']);
defineLazy(Module, 'internal/modules/compile_cache', [
  'constants',
  'enableCompileCache',
  'flushCompileCache',
  'getCompileCacheDir',
]);
Module._initPaths = function _initPaths() {
  Module.globalPaths = globalPaths();
};

/** Loads modules before the program, as from the working directory. */
Module._preloadModules = function _preloadModules(requests) {
  if (requests.length === 0) return;
  preloading = true;
  const parent = new Module('internal/preload', null);
  parent.paths = Module._nodeModulePaths(native.cwd());
  for (const request of requests) parent.require(request);
  preloading = false;
};

/** Runs a file as the program. */
Module.runMain = function runMain(main = process.argv[1]) {
  return Module._load(main, null, true);
};

/** Module.runMain() for a file as realpath() names it, while nobody can have replaced a function here. */
const runFirst = (file) => loadNew(file, null, true);

for (const name of ['_pathCache', '_initPaths']) define(Module, name, Module[name], false);

module.exports = {
  Module,
  adopt,
  builtinName,
  custom,
  loadNew,
  makeRequire,
  parents,
  publicNames,
  runFirst,
};
