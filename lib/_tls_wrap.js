'use strict';
// A part of the module tls by an old name.
const { Server, TLSSocket, connect, createServer } = require('tls');

module.exports = { Server, TLSSocket, connect, createServer };
