'use strict';
// A task that does nothing.
module.exports = 1;
