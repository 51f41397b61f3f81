'use strict';
// Echo over TCP to clients that read into memory of their own, which some of them share.
const net = require('net');
const scenario = require('./roles');
const { listen, noDescriptorsLeft, roll } = require('./claims');
const { echo, exchanges } = require('./echoing');

const shared = Buffer.alloc(64 << 10);

function connect() {
  const socket = net.connect({
    port: 7000,
    host: 'server',
    onread: {
      buffer: roll(2) === 0 ? shared : () => Buffer.alloc(1 + roll(roll(2) === 0 ? 100 : 70_000)),
      callback(count, buffer) {
        socket.emit('data', Buffer.from(buffer.subarray(0, count)));
        if (roll(20) !== 0) return true;
        setTimeout(() => socket.resume(), roll(50));
        return false;
      },
    },
  });
  return socket;
}

module.exports = scenario(__filename, {
  server() {
    noDescriptorsLeft();
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      echo(socket, () => server.close());
    });
    listen(server, 7000);
  },
  client() {
    noDescriptorsLeft();
    exchanges(connect);
  },
});
