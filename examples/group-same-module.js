// One module, three tasks: the master and two subs run this file, and each gets every third
// connection.
//
//   sluice examples/group-same-module.js          then: nc 127.0.0.1 3000
//   sluice examples/group-same-module.js --demo   asks itself six times and ends
'use strict';
const net = require('net');
const socket = require('socket');

const demo = process.argv.includes('--demo');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
const server = net.createServer('./group-same-module', 2, saddr);

server.on('connection', (connection) => {
  connection.end(`${server.groupName.name} in task ${Task.me()}\n`);
});
server.listen();

if (server.isMaster() && demo) {
  const ask = (left) => {
    if (left === 0) return server.close();
    const client = net.connect(server.port(), '127.0.0.1');
    client.on('data', (data) => process.stdout.write(data));
    client.on('close', () => ask(left - 1));
  };
  server.once('listening', () => ask(6));
}
