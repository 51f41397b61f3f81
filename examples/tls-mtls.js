// Both sides show a certificate: the server serves only clients whose certificate its authority
// signed, and knows who they are.
//
//   test/helpers/make-keys.sh keys
//   sluice examples/tls-mtls.js keys           then: openssl s_client -connect 127.0.0.1:3000 \
//                                                -cert keys/client.pem -key keys/client.key
//   sluice examples/tls-mtls.js keys --demo    three clients try, and it ends
'use strict';
const fs = require('fs');
const path = require('path');
const tls = require('tls');

const [keys] = process.argv.slice(2);
const demo = process.argv.includes('--demo');
const pem = (file) => fs.readFileSync(path.join(keys, file));
const pair = (name) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });
const ca = pem('ca.pem');

const server = tls.createServer({ ...pair('server'), ca, requestCert: true }, (socket) => {
  socket.on('error', () => {});
  socket.end(`welcome, ${socket.getPeerCertificate().subject.CN}\n`);
});
server.on('tlsClientError', (error) => console.log(`refused: ${error.message}`));
server.listen(demo ? 0 : 3000, '127.0.0.1', async () => {
  console.log('listening');
  if (!demo) return;
  for (const material of [pair('client'), pair('stranger'), {}]) await tryWith(material);
  server.close();
});

function tryWith(material) {
  return new Promise((resolve) => {
    const client = tls.connect({ port: server.port(), servername: 'localhost', ca, ...material });
    client.on('data', (data) => process.stdout.write(data));
    client.on('error', (error) => console.log(`the server said: ${error.message}`));
    client.on('close', resolve);
  });
}
