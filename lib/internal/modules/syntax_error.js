'use strict';
// Errors of text that does not parse or link, made to look like those of the engine's parser.

/** The 1-based line and column of an offset. */
function placeOf(source, offset) {
  const before = source.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: before.length, column: before.at(-1).length + 1 };
}

/**
 * Gives a SyntaxError its place in a file.
 * @param {SyntaxError} error
 * @param {string} filename
 * @param {string} source
 * @param {number} offset
 */
function placed(error, filename, source, offset) {
  return placedAt(error, filename, placeOf(source, offset));
}

/** As placed(), for a place that is known. @param {{ line: number, column: number }} place */
function placedAt(error, filename, { line, column }) {
  const define = (name, value, enumerable) =>
    Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable });
  // Enumerable as the engine's parser leaves them; the others are hidden there too.
  define('line', line, true);
  define('sourceURL', filename, true);
  define('column', column, false);
  define('stack', `SyntaxError: ${error.message}\n    at ${filename}:${line}:${column}`, false);
  return error;
}

const DECORATORS = 'decorators are not run as they are: compile them first (tsc, esbuild, swc)';
const AWAIT = 'await is for async functions, and for modules outside of functions';

/**
 * Where a script does not parse.
 * @param {string} source
 * @param {string} file
 * @returns {{ file: string, line: number, column: number, hint?: string } | undefined} undefined if
 *     it does
 */
function findPlace(source, file) {
  let text = source;
  let columns = (_line, column) => column;
  if (require('internal/modules/source').isTyped(file))
    ({ code: text, columns } = require('internal/modules/typescript').stripTypes(source, file));
  try {
    require('vendor/acorn').parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    });
    return undefined;
  } catch (error) {
    const { loc, pos, message } = error;
    const place = { file, line: loc.line, column: columns(loc.line, loc.column + 1) };
    if (text[pos] === '@') return { ...place, hint: DECORATORS };
    if (/\bawait\s+$/.test(text.slice(0, pos))) return { ...place, hint: AWAIT };
    const said = message.replace(/ \(\d+:\d+\)$/, '');
    return said === 'Unexpected token' ? place : { ...place, hint: said };
  }
}

module.exports = { findPlace, placed, placedAt };
