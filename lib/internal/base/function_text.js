'use strict';
// What toString() of a function shows: the text as its program has it, not as the loader changed it
// (internal/modules/edits); of the language's functions that sluice replaces, none.
const { programText } = binding('traces');

const MARK = '/*$';
const NATIVE = "{\n'$native'"; // so begins what stands for a function of the language

/**
 * @param {Function} fn
 * @param {string} text  the engine's
 * @returns {string}
 */
exports.written = (fn, text) => {
  if (text.includes(MARK)) return programText(text);
  return text.includes(NATIVE) ? `function ${fn.name}() { [native code] }` : text;
};
