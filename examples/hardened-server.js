// A server of files in User Mode: a master that listens and two subs that serve, each with less than the
// master, so that what a request makes of a path leads nowhere. Who may connect, for how long, and what
// a client can make it hold is limited as well: docs/api/limits.md, docs/permissions.md
//
//   sluice --permission=examples/hardened.json examples/hardened-server.js
//
// --port: at a port of the system's choice, which is printed; --demo: ends when it listens.
'use strict';
const net = require('net');
const socket = require('socket');
const http = require('http');
const fs = require('fs');
const path = require('path');

const demo = process.argv.includes('--demo');
const own = process.argv.includes('--port');
const files = path.join(__dirname, 'public');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo || own ? 0 : 8080);
const server = net.createServer('./hardened-server', 2, saddr);
server.writeLimit = { hard: 16 << 20, stall: 30000 };
// Subs run this file too; the rest is the group's.
if (server.isMaster()) {
  server.permission = { 'fs.read': [files], quota: { connections: 1000, heap: 256 * 1024 * 1024 } };
  /** @type {net.Admission} */
  const admission = { perAddress: { rate: [50, 1000], concurrent: 100 }, total: 10000 };
  server.admission = admission;
  server.timeouts = { firstByte: 10000, idle: 60000, lifetime: 3600 * 1000 };
}

// No check of the path: the policy is the check.
const answer = http.createServer((request, response) => {
  fs.readFile(files + decodeURIComponent(request.url), (error, content) => {
    response.statusCode = !error ? 200 : error.code === 'ERR_ACCESS_DENIED' ? 403 : 404;
    response.end(error ? `${error.code}\n` : content);
  });
});
answer.requestTimeout = 10000;
answer.headersTimeout = 5000;

server.on('connection', (connection) => answer.emit('connection', connection));
server.listen();

// The socket is open: nothing more is needed but the subs.
if (server.isMaster())
  server.once('listening', () => {
    if (process.permission)
      for (const scope of /** @type {const} */ (['connect', 'run', 'dns']))
        process.permission.drop(scope);
    if (own) console.log(server.port());
    if (demo) server.close();
  });
