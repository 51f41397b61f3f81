'use strict';
// A part of the module http by an old name.
const { Agent, globalAgent } = require('http');

module.exports = { Agent, globalAgent };
