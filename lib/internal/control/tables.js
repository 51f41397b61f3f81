'use strict';
// Numbers and tables for people.

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

// What a peer chose is shown without its control characters: they would reach the terminal.
const plain = (text) => String(text).replace(/[\x00-\x1f\x7f-\x9f]/g, '?');

/**
 * Lines of a table.
 * @param {[string, 'l'|'r'][]} columns heads, and on which side they are flush
 * @param {string[][]} rows
 * @returns {string[]}
 */
function table(columns, rows) {
  const texts = rows.map((row) => row.map(plain));
  const widths = columns.map(([head], i) =>
    texts.reduce((most, row) => Math.max(most, row[i].length), head.length),
  );
  const line = (cells) =>
    cells
      .map((cell, i) => (columns[i][1] === 'r' ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return [line(columns.map(([head]) => head)), ...texts.map(line)];
}

module.exports = { size, span, address, plain, table };
