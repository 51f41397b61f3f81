'use strict';
// The names that a CommonJS module exports, found in its text without running it.
const lexer = require('vendor/cjs-module-lexer');
const { Module, builtinName, publicNames } = require('internal/modules/loader');
const { toCommonJS } = require('internal/modules/source');
const { formatOf } = require('internal/modules/formats');
const { nodeModulePaths } = require('internal/modules/packages');
const native = binding('module');

/** @type {Map<string, Set<string>>} */
const known = new Map();

function lex(file, given) {
  try {
    if (given !== undefined) return lexer.parse(given);
    const { format, text } = formatOf(file);
    if (format !== 'commonjs') return { exports: [], reexports: [] };
    return lexer.parse(toCommonJS(text ?? native.readFile(file), file));
  } catch {
    return { exports: [], reexports: [] }; // running it tells what is wrong
  }
}

/** @param {string} file @returns {Set<string>} */
function exportNames(file) {
  const before = known.get(file);
  if (before !== undefined) return before;
  const names = new Set();
  known.set(file, names); // for cycles
  return collect(file, lex(file), names);
}

/** The same of a text that stands in place of a file's. */
const exportNamesOf = (file, text) => collect(file, lex(file, text), new Set());

function collect(file, { exports, reexports }, names) {
  for (const name of exports) names.add(name);
  const parent = new Module(file);
  parent.filename = file;
  parent.paths = nodeModulePaths(parent.path);
  for (const request of reexports) {
    let target;
    try {
      target = Module._resolveFilename(request, parent, false);
    } catch {
      continue;
    }
    const builtin = builtinName(target);
    for (const name of builtin === undefined ? exportNames(target) : publicNames(builtin))
      names.add(name);
  }
  return names;
}

module.exports = { exportNames, exportNamesOf };
