'use strict';
module.exports = require('internal/modules/loader').Module;
