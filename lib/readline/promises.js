'use strict';
// The module readline/promises: as readline, with a question() that returns a promise.
const { onAbort } = require('internal/base/abort');
const { AbortError } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateBoolean,
  validateInteger,
} = require('internal/errors/validators');
const {
  Interface: Base,
  kCancelQuestion,
  kQuestion,
  kState,
} = require('internal/readline/interface');
const cursor = require('internal/readline/cursor');
const { codes } = require('internal/errors/codes');

class Interface extends Base {
  /** Writes a query; a promise of the next line. */
  question(query, options) {
    return new Promise((resolve, reject) => {
      let answered = resolve;
      const signal = options?.signal;
      if (signal) {
        validateAbortSignal(signal, 'options.signal');
        if (signal.aborted) {
          reject(new AbortError(undefined, { cause: signal.reason }));
          return;
        }
        const abort = () => {
          this[kCancelQuestion]();
          reject(new AbortError(undefined, { cause: signal.reason }));
        };
        signal.addEventListener('abort', abort, onAbort);
        answered = (answer) => {
          signal.removeEventListener('abort', abort);
          resolve(answer);
        };
      }
      this[kQuestion](query, answered);
      this[kState].reject = reject;
    });
  }
}

/** Movements of a terminal's cursor, gathered until commit(). */
class Readline {
  #stream;
  #autoCommit = false;
  #todo = [];

  constructor(stream, options = undefined) {
    if (typeof stream?.write !== 'function')
      throw new codes.ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
    this.#stream = stream;
    if (options?.autoCommit != null) {
      validateBoolean(options.autoCommit, 'options.autoCommit');
      this.#autoCommit = options.autoCommit;
    }
  }

  #add(text) {
    if (this.#autoCommit) process.nextTick(() => this.#stream.write(text));
    else this.#todo.push(text);
    return this;
  }

  cursorTo(x, y = undefined) {
    validateInteger(x, 'x');
    if (y != null) validateInteger(y, 'y');
    return this.#add(cursor.position(x, y ?? undefined));
  }

  moveCursor(dx, dy) {
    if (!dx && !dy) return this;
    validateInteger(dx, 'dx');
    validateInteger(dy, 'dy');
    return this.#add(cursor.movement(dx, dy));
  }

  clearLine(direction) {
    validateInteger(direction, 'dir', -1, 1);
    return this.#add(cursor.lineClearing(direction));
  }

  clearScreenDown() {
    return this.#add(cursor.CLEAR_DOWN);
  }

  /** Writes what was gathered; a promise of the end of the write. */
  commit() {
    return new Promise((resolve) => {
      this.#stream.write(this.#todo.join(''), resolve);
      this.#todo = [];
    });
  }

  rollback() {
    this.#todo = [];
    return this;
  }
}

function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

module.exports = { Interface, Readline, createInterface };
