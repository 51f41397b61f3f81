'use strict';
// What an uncaught error's report adds to it: what can be done, and where an `error` event that
// nobody heard was emitted.

/** Error → the emitter's class, and the stack of emit(). @type {WeakMap<object, [string, string]>} */
const emitted = new WeakMap();

/** Notes that an error is thrown as nobody listens to `error`. */
function noteEmitted(error, emitter) {
  if (emitted.has(error)) return;
  const name = emitter.constructor?.name;
  emitted.set(error, [
    typeof name === 'string' ? name : 'EventEmitter',
    new Error('emitted').stack,
  ]);
}

const IN_COMMONJS = {
  require: "use import, or createRequire(import.meta.url) of 'node:module'",
  module: 'use export',
  exports: 'use export',
  __filename: 'use import.meta.filename',
  __dirname: 'use import.meta.dirname',
};

/** A name of CommonJS in a file that is an ECMAScript module. */
function missingName(error, file) {
  const [, name] = /^Can't find variable: (\w+)$/.exec(error.message) ?? [];
  if (name === undefined || !Object.hasOwn(IN_COMMONJS, name)) return '';
  if (file !== undefined && /\.c[jt]s$/.test(file)) return '';
  return `${name} is not defined in ES modules: ${IN_COMMONJS[name]}\n`;
}

const LONGEST = 200; // characters of a name and what stands between it and the value

/** What was assigned to, or used too early, as the engine does not name it. */
function nameOf(error, place, line) {
  if (place === undefined || line === undefined) return '';
  if (error.message === 'Attempted to assign to readonly property.') {
    const target = /(\.?)([\w$]+)\s*(?:\*\*|>>>?|<<|&&|\|\||\?\?|[-+*/%&|^])?=?\s*$/;
    const end = place.column - 1;
    const [, dot, name] = target.exec(line.slice(Math.max(end - LONGEST, 0), end)) ?? [];
    if (name === undefined) return '';
    return dot === '' ? `'${name}' is a constant\n` : `the property '${name}' is read-only\n`;
  }
  // Who has `from` was found by what the error says (internal/process/report).
  if (place.from !== undefined)
    return `'${place.name}' is of ${place.from}, which has not run so far: the modules import each other in a circle\n`;
  return '';
}

/** The frames of the program in a stack. */
const framesOf = (stack) =>
  stack.split('\n').filter((line) => line.startsWith('    at ') && !/\(?node:/.test(line));

/**
 * Lines to add to the report of an error.
 * @param {Error} error
 * @param {{ file: string, column: number, hint?: string }} [place] where it was made
 * @param {string} [line] the text there
 * @returns {string}
 */
function hintsFor(error, place, line) {
  let text = error instanceof ReferenceError ? missingName(error, place?.file) : '';
  text += nameOf(error, place, line);
  if (place?.hint !== undefined) text += `${place.hint}\n`;
  const [name, stack] = emitted.get(error) ?? [];
  if (name !== undefined)
    text += [
      `Emitted 'error' event on ${name} instance, to which nobody listens`,
      ...framesOf(stack),
    ]
      .join('\n')
      .concat('\n');
  return text;
}

module.exports = { hintsFor, noteEmitted };
