// An echo server over TLS on several threads, with a certificate for each name that clients ask for.
//   sluice tls-echo-group.js THREADS CERT KEY [NAME CERT KEY]…
// CERT and KEY are files in PEM; the first pair is for clients that ask for no name or another one.
// Prints "port N". cpp/tls_echo_group.cc is the same program in C++.
'use strict';
const fs = require('fs');
const net = require('net');
const socket = require('socket');

const [threads = '1', cert, key, ...named] = process.argv.slice(2);
const read = (file) => fs.readFileSync(file);
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, 0);
// Subs run this file too, without arguments: their keys are the master's.
const keys = cert && { cert: read(cert), key: read(key) };
const server = net.createServer(__filename, Number(threads) - 1, saddr, keys);

server.on('connection', (client) => {
  client.on('data', (data) => client.write(data));
  client.on('error', () => {});
});
server.on('listening', () => {
  if (!server.isMaster()) return;
  for (let i = 0; i < named.length; i += 3)
    server.addcert({ name: named[i], cert: read(named[i + 1]), key: read(named[i + 2]) });
  console.log(`port ${server.port()}`);
});
server.listen();
