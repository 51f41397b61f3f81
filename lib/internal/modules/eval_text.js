'use strict';
// The text of a direct eval() in an ECMAScript module: the names that the module imports are
// properties of namespaces there (internal/modules/transform), and import() is a function.

/**
 * @param {Record<string, string>} names  imported name → what stands for it
 * @param {string} importName  what stands for import()
 * @param {unknown} text
 */
function $sluice_eval(names, importName, text) {
  if (typeof text !== 'string') return text;
  return require('internal/modules/transform').transformEval(text, names, importName);
}

module.exports = { $sluice_eval };
