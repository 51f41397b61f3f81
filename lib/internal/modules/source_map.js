'use strict';
// module.SourceMap: where the parts of a generated text come from (ECMA-426), and the maps that files
// name (https://nodejs.org/api/module.html#source-map-support).
const { validateObject, validateString } = require('internal/errors/validators');

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

/** The numbers of a segment of mappings, in base 64 by variable length. */
function numbersOf(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = VALUES.get(digit) ?? 0;
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = shift = 0;
  }
  return numbers;
}

/** Ranges of one map, in the order of the generated text: [line, column, source, line, column, name]. */
function rangesOf({ mappings = '', sources = [], names = [], sourceRoot = '' }, offset) {
  const ranges = [];
  const at = [0, 0, 0, 0]; // source, line, column, name
  const root = sourceRoot === '' || sourceRoot.endsWith('/') ? sourceRoot : `${sourceRoot}/`;
  for (const [index, line] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of line === '' ? [] : line.split(',')) {
      const [first, ...rest] = numbersOf(segment);
      column += first ?? 0;
      const place = [index + offset.line, column + (index === 0 ? offset.column : 0)];
      if (rest.length < 3) {
        ranges.push(place);
        continue;
      }
      for (const [which, delta] of rest.entries()) at[which] += delta;
      const name = rest.length > 3 ? names[at[3]] : undefined;
      ranges.push([...place, root + sources[at[0]], at[1], at[2], name]);
    }
  }
  return ranges;
}

class SourceMap {
  #payload;
  #ranges = [];
  #lineLengths;

  /**
   * @param {object} payload  a map as JSON has it
   * @param {{ lineLengths?: number[] }} [options]
   */
  constructor(payload, { lineLengths } = {}) {
    validateObject(payload, 'payload');
    this.#payload = structuredClone(payload);
    this.#lineLengths = lineLengths?.slice();
    for (const { offset, map } of payload.sections ?? [{ map: payload }])
      this.#ranges.push(...rangesOf(map, offset ?? { line: 0, column: 0 }));
    this.#ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }

  get payload() {
    return structuredClone(this.#payload);
  }
  get lineLengths() {
    return this.#lineLengths?.slice();
  }

  /** The last range that begins at or before a place. */
  #find(line, column) {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const [atLine, atColumn] = this.#ranges[middle];
      if (atLine < line || (atLine === line && atColumn <= column)) low = middle + 1;
      else high = middle;
    }
    return this.#ranges[low - 1];
  }

  /** The range of a place in the generated text, lines and columns from 0; {} if there is none. */
  findEntry(lineOffset, columnOffset) {
    const range = this.#find(lineOffset, columnOffset);
    if (range === undefined) return {};
    const [generatedLine, generatedColumn, originalSource, originalLine, originalColumn, name] =
      range;
    return {
      generatedLine,
      generatedColumn,
      originalSource,
      originalLine,
      originalColumn,
      name,
    };
  }

  /** The place in the source of a place in the generated text, lines and columns from 1. */
  findOrigin(lineNumber, columnNumber) {
    const range = this.findEntry(lineNumber - 1, columnNumber - 1);
    if (range.originalSource === undefined || range.originalLine === undefined) return {};
    const lines = lineNumber - 1 - range.generatedLine;
    const columns = columnNumber - 1 - range.generatedColumn;
    return {
      name: range.name,
      fileName: range.originalSource,
      lineNumber: range.originalLine + lines + 1,
      columnNumber: range.originalColumn + columns + 1,
    };
  }
}

// ---- Maps of files

const found = new Map(); // path → SourceMap, or undefined

/** The text of a map that a file names, by a data: URL or a path. */
function textOf(url, file) {
  const [, type, base64, body] = /^data:([^;,]*)[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (type !== undefined) {
    if (type !== 'application/json') return undefined;
    return base64 ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body);
  }
  const { dirname, join } = require('internal/modules/packages');
  return binding('module').readOptional(join(dirname(file), decodeURIComponent(url)));
}

function read(file) {
  const native = binding('module');
  const text = native.readOptional(file);
  const url = [...(text ?? '').matchAll(/\/[*/]#\s+sourceMappingURL=(\S+)/g)].at(-1)?.[1];
  if (url === undefined) return undefined;
  try {
    const map = textOf(url, file);
    const lineLengths = text.split('\n').map((line) => line.length);
    return map === undefined ? undefined : new SourceMap(JSON.parse(map), { lineLengths });
  } catch {
    return undefined; // a map that cannot be read is none
  }
}

/** The map that a loaded file names; undefined without one, or while maps are not wanted. */
function findSourceMap(path) {
  validateString(path, 'path');
  const { get } = require('internal/modules/source_maps');
  const file = path.startsWith('file:') ? require('url').fileURLToPath(path) : path;
  if (!get().enabled || !file.startsWith('/')) return undefined;
  if (!found.has(file)) found.set(file, read(file));
  return found.get(file);
}

module.exports = { SourceMap, findSourceMap };
