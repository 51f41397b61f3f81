'use strict';
// A server that writes to a file what its clients say when it is asked to, for Wireshark.
//
//   sluice examples/capture.js              then: sluice capture PID orders.pcapng --seconds 10
//   sluice examples/capture.js --demo       captures one connection, and counts its packets
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { once } = require('events');

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
});

async function demo() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'capture-'));
  const file = path.join(folder, 'orders.pcapng');
  const control = new AbortController();
  const captured = server.capture({ file, signal: control.signal });
  const client = net.connect(/** @type {net.AddressInfo} */ (server.address()).port, '127.0.0.1');
  client.end('two coffees, please');
  await once(client.resume(), 'close');
  while (server.recent().length === 0) await new Promise((resolve) => setImmediate(resolve));
  control.abort();
  const { packets, connections } = await captured;
  console.log(`${packets} packets of ${connections} connection, ${fs.statSync(file).size} bytes`);
  if (!fs.readFileSync(file).includes('two coffees, please')) process.exitCode = 1;
  fs.rmSync(folder, { recursive: true });
  server.close();
}

server.listen(process.argv.includes('--demo') ? 0 : 7007, '127.0.0.1', () => {
  console.log(`listening on port ${/** @type {net.AddressInfo} */ (server.address()).port}`);
  if (process.argv.includes('--demo')) demo();
});
