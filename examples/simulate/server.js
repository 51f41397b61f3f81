// A shop that takes orders, a line of JSON each, and answers each with a line.
'use strict';
const net = require('net');
const sim = require('sim');

const taken = new Map(); // orders by their number

net
  .createServer((socket) => {
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const order = JSON.parse(line);
        sim.always(!taken.has(order.number), 'an order is taken once');
        taken.set(order.number, order);
        socket.write(`${JSON.stringify({ number: order.number, ok: true })}\n`);
      }
    });
  })
  .listen(7000);
