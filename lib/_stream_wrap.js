'use strict';
// An old name.
module.exports = require('stream').Duplex;
