'use strict';
// A part of the module http by an old name.
const { STATUS_CODES, Server, ServerResponse } = require('http');

module.exports = { STATUS_CODES, Server, ServerResponse };
