// A connection begins in the clear and goes on encrypted, as in SMTP, LDAP or PostgreSQL.
//
//   test/helpers/make-keys.sh keys
//   sluice examples/tls-starttls.js keys --demo
'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');

const [keys] = process.argv.slice(2);
const demo = process.argv.includes('--demo');
const pem = (file) => fs.readFileSync(path.join(keys, file));
const secureContext = tls.createSecureContext({ cert: pem('server.pem'), key: pem('server.key') });

const server = net.createServer((plain) => {
  plain.on('error', () => {});
  plain.write('220 ready\r\n');
  plain.once('data', (line) => {
    if (String(line) !== 'STARTTLS\r\n') return plain.end('500 what?\r\n');
    plain.write('220 go ahead\r\n');
    const socket = new tls.TLSSocket(plain, { isServer: true, secureContext });
    socket.on('error', () => {});
    return socket.once('data', (secret) => socket.end(`250 heard ${secret}\r\n`));
  });
});
server.listen(demo ? 0 : 3000, '127.0.0.1', () => {
  console.log(`listening on port ${server.port()}`);
  if (demo) talk(server.port());
});

function talk(port) {
  const plain = net.connect(port, '127.0.0.1');
  plain.on('data', (line) => {
    process.stdout.write(`in the clear: ${line}`);
    if (String(line) === '220 ready\r\n') plain.write('STARTTLS\r\n');
    else encrypt(plain);
  });
  plain.on('close', () => server.close());
}

function encrypt(plain) {
  const socket = tls.connect({ socket: plain, servername: 'localhost', ca: pem('ca.pem') });
  socket.on('secureConnect', () => socket.write('a secret'));
  socket.on('data', (line) => process.stdout.write(`in ${socket.getProtocol()}: ${line}`));
  socket.on('error', (error) => {
    console.log(error.message);
    process.exitCode = 1;
  });
}
