'use strict';
// mock.module() of node:test: a module's name gives exports that the program made.
const { codes } = require('internal/errors/codes');
const { validateBoolean, validateObject } = require('internal/errors/validators');
const { custom } = require('internal/modules/loader');
const { placeOfCaller } = require('internal/test/failure');

let lastId = 0;

/** What a mock exports: the value of a require(), the names of an import, and its default. */
function exportsOf(options) {
  const { cache = false, exports } = options;
  validateBoolean(cache, 'options.cache');
  let { defaultExport, namedExports = {} } = options;
  let hasDefault = 'defaultExport' in options;
  if (exports !== undefined) {
    validateObject(exports, 'options.exports');
    ({ default: defaultExport, ...namedExports } = exports);
    hasDefault = 'default' in exports;
  }
  validateObject(namedExports, 'options.namedExports');
  const names = Object.keys(namedExports);
  return { cache, defaultExport, hasDefault, namedExports, names };
}

/** What one loading of a mock gives: the value of a require(), and the exports of an import. */
function makeExports({ defaultExport, hasDefault, namedExports, names }) {
  let value;
  return {
    names,
    named: { ...namedExports },
    fallback: defaultExport,
    hasDefault,
    get value() {
      value ??= hasDefault ? defaultExport : {};
      const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
      if (names.length > 0 && !isObject)
        throw new codes.ERR_INVALID_STATE(
          'Cannot create mock because named exports cannot be applied to the provided default export.',
        );
      return names.length > 0 ? Object.assign(value, namedExports) : value;
    },
  };
}

/** The mock of a module, until restore(). */
class MockModuleContext {
  #hooks;
  constructor(url, given) {
    const kept = given.cache ? makeExports(given) : undefined;
    const made = new Map(); // URL of a mock → its exports
    const fixed = `mock:${++lastId}:${url}`;
    const resolve = (specifier, context, next) => {
      const found = next(specifier, context);
      if (found.url !== url) return found;
      const own = kept === undefined ? `mock:${++lastId}:${url}` : fixed;
      made.set(own, kept ?? makeExports(given));
      return { url: own, format: 'mock', shortCircuit: true };
    };
    const load = (asked, context, next) =>
      made.has(asked)
        ? { exports: made.get(asked), format: 'mock', shortCircuit: true }
        : next(asked, context);
    custom.forget();
    this.#hooks = require('internal/modules/hooks').registerHooks({ resolve, load });
  }
  restore() {
    custom.forget();
    this.#hooks.deregister();
  }
}

function mockModule(specifier, options) {
  validateObject(options, 'options');
  const text = `${specifier?.href ?? specifier}`;
  const given = exportsOf(options);
  const file = placeOfCaller().file ?? `${process.cwd()}/.`;
  const { resolveForImport } = require('internal/modules/hooked');
  const { fileURL } = require('internal/modules/esm_resolve');
  const { conditionList } = require('internal/modules/resolve_exports');
  const { url } = resolveForImport(text, {
    conditions: conditionList('import'),
    parentURL: fileURL(file),
  });
  return new MockModuleContext(url, given);
}

module.exports = { MockModuleContext, mockModule };
