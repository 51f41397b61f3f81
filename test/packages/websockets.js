'use strict';
// A server of http for the tests of packages that speak WebSocket.
const http = require('http');
const { once } = require('events');

/** @returns {Promise<{ server: http.Server, port: number }>} */
async function httpServer(t) {
  const server = http.createServer((req, res) => res.end('plain'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: server.address().port };
}

const MESSAGES = ['text \u20ac', Buffer.alloc(100000, 'ab'), '\u20ac'.repeat(70000)];

module.exports = { MESSAGES, httpServer };
