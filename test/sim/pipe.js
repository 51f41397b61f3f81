'use strict';
// An echo by pipe() behind a proxy that pipes both ways.
const net = require('net');
const scenario = require('./roles');
const { Watched, endIdle, listen, noDescriptorsLeft } = require('./claims');
const { BYE, IDLE_MS, exchanges, passOn } = require('./echoing');

module.exports = scenario(
  __filename,
  {
    server() {
      noDescriptorsLeft();
      const server = net.createServer({ allowHalfOpen: true }, (socket) => {
        new Watched(socket, true);
        endIdle(socket, IDLE_MS);
        socket.on('end', () => socket.end()); // also of one that sent nothing
        socket.once('data', (first) => {
          if (first[0] === BYE) {
            socket.end();
            server.close();
            return;
          }
          // The first byte is a key, which is not echoed. A stream that flows would give the rest to
          // those who listen now.
          socket.pause();
          if (first.length > 1) socket.unshift(first.subarray(1));
          socket.pipe(socket);
        });
      });
      listen(server, 7000);
    },
    proxy() {
      noDescriptorsLeft();
      const server = net.createServer({ allowHalfOpen: true }, (socket) => {
        const upstream = net.connect({ port: 7000, host: 'server', allowHalfOpen: true });
        passOn(socket, upstream);
      });
      listen(server, 7001);
    },
    client() {
      noDescriptorsLeft();
      exchanges(() => net.connect(7001, 'proxy'));
    },
  },
  { endless: ['proxy', 'server'] },
);
