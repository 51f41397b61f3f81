'use strict';
// The URL of the PostgreSQL server that tests of query builders have.
const url = (server) => `postgres://user:secret@127.0.0.1:${server.port}/postgres`;

module.exports = { url };
