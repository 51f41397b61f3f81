'use strict';
// Modules as the linker sees them: names, getters of their values, and how they run. A record's
// namespace is made empty, so that others can refer to it, and gets its properties by link().
const { codes } = require('internal/errors/codes');
const { makeNamespace } = require('internal/modules/namespace');
const { isTyped } = require('internal/modules/source');
const { placed } = require('internal/modules/syntax_error');

const AMBIGUOUS = Symbol('ambiguous export');

/** What all kinds of modules have. */
class Record {
  /** @type {'new' | 'linked' | 'evaluating' | 'evaluated' | 'failed'} */
  status = 'new';
  error = undefined;
  /** Settles with an evaluation that waits; undefined for one that does not. */
  promise = undefined;
  /** The record whose evaluation this one's waits for. */
  waitsFor = undefined;
  /** @type {Record[]} */
  dependencies = [];
  hasAwait = false;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.made = makeNamespace();
    this.namespace = this.made.namespace;
    this.getNamespace = () => this.namespace;
  }

  /** Getters of all that it exports. @returns {Map<string, () => unknown>} */
  allGetters() {
    const getters = new Map();
    for (const name of this.names(new Set())) {
      const get = this.find(name);
      if (typeof get === 'function') getters.set(name, get);
    }
    return getters;
  }

  /** Fills the namespace. */
  seal() {
    this.made.seal(this.allGetters());
    this.status = 'linked';
  }

  instantiate() {}
  checkImports() {}
}

/** A module whose names are known and whose value is one object: built-in, CommonJS, JSON. */
class ValueRecord extends Record {
  /**
   * @param {string} url
   * @param {Iterable<string>} names  beside default
   * @param {() => any} load  returns the value
   */
  constructor(url, names, load) {
    super(url);
    this.load = load;
    this.value = undefined;
    this.getters = new Map([['default', () => this.value]]);
    for (const name of names)
      if (name !== 'default') this.getters.set(name, () => this.value?.[name]);
  }

  names() {
    return this.getters.keys();
  }

  find(name) {
    return this.getters.get(name) ?? null;
  }

  run() {
    this.value = this.load();
  }
}

/** A CommonJS module: its names are those that a lexer found. */
class CommonJSRecord extends ValueRecord {
  constructor(url, names, load) {
    super(url, names, load);
    this.getters.set('module.exports', () => this.value);
  }

  missing(request, name) {
    if (isTyped(this.url))
      return (
        `The requested module '${request}' does not provide an export named '${name}'; ` +
        `if it is a type: import type { ${name} } from '${request}'`
      );
    return (
      `Named export '${name}' not found. The requested module '${request}' is a CommonJS module, which may ` +
      'not support all module.exports as named exports.\nCommonJS modules can always be imported via the ' +
      `default export, for example using:\n\nimport pkg from '${request}';\nconst { ${name} } = pkg;\n`
    );
  }
}

/** An ECMAScript module. */
class SourceRecord extends Record {
  /**
   * @param {string} url
   * @param {string} file  as stacks name it
   * @param {ReturnType<import('internal/modules/transform').transformModule>} parsed
   * @param {string} source
   */
  constructor(url, file, parsed, source) {
    super(url);
    this.file = file;
    this.parsed = parsed;
    this.source = source;
    this.hasAwait = parsed.hasAwait;
    this.getters = undefined;
    this.body = undefined;
  }

  /** Makes the module's functions and the getters of what it exports; runs nothing. */
  instantiate(compile, importModule, meta) {
    const start = compile(this.parsed.code, this.file);
    const give = (getters) => {
      this.getters = getters;
    };
    const given = this.dependencies.map((one) => one.made.inner);
    for (const index of this.parsed.whole) given.push(this.dependencies[index].namespace);
    this.body = start.call(undefined, give, importModule, meta, ...given);
    this.body.next();
  }

  names(seen) {
    const names = new Set();
    if (seen.has(this)) return names;
    seen.add(this);
    for (const name of Object.keys(this.getters)) names.add(name);
    for (const name of Object.keys(this.parsed.indirect)) names.add(name);
    for (const index of this.parsed.stars)
      for (const name of this.dependencies[index].names(seen))
        if (name !== 'default' && name !== 'module.exports') names.add(name);
    return names;
  }

