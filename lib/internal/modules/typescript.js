'use strict';
// TypeScript as JavaScript: types go, lines stay. By sucrase, which also knows enums and
// parameter properties; it does not check types.
const { transform } = require('vendor/sucrase');
const { mendEdges } = require('internal/modules/type_edges');
const { placedAt } = require('internal/modules/syntax_error');

const DIGITS = new Map(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((c, i) => [c, i]),
);

/** One line of a source map: pairs of a column and what it was before, 0-based. */
function decodeLine(text, state) {
  const pairs = [];
  let column = 0;
  for (const segment of text.split(',')) {
    const fields = [];
    let value = 0;
    let shift = 0;
    for (const character of segment) {
      const digit = DIGITS.get(character);
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit & 32) continue;
      fields.push(value & 1 ? -(value >> 1) : value >> 1);
      value = shift = 0;
    }
    if (fields.length < 4) continue;
    column += fields[0];
    state.before += fields[3];
    pairs.push([column, state.before]);
  }
  return pairs;
}

/** A function from a place in the transformed text to the column before. */
function columnsOf(mappings) {
  let lines;
  return (line, column) => {
    if (lines === undefined) {
      const state = { before: 0 };
      lines = mappings.split(';').map((text) => decodeLine(text, state));
    }
    const pair = lines[line - 1]?.findLast(([start]) => start <= column - 1);
    return pair === undefined ? column : column - pair[0] + pair[1];
  };
}

/**
 * Removes the types of a TypeScript text.
 * @param {string} source
 * @param {string} filename  for errors
 * @returns {{ code: string, columns: (line: number, column: number) => number }}
 * @throws {SyntaxError} with line, column and sourceURL
 */
function stripTypes(source, filename) {
  let result;
  let mended;
  try {
    mended = mendEdges(source, filename);
    result = transform(mended.text, {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: true,
      preserveDynamicImport: true,
      filePath: filename,
      sourceMapOptions: { compiledFilename: filename },
    });
  } catch (error) {
    if (error.loc === undefined || error.sourceURL !== undefined) throw error;
    const message = error.message
      .replace(/^Error transforming .*?: /, '')
      .replace(/ \(\d+:\d+\)$/, '');
    throw placedAt(new SyntaxError(message), filename, error.loc);
  }
  const columns = columnsOf(result.sourceMap.mappings);
  const { columns: before } = mended;
  return {
    code: result.code,
    columns: before ? (line, column) => before(line, columns(line, column)) : columns,
  };
}

module.exports = { stripTypes };
