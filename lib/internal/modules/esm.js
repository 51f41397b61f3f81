'use strict';
// ECMAScript modules: loads what a module asks for, links it and runs it. Files are read at once;
// only `await` outside of functions makes an evaluation wait.
const { codes } = require('internal/errors/codes');
const { Module, builtinName, custom, publicNames } = require('internal/modules/loader');
const { formatOf, readModule } = require('internal/modules/formats');
const { compile, parseJSON } = require('internal/modules/source');
const channels = require('internal/base/channels');
const { fileURL, resolveImport, urlOf } = require('internal/modules/esm_resolve');
const { makeNamespace } = require('internal/modules/namespace');
const {
  CommonJSRecord,
  SourceRecord,
  ValueRecord,
  checkSync,
  evaluate,
} = require('internal/modules/esm_records');
const native = binding('module');
const runtime = binding('runtime');

/**
 * Linked records by URL and type.
 * @type {Map<string, import('internal/modules/esm_records').Record>}
 */
const registry = new Map();

// ---- Loading

/** Throws unless sluice knows the attributes of an import. */
function checkAttributes(attributes, url) {
  for (const [name, value] of Object.entries(attributes))
    if (name !== 'type' || value !== 'json')
      throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(name, value, url);
}

/** Throws unless the type asked for is that of the module. */
function checkType({ type }, url, isJSON) {
  if (isJSON && type === undefined)
    throw new codes.ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', 'json');
  if (!isJSON && type !== undefined)
    throw new codes.ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);
}

/** What is in a data: URL. */
function readData(url) {
  const [, type, base64, body] =
    /^data:([^,;]*)(?:;(?!base64)[^,;]*)*(;base64)?,(.*)$/is.exec(url) ?? [];
  const isJSON = type === 'application/json';
  if (type !== 'text/javascript' && !isJSON) throw new codes.ERR_UNKNOWN_MODULE_FORMAT(type, url);
  return {
    isJSON,
    text: base64 ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body),
  };
}

function dataRecord(url, attributes) {
  const { isJSON, text } = readData(url);
  checkType(attributes, url, isJSON);
  return isJSON
    ? new ValueRecord(url, [], () => parseJSON(text, url))
    : sourceRecord(url, url, text);
}

function sourceRecord(url, file, text, typed) {
  const { parsed, source } = readModule(text, file, typed);
  return new SourceRecord(url, file, parsed, source);
}

function fileRecord(url, file, attributes) {
  const { format, text } = formatOf(file);
  checkType(attributes, url, format === 'json');
  if (format === 'json')
    return new ValueRecord(url, [], () => parseJSON(native.readFile(file), file));
  if (format === 'unknown')
    throw new codes.ERR_UNKNOWN_FILE_EXTENSION(/\.[^.]*$/.exec(file)[0], file);
  if (format === 'module') return sourceRecord(url, file, text ?? native.readFile(file));
  const names = require('internal/modules/esm_commonjs').exportNames(file);
  return new CommonJSRecord(url, names, () => Module._load(file, undefined, isEntry(file)));
}

let entry;
const isEntry = (file) => file === entry && process.mainModule === undefined;

function builtinRecord(name) {
  return new ValueRecord(`node:${name}`, publicNames(name), () => require(name));
}

function makeRecord(target, url, attributes) {
  if (target.kind === 'builtin') {
    checkType(attributes, url, false);
    return builtinRecord(target.name);
  }
  return target.kind === 'data'
    ? dataRecord(url, attributes)
    : fileRecord(url, target.file, attributes);
}

/**
 * The record that a name means; new ones go to fresh with all that they depend on.
 * @param {string} parent  the path of the file that imports
 * @param {string} [parentURL]  its URL, if that is another one
 */
function load(specifier, attributes, parent, fresh, parentURL) {
  if (custom.hooks !== undefined) return loadHooked(specifier, attributes, parentURL, fresh);
  const target = resolveImport(specifier, parent, builtinName);
  return loadTarget(target, attributes, fresh);
}

