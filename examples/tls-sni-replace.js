// One port, several names: each client gets the certificate of the name it asks for. Certificates
// come, change and go while the server runs, in all of its tasks; connections stay.
//
//   test/helpers/make-keys.sh keys
//   sluice examples/tls-sni-replace.js keys           then: openssl s_client -connect 127.0.0.1:3000 \
//                                                       -servername a.example </dev/null
//   sluice examples/tls-sni-replace.js keys --demo    shows what clients see, and ends
'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const socket = require('socket');
const tls = require('tls');

const [keys] = process.argv.slice(2);
const demo = process.argv.includes('--demo');
const pair = (name) => ({
  cert: fs.readFileSync(path.join(keys, `${name}.pem`)),
  key: fs.readFileSync(path.join(keys, `${name}.key`)),
});

const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
const server = net.createServer('tls-sni-replace', 0, saddr, pair('server'));
server.addcert({ name: 'a.example', ...pair('a') });
server.addcert({ name: '*.wild.example', ...pair('wild') });
server.on('connection', (client) => client.on('error', () => {}).end());
server.listen(async () => {
  for (const { name, subject, validTo } of server.listcert())
    console.log(
      `${name || 'any other name'}: ${subject}, until ${new Date(validTo).toDateString()}`,
    );
  if (!demo) return;
  console.log(`a.example shows ${await shown('a.example')}`);
  console.log(`x.wild.example shows ${await shown('x.wild.example')}`);
  console.log(`other.example shows ${await shown('other.example')}`);
  server.addcert({ name: 'a.example', ...pair('b') });
  console.log(`a.example, replaced, shows ${await shown('a.example')}`);
  server.delcert('a.example');
  console.log(`a.example, removed, shows ${await shown('a.example')}`);
  server.close();
});

function shown(servername) {
  return new Promise((resolve) => {
    const client = tls.connect(
      { port: server.port(), servername, rejectUnauthorized: false },
      () => {
        resolve(client.getPeerCertificate().subject.CN);
        client.resume().end();
      },
    );
  });
}
