// A client that orders again until it has an answer. It has a bug, which `sluice sim` finds:
//
//   sluice sim --seeds 1-100 --shrink examples/simulate/server.js examples/simulate/client.js
'use strict';
const net = require('net');
const sim = require('sim');

const RETRY_MS = 500;
let number = 0;

function order(item) {
  number++;
  return new Promise((resolve) => {
    // A try whose answer was lost is followed by another one with the same number.
    const attempt = (mine) => {
      const socket = net.connect(7000, 'server');
      socket.setTimeout(5000, () => socket.destroy());
      socket.on('error', () => {});
      socket.on('connect', () => socket.write(`${JSON.stringify({ number: mine, item })}\n`));
      let answered = false;
      socket.on('data', () => {
        answered = true;
        socket.end();
      });
      socket.on('close', () => {
        if (answered) resolve();
        else setTimeout(attempt, RETRY_MS, mine);
      });
    };
    attempt(number);
  });
}

(async () => {
  for (const item of ['tea', 'bread', 'milk']) await order(item);
  sim.reachable('all is ordered');
})();
