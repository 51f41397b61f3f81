// The shop of server.js that knows an order which it has taken, and answers it again.
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
        const before = taken.get(order.number);
        if (before === undefined) taken.set(order.number, order);
        sim.always((before ?? order).item === order.item, 'a number is of one order');
        socket.write(`${JSON.stringify({ number: order.number, ok: true })}\n`);
      }
    });
  })
  .listen(7000);
