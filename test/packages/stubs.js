'use strict';
// Servers that answer the first exchanges of a protocol whose server the system does not have.
const net = require('net');
const { once } = require('events');

/** Has onSocket answer connections. @returns {Promise<number>} the port */
async function stub(t, onSocket) {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server.address().port;
}

/**
 * Calls onMessage for each message of a socket.
 * @param {(bytes: Buffer) => number | undefined} lengthOf  of the message that begins there
 */
function messages(socket, lengthOf, onMessage) {
  let bytes = Buffer.alloc(0);
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part]);
    for (;;) {
      const length = lengthOf(bytes);
      if (length === undefined || bytes.length < length) return;
      const message = bytes.subarray(0, length);
      bytes = bytes.subarray(length);
      onMessage(message);
    }
  });
}

module.exports = { messages, stub };
