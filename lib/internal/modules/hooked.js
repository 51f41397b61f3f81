'use strict';
// The loader while there are hooks: names and texts go through them.
const { ask, hooksOf } = require('internal/modules/hooks');
const { Module, adopt, builtinName, loadNew, parents } = require('internal/modules/loader');
const {
  declaredFormat,
  isTyped,
  parseJSON,
  textFormat,
  toCommonJS,
} = require('internal/modules/source');
const { join } = require('internal/modules/packages');
const { conditionList, withConditions } = require('internal/modules/resolve_exports');
const { fileURL } = require('internal/modules/esm_resolve');
const { codes } = require('internal/errors/codes');
const native = binding('module');

// What a module that a hook named is loaded as: { url, format, loaded }.
const told = new WeakMap();

const pathOf = (url) => {
  const [, plain] = /^([^?#]*)/.exec(url);
  return require('url').fileURLToPath(plain);
};

/** What the file of a URL is called in stacks and in the cache: its path, or the URL. */
const nameOf = (url) => (url.startsWith('file:') ? pathOf(url) : url);

const urlOf = (name) => (name.startsWith('/') ? fileURL(name) : name);

/** The built-in module that a URL means, or undefined. */
const builtinOf = (url) => (url.startsWith('node:') ? builtinName(url) : undefined);

/** The text of what a load hook returned. */
function textOf(source, name) {
  if (source == null) return native.readFile(name);
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}

/** The format that a file's name and package tell hooks; undefined if they tell none. */
function formatOfFile(path) {
  const format = declaredFormat(path);
  if (format === 'unknown') return undefined;
  return format === 'none' && !isTyped(path) ? undefined : textFormat(format, path);
}

// ---- require()

/** The step without hooks of require(): from a name to a URL. */
function resolveRequire(parent, isMain, options) {
  return (specifier, { conditions }) => {
    const request = specifier.startsWith('file:') ? pathOf(specifier) : specifier;
    const name = withConditions(conditions, () =>
      Module._resolveFilename(request, parent, isMain, options),
    );
    const builtin = builtinName(name);
    if (builtin === undefined) return { url: urlOf(name), format: undefined };
    const format = request.startsWith('node:') ? 'builtin' : undefined;
    return { url: `node:${builtin}`, format };
  };
}

/** What a name means in a require(): a URL and perhaps a format. */
function resolveForRequire(request, parent, isMain, options) {
  const context = {
    parentURL: parent?.filename ? (told.get(parent)?.url ?? urlOf(parent.filename)) : undefined,
    importAttributes: undefined,
    conditions: conditionList('require'),
  };
  return ask('resolve', hooksOf(false), request, context, resolveRequire(parent, isMain, options));
}

/** Module._resolveFilename() with hooks. */
function resolveFilename(request, parent, isMain, options) {
  const { url } = resolveForRequire(request, parent, isMain, options);
  const builtin = builtinOf(url);
  if (builtin === undefined) return nameOf(url);
  return request.startsWith('node:') || !Module.isBuiltin(builtin) ? `node:${builtin}` : builtin;
}

/** Asks for what a URL has in it. */
function loadURL(url, format, importAttributes, imports, last) {
  const conditions = conditionList(imports ? 'import' : 'require');
  const context = { format, importAttributes, conditions };
  return ask('load', hooksOf(imports), url, context, last);
}

/** The step without hooks of require(): the text of a file. */
function readForRequire(url, { format }) {
  if (builtinOf(url) !== undefined) return { source: null, format: 'builtin' };
  return { source: native.readFile(nameOf(url)), format };
}

/** Module._load() with hooks. */
function load(request, parent, isMain, key) {
  const { url, format } = resolveForRequire(request, parent, isMain);
  const builtin = builtinOf(url);
  let loaded;
  if (builtin !== undefined) {
    loaded = loadURL(url, format ?? 'builtin', undefined, false, readForRequire);
    if (loaded.format == null || loaded.format === 'builtin') return require(builtin);
  }
  const name = nameOf(url);
  const cached = Module._cache[name];
  if (cached !== undefined) {
    adopt(parent, cached, true);
    return cached.exports;
  }
  const about = { url, format, loaded };
  return loadNew(name, parent, isMain, name === url ? undefined : key, (module) =>
    told.set(module, about),
  );
}

/** What a handler of Module._extensions does with a module. */
function run(module, filename) {
  const { url = urlOf(filename), format, loaded } = told.get(module) ?? {};
  const hint = format ?? formatOfFile(filename);
  const result = loaded ?? loadURL(url, hint, undefined, false, readForRequire);
  runAs(module, filename, url, result);
}

const hasTypes = (kind) => kind.endsWith('typescript');
const COMPILED = new Set([undefined, 'typescript', 'commonjs', 'commonjs-typescript']);

/** Runs what a load hook returned as a module of require(). */
function runAs(module, filename, url, { format, source, exports }) {
  if (exports !== undefined) {
    module.exports = exports.value;
    return;
  }
  const kind = format ?? formatOfFile(filename);
  if (kind === 'builtin') module.exports = require(builtinOf(url));
  else if (kind === 'json') module.exports = parseJSON(textOf(source, filename), filename);
  else if (kind === 'module' || kind === 'module-typescript')
    module.exports = require('internal/modules/esm').requireText(
      textOf(source, filename),
      filename,
      hasTypes(kind),
      parents.get(module)?.filename,
      url,
    );
  else if (COMPILED.has(kind)) module._compile(textOf(source, filename), filename, kind ?? 'none');
  else if (kind === 'addon') Module._extensions['.node'](module, filename);
  else throw new codes.ERR_UNKNOWN_MODULE_FORMAT(kind, url);
}

/** What a load hook returned, without types. */
const plain = (kind, source, filename) =>
  toCommonJS(textOf(source, filename), filename, hasTypes(kind));

// ---- import

/** The step without hooks of import: from a name to a URL. */
function resolveForImport(specifier, { conditions, parentURL }) {
  const { resolveImport, urlOf: urlOfTarget } = require('internal/modules/esm_resolve');
  const parent = parentURL === undefined ? join(native.cwd(), 'noop.js') : nameOf(parentURL);
  const target = withConditions(conditions, () => resolveImport(specifier, parent, builtinName));
  const url = urlOfTarget(target);
  if (target.kind === 'builtin')
    return specifier.startsWith('node:') ? { url } : { url, format: 'builtin' };
  if (target.kind !== 'file') return { url };
  const mayBeEither = declaredFormat(target.file) === 'none';
  return { url, format: mayBeEither ? null : formatOfFile(target.file) };
}

/** The step without hooks of import: the text of a URL. */
function readForImport(url, { format }) {
  if (builtinOf(url) !== undefined) return { format: 'builtin', responseURL: url, source: null };
  if (url.startsWith('data:')) {
    const { isJSON, text } = require('internal/modules/esm').readData(url);
    const found = format ?? (isJSON ? 'json' : 'module');
    return { format: found, responseURL: url, source: Buffer.from(text) };
  }
  const scheme = /^[^:]*/.exec(url)[0];
  if (scheme !== 'file') throw new codes.ERR_UNSUPPORTED_ESM_URL_SCHEME(scheme);
  const path = pathOf(url);
  if (format == null) {
    const found = require('internal/modules/formats').formatOf(path).format;
    if (found === 'unknown')
      throw new codes.ERR_UNKNOWN_FILE_EXTENSION(/\.[^.]*$/.exec(path)[0], path);
    format = textFormat(found, path);
  }
  const source = format === 'addon' ? null : Buffer.from(native.readFile(path));
  return { format, responseURL: url, source };
}

/** What a name means in an import. @param {string | undefined} parentURL */
function resolveImported(specifier, parentURL, attributes) {
  const context = {
    parentURL,
    importAttributes: attributes,
    conditions: conditionList('import'),
  };
  return ask('resolve', hooksOf(true), specifier, context, resolveForImport);
}

/** What a URL has in it, for an import. */
const loadImported = (url, format, attributes) =>
  loadURL(url, format, attributes, true, readForImport);

/** Runs a module that a hook gave the text of, as one of require(); for an import. */
function requireLoaded(url, loaded, isMain) {
  const name = nameOf(url);
  const cached = Module._cache[name];
  if (cached !== undefined) return cached.exports;
  // Without a text the file is read as that of a require().
  const given = loaded.source == null && loaded.exports === undefined ? undefined : loaded;
  const about = { url, format: loaded.format, loaded: given };
  return loadNew(name, undefined, isMain, undefined, (module) => told.set(module, about));
}

module.exports = {
  load,
  hasTypes,
  loadImported,
  nameOf,
  plain,
  readForImport,
  requireLoaded,
  resolveFilename,
  resolveForImport,
  resolveImported,
  run,
  textOf,
};
