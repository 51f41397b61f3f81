'use strict';
/** The global console. */
module.exports = require('internal/console/console').console;
