// One address, many names: the tasks of a group make the handshakes, admit only clients whose
// certificate the authority signed, and choose what to do by the name that a client asked for.
//
//   test/helpers/make-keys.sh keys
//   sluice examples/group-mtls-routing.js keys         then: openssl s_client -servername a.example \
//                              -connect 127.0.0.1:3000 -cert keys/client.pem -key keys/client.key
//   sluice examples/group-mtls-routing.js keys --demo  three clients try, and it ends
'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const socket = require('socket');

const routes = {
  'a.example': (connection, who) => connection.end(`a serves ${who}\n`),
  'b.example': (connection, who) => connection.end(`b serves ${who}\n`),
};

// Subs run this file too; what the group encrypts with they have from the master.
const demo = process.argv.includes('--demo');
const pem = (file) => fs.readFileSync(path.join(process.argv[2], file));
const pair = (name) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
/** @type {net.TlsServerOptions | undefined} */
const tlsOpt = Task.isMain()
  ? { ...pair('server'), ca: pem('ca.pem'), minVersion: 'TLSv1.3' }
  : undefined;

const server = net.createServer('./group-mtls-routing', 1, saddr, tlsOpt);
server.on('connection', (connection) => {
  connection.on('error', () => {});
  const route = routes[connection.servername];
  if (route === undefined) connection.end(`nobody is called ${connection.servername}\n`);
  else route(connection, connection.getPeerCertificate().subject.CN);
});
server.on('stopping', () => console.log('the sub hears that the group stops'));
server.listen();

if (server.isMaster()) {
  for (const name of ['a', 'b'])
    if (!server.addcert({ name: `${name}.example`, ca: pem('ca.pem'), ...pair(name) }))
      throw server.lastError;
  if (demo) server.once('listening', () => tryAll(['a.example', 'b.example', 'localhost']));
}

/** @param {string[]} names */
function tryAll(names) {
  const [name, ...rest] = names;
  if (name === undefined) return server.close();
  const client = net.connect({
    port: server.port(),
    host: '127.0.0.1',
    tlsOpt: { ca: pem('ca.pem'), server: name, ...pair('client') },
  });
  client.on('data', (data) => process.stdout.write(`${name}: ${data}`));
  client.on('close', () => tryAll(rest));
}
