'use strict';
// A part of the module http by an old name.
const { OutgoingMessage, validateHeaderName, validateHeaderValue } = require('http');

module.exports = { OutgoingMessage, validateHeaderName, validateHeaderValue };
