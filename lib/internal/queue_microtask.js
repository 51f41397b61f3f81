'use strict';
const { carry } = require('internal/stores');
const { validateFunction } = require('internal/validators');

/** Runs callback as a promise job; an exception is an uncaught one, not a rejection. */
module.exports = function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  const job = carry(callback);
  Promise.resolve().then(() => {
    try {
      job();
    } catch (error) {
      process._uncaught(error);
    }
  });
};
