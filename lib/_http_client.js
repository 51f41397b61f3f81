'use strict';
// A part of the module http by an old name.
const { ClientRequest } = require('http');

module.exports = { ClientRequest };
