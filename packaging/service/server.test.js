'use strict';
// Run by `sluice server.test.js`; the exit code is 0 if all is well.
const assert = require('assert');
const { once } = require('events');
const net = require('net');
const { createServer } = require('./server.js');

const tests = {
  async 'a line comes back in upper case'(port) {
    const socket = net.connect(port, '127.0.0.1');
    socket.end('hello\nworld\n');
    socket.setEncoding('utf8');
    let text = '';
    for await (const part of socket) text += part;
    assert.strictEqual(text, 'HELLO\nWORLD\n');
  },

  async 'a client that vanishes does no harm'(port) {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('half a line');
    socket.destroy();
    await once(socket, 'close');
  },
};

async function main() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  for (const [name, test] of Object.entries(tests)) {
    await test(port);
    console.log(`ok - ${name}`);
  }
  server.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
