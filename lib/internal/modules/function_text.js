'use strict';
// `new Function(…)` whose text has import() or `await`: the engine's own finds no modules, and tells
// nobody where it waits. It imports as the file that made the function.
const { NativeError } = require('internal/errors/classes');
const { parse } = require('internal/errors/stack');

/** The file of the program that makes a function now. */
function caller() {
  const frame = parse(new NativeError().stack ?? '').find(({ file }) => file[0] === '/');
  return frame?.file ?? `${process.cwd()}/[eval]`;
}

/**
 * @param {Function} make  the engine's constructor
 * @param {any[]} args  of it: parameters and the body
 */
function makeFunction(make, args) {
  const plain = Reflect.construct(make, args); // throws what is wrong with them
  const { transformScript } = require('internal/modules/transform');
  const found = transformScript(`(${plain})`, 'script');
  if (found === undefined) return plain;
  if (found.name === undefined) return make(`return ${found.edits.apply()}`)();
  const from = require('internal/modules/esm').importFrom(caller());
  return make(found.name, `return ${found.edits.apply()}`)(from);
}

module.exports = { makeFunction };
