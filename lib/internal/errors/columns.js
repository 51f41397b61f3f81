'use strict';
// Where a column of a file's transformed text is in the file. Lines never change.

/** @typedef {(line: number, column: number) => number} Columns  1-based, all of them */

/** @type {Map<string, Columns>} */
const files = new Map();
/** Of scripts by their names, the oldest first. @type {Map<string, Columns>} */
const scripts = new Map();
const MOST_SCRIPTS = 100;
/** Where types were removed, before any other change. @type {Map<string, Columns>} */
const typed = new Map();

/** @param {string} file @param {Columns} columns */
exports.setColumns = (file, columns) => files.set(file, columns);
/** @param {string} file @returns {Columns | undefined} */
exports.columnsOf = (file) => files.get(file) ?? scripts.get(file);
/** The same of a script that is no file of the program; of those the last ones are known. */
exports.setScriptColumns = (name, columns) => {
  scripts.delete(name);
  scripts.set(name, columns);
  if (scripts.size > MOST_SCRIPTS) scripts.delete(scripts.keys().next().value);
};
/** @param {string} file @param {Columns} columns */
exports.setTypedColumns = (file, columns) => typed.set(file, columns);
/** @param {string} file @returns {Columns | undefined} */
exports.typedColumnsOf = (file) => typed.get(file);
