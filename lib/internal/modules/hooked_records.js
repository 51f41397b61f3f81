'use strict';
// Records of ECMAScript modules that hooks of the loader gave the text of.
const { codes } = require('internal/errors/codes');
const { CommonJSRecord, ValueRecord } = require('internal/modules/esm_records');
const hooked = require('internal/modules/hooked');
const { parseJSON } = require('internal/modules/source');

/** A module whose exports are given, not made by a text. */
function givenRecord(url, { names, named, fallback, hasDefault }) {
  const record = new ValueRecord(url, names, () => named);
  if (hasDefault) record.getters.set('default', () => fallback);
  else if (!names.includes('default')) record.getters.delete('default');
  return record;
}

function commonJSRecord(url, loaded, isEntry) {
  const name = hooked.nameOf(url);
  const { exportNames, exportNamesOf } = require('internal/modules/esm_commonjs');
  const names =
    loaded.source == null
      ? exportNames(name)
      : exportNamesOf(name, hooked.plain(loaded.format, loaded.source, name));
  return new CommonJSRecord(url, names, () => hooked.requireLoaded(url, loaded, isEntry(name)));
}

/**
 * The record of what a load hook returned.
 * @param {string} url
 * @param {{ format: string, source?: unknown, exports?: object }} loaded
 * @param {Record<string, string>} attributes
 * @param {object} loader  functions of internal/modules/esm
 */
function makeRecord(url, loaded, attributes, { builtinRecord, checkType, isEntry }) {
  const { exports, format, source } = loaded;
  if (exports !== undefined) return givenRecord(url, exports);
  const name = hooked.nameOf(url);
  checkType(attributes, url, format === 'json');
  switch (format) {
    case 'builtin':
      return builtinRecord(/^node:([^?#]*)/.exec(url)?.[1] ?? url);
    case 'json':
      return new ValueRecord(url, [], () => parseJSON(hooked.textOf(source, name), name));
    case 'module':
    case 'module-typescript':
      return require('internal/modules/esm').sourceRecord(
        url,
        name,
        hooked.textOf(source, name),
        hooked.hasTypes(format),
      );
    case 'commonjs':
    case 'commonjs-typescript':
      return commonJSRecord(url, loaded, isEntry);
    default:
      throw new codes.ERR_UNKNOWN_MODULE_FORMAT(format, url);
  }
}

module.exports = { makeRecord };
