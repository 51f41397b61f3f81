// HTTP on all cores: every task of the group has an http.Server that does not listen, and gives it
// the connections that it gets. With an application of express or fastify it is the same.
//
//   sluice examples/group-http.js          then: curl http://127.0.0.1:3000/
//   sluice examples/group-http.js --demo   asks itself four times and ends
'use strict';
const http = require('http');
const net = require('net');
const socket = require('socket');

const demo = process.argv.includes('--demo');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);

const web = http.createServer((req, res) => res.end(`${server.groupName.name} got ${req.url}\n`));
const server = net.createServer('./group-http', 1, saddr);
server.on('connection', (connection) => web.emit('connection', connection));
server.on('stopping', () => web.close());
server.listen();

if (server.isMaster() && demo)
  server.once('listening', async () => {
    for (const path of ['/a', '/b', '/c', '/d']) {
      const answer = await fetch(`http://127.0.0.1:${server.port()}${path}`, {
        headers: { Connection: 'close' },
      });
      process.stdout.write(await answer.text());
    }
    server.close();
    web.close();
  });
