'use strict';
const { validateFunction } = require('internal/validators');

/** Runs callback as a promise job; an exception is an uncaught one, not a rejection. */
module.exports = function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  Promise.resolve().then(() => {
    try {
      callback();
    } catch (error) {
      process._uncaught(error);
    }
  });
};
