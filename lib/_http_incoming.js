'use strict';
// A part of the module http by an old name.
const { IncomingMessage } = require('http');

module.exports = { IncomingMessage };
