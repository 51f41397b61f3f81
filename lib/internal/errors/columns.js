'use strict';
// Where a column of a file's transformed text is in the file. Lines never change.

/** @typedef {(line: number, column: number) => number} Columns  1-based, all of them */

/** @type {Map<string, Columns>} */
const files = new Map();
/** Where types were removed, before any other change. @type {Map<string, Columns>} */
const typed = new Map();

/** @param {string} file @param {Columns} columns */
exports.setColumns = (file, columns) => files.set(file, columns);
/** @param {string} file @returns {Columns | undefined} */
exports.columnsOf = (file) => files.get(file);
/** @param {string} file @param {Columns} columns */
exports.setTypedColumns = (file, columns) => typed.set(file, columns);
/** @param {string} file @returns {Columns | undefined} */
exports.typedColumnsOf = (file) => typed.get(file);
