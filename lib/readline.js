'use strict';
// The module readline: lines of a stream, edited if it is a terminal.
// docs: https://nodejs.org/api/readline.html
const { onAbort } = require('internal/base/abort');
const { AbortError } = require('internal/errors/codes');
const { validateAbortSignal } = require('internal/errors/validators');
const base = require('internal/readline/interface');
const cursor = require('internal/readline/cursor');
const { kCancelQuestion, kQuestion } = base;

/** (options) or (input[, output[, completer[, terminal]]]). docs: readline.Interface */
function Interface(input, output, completer, terminal) {
  if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);
  base.Interface.call(this, input, output, completer, terminal);
}
Object.setPrototypeOf(Interface.prototype, base.Interface.prototype);
Object.setPrototypeOf(Interface, base.Interface);

/** Writes a query and hands the next line to callback: (query[, options], callback). */
function question(query, options, callback) {
  callback = typeof options === 'function' ? options : callback;
  if (options === null || typeof options !== 'object') options = {};
  const { signal } = options;
  if (signal) {
    validateAbortSignal(signal, 'options.signal');
    if (signal.aborted) return;
    const abort = () => this[kCancelQuestion]();
    signal.addEventListener('abort', abort, onAbort);
    const answered = callback;
    if (typeof answered === 'function')
      callback = (answer) => {
        signal.removeEventListener('abort', abort);
        return answered(answer);
      };
  }
  if (typeof callback === 'function') this[kQuestion](query, callback);
}
Object.defineProperty(question, Symbol.for('nodejs.util.promisify.custom'), {
  value(query, options) {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
    return new Promise((resolve, reject) => {
      let answered = resolve;
      if (signal) {
        const abort = () => reject(new AbortError(undefined, { cause: signal.reason }));
        signal.addEventListener('abort', abort, onAbort);
        answered = (answer) => {
          signal.removeEventListener('abort', abort);
          resolve(answer);
        };
      }
      this.question(query, options, answered);
    });
  },
});
Object.defineProperty(Interface.prototype, 'question', {
  value: question,
  writable: true,
  configurable: true,
  enumerable: true,
});

/** @returns {Interface} */
function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

module.exports = {
  Interface,
  clearLine: cursor.clearLine,
  clearScreenDown: cursor.clearScreenDown,
  createInterface,
  cursorTo: cursor.cursorTo,
  emitKeypressEvents: (...args) => require('internal/readline/keys').emitKeypressEvents(...args),
  moveCursor: cursor.moveCursor,
  get promises() {
    return require('readline/promises');
  },
};
