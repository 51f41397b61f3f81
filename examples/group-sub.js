// The sub of group-master.js.
'use strict';
const net = require('net');

const server = net.createSubServer('shout');
server.on('connection', (connection) => {
  connection.on('data', (data) => {
    connection.end(`${String(data).toUpperCase()} said ${server.groupName.name}`);
  });
});
server.listen();