/** load() while there are hooks. */
function loadHooked(specifier, given, parentURL, fresh) {
  const found = custom.hooks.resolveImported(specifier, parentURL, given);
  const { url, format, importAttributes: attributes = given } = found;
  checkAttributes(attributes, url);
  return keep(url, attributes, fresh, () =>
    require('internal/modules/hooked_records').makeRecord(
      url,
      custom.hooks.loadImported(url, format, attributes),
      attributes,
      { builtinRecord, checkType, isEntry },
    ),
  );
}

/** The record of a URL; if there is none yet, it is made with all that it depends on. */
function keep(url, attributes, fresh, make) {
  const key = `${attributes.type ?? ''} ${url}`;
  const known = registry.get(key) ?? fresh.get(key);
  if (known !== undefined) return known;
  const record = make();
  fresh.set(key, record);
  if (record instanceof SourceRecord) loadDependencies(record, fresh);
  return record;
}

function loadDependencies(record, fresh) {
  for (const { specifier, attributes } of record.parsed.requests)
    record.dependencies.push(load(specifier, attributes, record.file, fresh, record.url));
}

function loadTarget(target, attributes, fresh) {
  const url = urlOf(target);
  checkAttributes(attributes, url);
  return keep(url, attributes, fresh, () => makeRecord(target, url, attributes));
}

// ---- Linking

function makeMeta(record) {
  const { file, url } = record;
  const meta = { __proto__: null };
  if (file.startsWith('/')) {
    meta.dirname = require('internal/modules/packages').dirname(file);
    meta.filename = file;
  }
  meta.main = file === entry;
  const resolve = (specifier, parent = file) => {
    if (custom.hooks !== undefined)
      return custom.hooks.resolveImported(`${specifier}`, parent === file ? url : parent, {
        __proto__: null,
      }).url;
    const from = parent === file ? file : require('url').fileURLToPath(parent);
    return urlOf(resolveImport(`${specifier}`, from, builtinName, false));
  };
  meta.resolve = resolve;
  meta.url = url;
  return meta;
}

/** Links records that were loaded together; none of them runs. */
function link(fresh) {
  const records = [...fresh.values()];
  for (const one of records)
    if (one instanceof SourceRecord)
      one.instantiate(compile, importFrom(one.file, one.url), makeMeta(one));
  for (const one of records) one.checkImports();
  for (const one of records) one.seal();
  for (const [key, one] of fresh) registry.set(key, one);
}

/** A linked record. @param {(fresh: Map<string, Record>) => Record} find */
function linked(find) {
  const fresh = new Map();
  const record = find(fresh);
  link(fresh);
  return record;
}

// ---- What programs call

function attributesOf(options) {
  if (options === undefined) return {};
  if (options === null || typeof options !== 'object')
    throw new TypeError('The second argument of import() must be an object');
  const given = options.with;
  if (given === undefined) return {};
  if (given === null || typeof given !== 'object')
    throw new TypeError('The attributes of import() must be an object');
  return { ...given };
}

/**
 * The function that import() is in a file.
 * @param {string} parent  the file's path
 * @param {string} [parentURL]  its URL
 * @returns {(specifier: unknown, options?: { with?: Record<string, string> }) => Promise<object>}
 */
function importFrom(parent, parentURL = parent.startsWith('/') ? fileURL(parent) : parent) {
  const run = async (specifier, attributes) => {
    const record = linked((fresh) => load(specifier, attributes, parent, fresh, parentURL));
    await evaluate(record);
    return record.namespace;
  };
  return async function importModule(specifier, options) {
    specifier = `${specifier}`;
    const attributes = attributesOf(options);
    if (channels.trace === null) return run(specifier, attributes);
    const told = { parentURL, url: specifier };
    return channels.trace(
      'tracePromise',
      'module.import',
      run,
      told,
      undefined,
      specifier,
      attributes,
    );
  };
}

