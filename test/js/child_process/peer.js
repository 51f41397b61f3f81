'use strict';
// What fork.test.js starts: does what the first message says.
const net = require('net');

const jobs = {
  echo: (message) => process.send(message.value),
  server(message, server) {
    server.on('connection', (socket) => socket.end('from the child'));
    process.send('ready');
  },
  socket(message, socket) {
    socket.end(`${message.value} from the child`);
  },
  udp(message, socket) {
    socket.once('message', (data, from) => socket.send(`got ${data}`, from.port, from.address));
    process.send('ready');
  },
  leave: () => process.disconnect(),
  much() {
    for (let i = 0; i < 50; i++) process.send('x'.repeat(100000));
    process.disconnect();
  },
};

process.on('message', (message, handle) => {
  if (handle !== undefined && !(handle instanceof net.Server) && message.job === 'server') return;
  jobs[message.job](message, handle);
});
