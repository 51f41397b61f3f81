'use strict';
// Echo over TCP: bytes, events, descriptors.
const net = require('net');
const scenario = require('./roles');
const { listen, noDescriptorsLeft } = require('./claims');
const { echo, exchanges } = require('./echoing');

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
    exchanges(() => net.connect(7000, 'server'));
  },
});
