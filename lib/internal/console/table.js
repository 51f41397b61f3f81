'use strict';
// console.table: rows and columns of a list of objects, drawn with lines.
const { inspect } = require('internal/inspect/inspect');
const { width } = require('internal/inspect/text');
const types = require('util/types');

const bar = '\u2500';

function line(widths, left, middle, right) {
  return left + widths.map((size) => bar.repeat(size + 2)).join(middle) + right;
}

const pad = (text, size) => text + ' '.repeat(size - width(text));

function row(cells, widths) {
  return `\u2502 ${cells.map((cell, i) => pad(cell, widths[i])).join(' \u2502 ')} \u2502`;
}

/** @param {string[]} head @param {string[][]} columns Of cells. */
function draw(head, columns) {
  const height = Math.max(0, ...columns.map((column) => column.length));
  const widths = head.map((title, i) =>
    Math.max(width(title), ...columns[i].map((cell) => width(cell))),
  );
  const lines = [line(widths, '\u250c', '\u252c', '\u2510'), row(head, widths)];
  lines.push(line(widths, '\u251c', '\u253c', '\u2524'));
  for (let i = 0; i < height; i++)
    lines.push(
      row(
        columns.map((column) => column[i] ?? ''),
        widths,
      ),
    );
  lines.push(line(widths, '\u2514', '\u2534', '\u2518'));
  return lines.join('\n');
}

const isPrimitive = (value) =>
  value === null || (typeof value !== 'object' && typeof value !== 'function');
const indices = (length) => Array.from({ length }, (_, i) => String(i));

/**
 * The table's text; undefined if data is nothing that has rows.
 * @param {unknown} data
 * @param {string[]} [wanted] The columns to show.
 * @param {object} [options] For inspect().
 */
function table(data, wanted, options) {
  if (data === null || typeof data !== 'object') return undefined;
  if (wanted !== undefined)
    require('internal/errors/validators').validateArray(wanted, 'properties');
  const show = (value) => {
    const depth =
      value !== null &&
      typeof value === 'object' &&
      !Array.isArray(value) &&
      Object.keys(value).length > 2
        ? -1
        : 0;
    return inspect(value, { maxArrayLength: 3, breakLength: Infinity, ...options, depth });
  };
  if (types.isMap(data) || types.isMapIterator(data)) {
    const entries = [...data];
    const keys = entries.map((entry) => show(Array.isArray(entry) ? entry[0] : entry));
    const values = entries.map((entry) => show(Array.isArray(entry) ? entry[1] : entry));
    return draw(['(iteration index)', 'Key', 'Values'], [indices(entries.length), keys, values]);
  }
  if (types.isSet(data) || types.isSetIterator(data)) {
    const values = [...data].map(show);
    return draw(['(iteration index)', 'Values'], [indices(values.length), values]);
  }
  const columns = new Map();
  const plainValues = [];
  let hasPlain = false;
  const rows = Object.keys(data);
  rows.forEach((key, i) => {
    const item = data[key];
    if (isPrimitive(item) || (typeof item === 'function' && wanted === undefined)) {
      hasPlain = true;
      plainValues[i] = show(item);
      return;
    }
    for (const name of wanted ?? Object.keys(item)) {
      let cells = columns.get(name);
      if (cells === undefined) columns.set(name, (cells = []));
      cells[i] = Object.hasOwn(item, name) ? show(item[name]) : '';
    }
  });
  if (wanted !== undefined)
    for (const name of wanted) if (!columns.has(name)) columns.set(name, []);
  const full = (cells) => Array.from({ length: rows.length }, (_, i) => cells[i] ?? '');
  const head = ['(index)', ...[...columns.keys()].map(String)];
  const body = [rows, ...[...columns.values()].map(full)];
  if (hasPlain) {
    head.push('Values');
    body.push(full(plainValues));
  }
  return draw(head, body);
}

module.exports = { table };
