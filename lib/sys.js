'use strict';
// The module sys: what util was called once.
require('internal/process/warnings').deprecated(
  'DEP0025',
  'sys is deprecated. Use `node:util` instead.',
);
module.exports = require('util');
