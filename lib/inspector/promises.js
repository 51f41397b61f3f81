'use strict';
// The module inspector/promises, to be loaded: nothing inspects.
module.exports = require('inspector');
