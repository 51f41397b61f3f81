// Says hello to a server over TLS, whose certificate must be of `localhost` and of our authority.
//
//   sluice examples/tls-client.js KEYS PORT
'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');

const [keys, port] = process.argv.slice(2);
const ca = fs.readFileSync(path.join(keys, 'ca.pem'));

const client = net.connect({ port: Number(port), host: 'localhost', tlsOpt: { ca } });
client.on('connect', () => {
  console.log('the server is who it says it is');
  client.end('hello over TLS');
});
client.on('data', (data) => console.log(`echo: ${data}`));
client.on('error', (error) => {
  console.log(error.message);
  process.exitCode = 1;
});
client.on('close', () => {
  if (client.truncated) console.log('cut off: there may have been more');
});
