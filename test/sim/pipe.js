'use strict';
// An echo by pipe() behind a proxy that pipes both ways.
const net = require('net');
const scenario = require('./roles');
const { Watched, endIdle, listen, noDescriptorsLeft } = require('./claims');
const { exchanges, BYE } = require('./echoing');

const IDLE_MS = 40_000;

// pipe() destroys neither end when the other breaks: close() does. What still comes from an end whose
// other one has closed goes nowhere.
function join(from, to) {
  from.pipe(to);
  from.on('close', () => {
    if (from.readableEnded && to.readableEnded) to.end();
    else to.destroy();
  });
}

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
        for (const end of [socket, upstream]) {
          new Watched(end, true);
          endIdle(end, IDLE_MS);
        }
        join(socket, upstream);
        join(upstream, socket);
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
