'use strict';
const { carry } = require('internal/base/stores');

/** Runs callback as a promise job; an exception is an uncaught one, not a rejection. */
module.exports = function queueMicrotask(callback) {
  if (typeof callback !== 'function')
    require('internal/errors/validators').validateFunction(callback, 'callback');
  const job = carry(callback, 'Microtask');
  Promise.resolve().then(() => {
    try {
      job();
    } catch (error) {
      process._uncaught(error);
    }
  });
};
