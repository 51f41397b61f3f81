'use strict';
// Sockets of programs of facts about dgram.
const dgram = require('dgram');
const { event } = require('../harness');

/** Closes the socket when the program has ended, if nobody did. */
function closing(t, socket) {
  t.after(async () => {
    try {
      await new Promise((done) => socket.close(done));
    } catch {
      // It is closed.
    }
  });
  return socket;
}

const made = (t, options = 'udp4', listener) => closing(t, dgram.createSocket(options, listener));

async function bound(t, options = 'udp4', address = '127.0.0.1') {
  const socket = made(t, options);
  socket.bind(0, address);
  await event(socket, 'listening');
  return socket;
}

const told = (error) => error && [error.name, error.code, error.syscall, error.address];

module.exports = { bound, closing, made, told };
