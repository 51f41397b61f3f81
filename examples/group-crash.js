// A sub that crashes: the others go on, and it comes back.
//
//   sluice examples/group-crash.js          then: echo crash | nc 127.0.0.1 3000
//   sluice examples/group-crash.js --demo   crashes it, waits for its return, and ends
'use strict';
const net = require('net');
const socket = require('socket');

const demo = process.argv.includes('--demo');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
const server = net.createServer('./group-crash', 1, saddr);

server.on('connection', (connection) => {
  connection.on('data', (data) => {
    if (String(data).startsWith('crash') && !server.isMaster())
      throw new Error('a client wished it');
    connection.end(`fine, says ${server.groupName.name}\n`);
  });
});
server.on('sub', (event) => {
  const { name } = event;
  if (event.type === 'exit' && event.delay !== undefined)
    console.log(`${name} ended (${event.error}), back in ${event.delay} ms`);
  if (event.type === 'respawn') console.log(`${name} is back, ${event.restarts} restart`);
});
server.listen();

if (server.isMaster() && demo) {
  const say = (text, done) => {
    const client = net.connect(server.port(), '127.0.0.1', () => client.write(text));
    client.on('data', (data) => process.stdout.write(data));
    client.on('error', () => {});
    client.on('close', done);
  };
  server.once('listening', () => say('hello', () => say('crash', () => say('hello', () => {}))));
  server.on('sub', ({ type }) => {
    if (type === 'respawn') say('hello', () => server.close());
  });
}
