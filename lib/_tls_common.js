'use strict';
// A part of the module tls by an old name.
const { SecureContext, createSecureContext } = require('tls');

module.exports = { SecureContext, createSecureContext };
