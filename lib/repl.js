'use strict';
// The module repl: there is no interactive mode. Packages that offer one of their own load it at their
// start; who starts it is told.
const { codes } = require('internal/errors/codes');

function start() {
  throw new codes.ERR_FEATURE_UNAVAILABLE('repl.start()');
}

class REPLServer {
  constructor() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('repl.REPLServer');
  }
}

/** What an evaluator calls back with where a text is not complete. */
class Recoverable extends SyntaxError {
  /** @param {Error} err */
  constructor(err) {
    super();
    this.err = err;
  }
}

const writer = (value) => require('internal/inspect/inspect').inspect(value, writer.options);
writer.options = { showProxy: true };

module.exports = {
  REPLServer,
  REPL_MODE_SLOPPY: Symbol('repl-sloppy'),
  REPL_MODE_STRICT: Symbol('repl-strict'),
  Recoverable,
  start,
  writer,
};
