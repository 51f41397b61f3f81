'use strict';
// The module constants: the numbers of os, fs and crypto together, as before each had its own.
const { constants: os } = require('os');

module.exports = Object.freeze({
  ...os.dlopen,
  ...os.errno,
  ...os.priority,
  ...os.signals,
  ...require('fs').constants,
  ...require('crypto').constants,
});
