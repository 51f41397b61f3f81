'use strict';
// A TLS server that strangers may reach: who is let in, how long they may take, and what they can
// make it hold. docs/api/limits.md
//
//   sluice tls-limits.js FOLDER_OF_KEYS [--demo]    server.pem and server.key are in it
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');

const folder = process.argv[2];
const read = (file) => fs.readFileSync(path.join(folder, file));

const server = tls.createServer({ cert: read('server.pem'), key: read('server.key') }, (socket) => {
  socket.on('error', (error) => console.error(`${socket.id}: ${error.message}`));
  socket.on('close', () => console.log(`${socket.id}: ${socket.closeReason?.code}`));
  socket.on('data', (data) => socket.write(data));
});

/** @type {net.Admission} */
const admission = {
  perAddress: { rate: [50, 1000], concurrent: 3 },
  total: 10000,
  handshakes: { concurrent: 256, timeout: 10000 },
  failures: [20, 60000],
};
server.admission = admission;
server.writeLimit = { hard: 1 << 20, stall: 30000 };
server.timeouts = { firstByte: 10000, idle: 300000, lifetime: 24 * 3600 * 1000 };

server.on('refused', ({ reason, count, addresses }) =>
  console.log(`refused ${count} (${reason}): ${addresses.join(', ')}`),
);
server.on('tlsClientError', (error) =>
  console.log(`no handshake: ${/** @type {NodeJS.ErrnoException} */ (error).code}`),
);

const port = () => /** @type {net.AddressInfo} */ (server.address()).port;
server.listen(process.argv.includes('--demo') ? 0 : 8443, () => {
  console.log(`listening on port ${port()}`);
  if (process.argv.includes('--demo')) demo(port());
});

// Three clients are served, two more of the same address are not.
function demo(port) {
  const clients = [];
  server.once('refused', () => {
    for (const client of clients) client.destroy();
    server.close();
  });
  function more() {
    if (clients.length === 3) {
      for (let i = 0; i < 2; i++) clients.push(net.connect(port).on('error', () => {}));
      return;
    }
    const client = tls.connect({ port, servername: 'localhost', ca: read('ca.pem') });
    clients.push(client);
    client.on('error', (error) => console.error(error.message));
    client.write('hello');
    client.once('data', more);
  }
  more();
}
