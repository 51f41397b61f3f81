'use strict';
// The clients of the demo: each asks again and again over one connection, and makes another when it ends.
// Every 100 ms a line tells how many are at which node, and what failed.
//   clients.js COUNT HOST PORT
const net = require('net');

const [, , count, host, port] = process.argv;
const EVERY_MS = 100;
const BETWEEN_MS = 50; // a client's requests
const LEAST = 60; // requests of a connection; at most twice as many
const AGAIN_MS = 20; // before it connects again

const at = new Map(); // node → how many
const totals = { answers: 0, lost: 0, refused: 0, ended: 0 };

function move(client, node) {
  if (client.node === node) return;
  if (client.node !== undefined) at.set(client.node, at.get(client.node) - 1);
  if (node !== undefined) at.set(node, (at.get(node) ?? 0) + 1);
  client.node = node;
}

function start(client) {
  const socket = net.connect({ host, port, noDelay: true });
  let asked = false; // a request has no answer yet
  let leaving = false;
  let answered = false;
  let timer;
  let left = LEAST + Math.random() * LEAST; // requests until it has had enough
  const ask = () => {
    if (leaving || socket.destroyed) return;
    if (left-- <= 0) {
      socket.end();
      return;
    }
    asked = true;
    socket.write('ping\n');
  };
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('connect', ask);
  socket.on('error', () => {});
  socket.on('data', (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === 'bye') leaving = true;
      else {
        const [node, version] = line.split(' ');
        asked = false;
        answered = true;
        totals.answers++;
        move(client, `${node} v${version}`);
        timer = setTimeout(ask, BETWEEN_MS);
      }
    }
    if (leaving && !asked) socket.end();
  });
  socket.on('close', () => {
    clearTimeout(timer);
    move(client, undefined);
    if (!answered) totals.refused++;
    else if (asked) totals.lost++;
    else totals.ended++;
    setTimeout(start, AGAIN_MS, client);
  });
}

for (let i = 0; i < Number(count); i++) setTimeout(start, i, {});
setInterval(() => console.log(JSON.stringify({ at: Object.fromEntries(at), ...totals })), EVERY_MS);
