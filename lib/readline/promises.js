'use strict';
// The module readline/promises: as readline, with a question() that returns a promise.
const base = require('readline');
const { promisify } = require('util');

const ask = base.Interface.prototype.question[promisify.custom];

class Interface extends base.Interface {
  /** Writes a query; a promise of the next line. */
  question(query, options) {
    return Reflect.apply(ask, { question: (...given) => super.question(...given) }, [
      query,
      options,
    ]);
  }
}

function createInterface(input, output) {
  return new Interface(input, output);
}

module.exports = { Interface, createInterface };
