// An echo server over TLS.
//
//   test/helpers/make-keys.sh keys               makes keys for trying it
//   sluice examples/tls-server.js keys           then: sluice examples/tls-client.js keys 3000
//   sluice examples/tls-server.js keys --demo    runs that client, and ends
'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const socket = require('socket');

const [keys] = process.argv.slice(2);
const demo = process.argv.includes('--demo');
const pem = (file) => fs.readFileSync(path.join(keys, file));

const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
const server = net.createServer('tls-server', 0, saddr, {
  cert: pem('server.pem'),
  key: pem('server.key'),
  handshakeTimeout: 10000,
});
server.on('connection', (client) => {
  console.log(
    `connection ${client.id} from ${client.remoteAddress}, encrypted: ${client.encrypted}`,
  );
  client.on('error', (error) => console.log(`connection ${client.id}: ${error.message}`));
  client.on('close', () => {
    if (demo) server.close();
  });
  client.pipe(client);
});
server.on('certexpiry', (one) => console.log(`the certificate of ${one.subject} ends soon`));
server.listen(() => {
  console.log(`listening on port ${server.port()}`);
  if (!demo) return;
  process.argv.splice(2, process.argv.length, keys, String(server.port()));
  require('./tls-client');
});