  /** The getter of an exported name; null if there is none, AMBIGUOUS if there are two. */
  find(name, seen = new Map()) {
    const asked = seen.get(this) ?? new Set();
    if (asked.has(name)) return null;
    seen.set(this, asked.add(name));
    if (Object.hasOwn(this.getters, name)) return this.getters[name];
    if (Object.hasOwn(this.parsed.indirect, name)) {
      const [index, inner] = this.parsed.indirect[name];
      const from = this.dependencies[index];
      return inner === '*' ? from.getNamespace : from.find(inner, seen);
    }
    if (name === 'default') return null;
    let found = null;
    for (const index of this.parsed.stars) {
      const one = this.dependencies[index].find(name, seen);
      if (one === AMBIGUOUS) return AMBIGUOUS;
      if (one === null) continue;
      if (found !== null && found !== one) return AMBIGUOUS;
      found = one;
    }
    return found;
  }

  /** Throws if a module that this one imports from has not the names that it asks for. */
  checkImports() {
    for (const [index, { specifier, names }] of this.parsed.requests.entries()) {
      const from = this.dependencies[index];
      for (const { name, at } of names) {
        const found = from.find(name);
        if (typeof found === 'function') continue;
        const message =
          found === AMBIGUOUS
            ? `The requested module '${specifier}' contains conflicting star exports for name '${name}'`
            : (from.missing?.(specifier, name) ??
              `The requested module '${specifier}' does not provide an export named '${name}'`);
        throw placed(new SyntaxError(message), this.file, this.source, at);
      }
    }
  }

  /** Runs the module; returns a promise if it awaits. */
  run() {
    const { body } = this;
    this.body = this.source = undefined;
    return body.next();
  }
}

/** Throws if a record cannot be had by require(). */
function checkSync(record, parent) {
  if (needsAwait(record)) throw new codes.ERR_REQUIRE_ASYNC_MODULE(record.file, parent);
  if (record.status === 'evaluating') throw new codes.ERR_REQUIRE_CYCLE_MODULE(record.file, parent);
}

/** Whether a record, or one that it depends on, waits for something when it runs. */
function needsAwait(record, seen = new Set()) {
  if (record.status === 'evaluated' || record.status === 'failed' || seen.has(record)) return false;
  seen.add(record);
  if (record.hasAwait || record.promise !== undefined) return true;
  return record.dependencies.some((one) => needsAwait(one, seen));
}

function finish(record, error) {
  record.status = error === undefined ? 'evaluated' : 'failed';
  record.error = error?.error;
}

/** Runs a record after those that it depends on; none of them waits. */
function evaluateSync(record) {
  if (record.status === 'failed') throw record.error;
  if (record.status !== 'linked') return;
  record.status = 'evaluating';
  try {
    for (const one of record.dependencies) evaluateSync(one);
    record.run();
    finish(record);
  } catch (error) {
    finish(record, { error });
    throw error;
  }
}

function waitsFor(record, other) {
  for (let at = record; at !== undefined; at = at.waitsFor) if (at === other) return true;
  return false;
}

async function runAsync(record) {
  record.status = 'evaluating';
  try {
    for (const one of record.dependencies) {
      if (!needsAwait(one)) evaluateSync(one);
      else if (!waitsFor(one, record)) {
        record.waitsFor = one;
        await evaluateAsync(one);
      }
    }
    record.waitsFor = undefined;
    await record.run();
    finish(record);
  } catch (error) {
    finish(record, { error });
    throw error;
  } finally {
    record.waitsFor = undefined;
  }
}

function evaluateAsync(record) {
  return (record.promise ??= runAsync(record));
}

/** Runs a record; returns a promise if it, or one that it depends on, waits. */
function evaluate(record) {
  return needsAwait(record) ? evaluateAsync(record) : evaluateSync(record);
}

module.exports = { CommonJSRecord, SourceRecord, ValueRecord, checkSync, evaluate };
