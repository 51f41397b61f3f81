'use strict';
// Numbers and tables for people.
const { width } = require('internal/inspect/text');

const UNITS = ['', 'K', 'M', 'G', 'T'];

/** 1536 → "1.5K" */
function size(count) {
  let unit = 0;
  while (count >= 1000 && unit < UNITS.length - 1) {
    count /= 1024;
    unit++;
  }
  const text = unit === 0 || count >= 100 ? String(Math.round(count)) : count.toFixed(1);
  return text + UNITS[unit];
}

/** Milliseconds → "850ms", "12.3s", "5m07s", "3h02m", "4d01h" */
function span(ms) {
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  if (!(ms >= 0)) return '-';
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
  return `${Math.floor(seconds / 86400)}d${two((seconds % 86400) / 3600)}h`;
}

/** {address, port} or {path} → text */
function address(end) {
  if (end === undefined) return '-';
  if (end.path !== undefined) return end.path;
  return end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`;
}

// What a peer chose is shown without what would reach the terminal: control characters, and those
// that turn the direction of text.
const plain = (text) =>
  String(text).replace(/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?');

/** A value as a line of JSON, whose control characters are escaped all. */
const jsonLine = (value) =>
  JSON.stringify(value).replace(
    /[\x7f-\x9f]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const pad = (text, columns) => ' '.repeat(Math.max(0, columns - width(text, false)));

/** As much of a line as so many columns of a terminal show. */
function fit(line, columns) {
  if (width(line, false) <= columns) return line;
  let shown = '';
  let taken = 0;
  for (const character of line) {
    taken += width(character, false);
    if (taken > columns) break;
    shown += character;
  }
  return shown;
}

/**
 * Lines of a table.
 * @param {[string, 'l'|'r'][]} columns heads, and on which side they are flush
 * @param {string[][]} rows
 * @returns {string[]}
 */
function table(columns, rows) {
  const texts = rows.map((row) => row.map(plain));
  const widths = columns.map(([head], i) =>
    texts.reduce((most, row) => Math.max(most, width(row[i], false)), head.length),
  );
  const line = (cells) =>
    cells
      .map((cell, i) => {
        const gap = pad(cell, widths[i]);
        return columns[i][1] === 'r' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(([head]) => head)), ...texts.map(line)];
}

module.exports = { size, span, address, fit, jsonLine, plain, table };