/**
 * The namespace of an ECMAScript module for require().
 * @param {string} file
 * @param {string} parent  the file that requires it
 */
function requireModule(file, parent) {
  return exportsOf(
    linked((fresh) => loadTarget({ kind: 'file', file, search: '' }, {}, fresh)),
    parent,
  );
}

/** A linked record of a text that stands in place of a file's. */
const textRecord = (text, file, typed, url) =>
  linked((fresh) => keep(url, {}, fresh, () => sourceRecord(url, file, text, typed)));

/**
 * requireModule() of a text that stands in place of the file's.
 * @param {string} text
 * @param {string} file
 * @param {boolean} typed  whether it has types
 * @param {string} parent
 * @param {string} [url]
 */
function requireText(text, file, typed, parent, url = fileURL(file)) {
  return exportsOf(textRecord(text, file, typed, url), parent);
}

/** Runs a module for require(). */
function exportsOf(record, parent) {
  checkSync(record, parent);
  evaluate(record);
  const { namespace } = record;
  if (Object.hasOwn(namespace, 'module.exports')) return namespace['module.exports'];
  if (!Object.hasOwn(namespace, 'default') || Object.hasOwn(namespace, '__esModule'))
    return namespace;
  const facade = makeNamespace();
  facade.seal(record.allGetters().set('__esModule', () => true));
  return facade.namespace;
}

const UNSETTLED = 13; // exit code

/**
 * Runs a record as the program.
 * @param {() => void} [callback]  called when it has awaited all that it awaits
 * @returns {boolean} whether it awaits
 */
function runEntry(record, callback) {
  const promise = evaluate(record);
  if (promise === undefined) return false;
  const settle = () => {
    process._atEnd = undefined;
    callback?.();
  };
  promise.then(settle, (error) => {
    process._atEnd = undefined;
    require('internal/errors/stack').fixStack(error);
    process._uncaught(error, 'unhandledRejection');
  });
  process._atEnd = () => {
    if (process.exitCode !== undefined) return;
    runtime.writeSync(2, `sluice: top-level await in ${record.file} never settled\n`);
    process.exitCode = UNSETTLED;
  };
  return true;
}

/** Imports modules, one after another, and then calls back; at once if none of them awaits. */
function importFirst(specifiers, callback) {
  const directory = `${native.cwd()}/`;
  for (const [index, specifier] of specifiers.entries()) {
    const record = linked((fresh) => load(specifier, {}, directory, fresh, fileURL(directory)));
    const next = () => importFirst(specifiers.slice(index + 1), callback);
    if (runEntry(record, next)) return;
  }
  callback();
}

/** Runs a file as the program. */
function runFile(file) {
  entry = file;
  runEntry(
    linked((fresh) =>
      custom.hooks !== undefined
        ? load(fileURL(file), {}, undefined, fresh)
        : loadTarget({ kind: 'file', file, search: '' }, {}, fresh),
    ),
  );
}

/** runFile() with a text in place of the file's. @param {boolean} typed  whether it has types */
function runFileAs(file, text, typed) {
  entry = file;
  runEntry(textRecord(text, file, typed, fileURL(file)));
}

/** Runs a text that is in no file as the program. @param {string} name  as stacks name it */
function runText(text, name) {
  const file = require('internal/modules/packages').join(native.cwd(), name);
  entry = file;
  require('internal/process/report').sources.set(file, text);
  runEntry(
    linked((fresh) => {
      const record = sourceRecord(fileURL(file), file, text);
      fresh.set(file, record);
      loadDependencies(record, fresh);
      return record;
    }),
  );
}

/** Runs what a URL of data: names as the program. */
function runUrl(url) {
  entry = url;
  runEntry(linked((fresh) => load(url, {}, `${native.cwd()}/.`, fresh)));
}

module.exports = {
  importFirst,
  importFrom,
  readData,
  requireModule,
  requireText,
  runFile,
  runFileAs,
  runText,
  runUrl,
  sourceRecord,
};
