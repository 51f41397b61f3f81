// A master whose subs run another module, group-sub.js. With --demo it asks itself and ends.
'use strict';
const net = require('net');
const socket = require('socket');

const demo = process.argv.includes('--demo');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
const server = net.createServer('shout', 2, './group-sub', saddr);

const shout = (data) => String(data).toUpperCase();
server.on('connection', (connection) => {
  connection.on('data', (data) => connection.end(`${shout(data)} said ${server.groupName.name}`));
});
server.on('sub', ({ type, name }) => console.log(`${name}: ${type}`));
server.listen(() => {
  console.log(`listening on ${server.port()}`);
  if (!demo) return;
  let left = 6;
  for (let i = 0; i < 6; i++) {
    const client = net.connect(server.port(), '127.0.0.1', () => client.write(`hello ${i}`));
    client.on('data', (data) => console.log(String(data)));
    client.on('close', () => {
      if (--left > 0) return;
      console.table(server.stats());
      server.close(() => console.log('closed'));
    });
  }
});
