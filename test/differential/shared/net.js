'use strict';
// Servers and connections of programs of facts about net.
const net = require('net');
const { event } = require('../harness');

const told = (error) =>
  error && [error.name, error.code, error.syscall, error.message.replace(/:\d+/g, ':port')];

async function serve(t, options, listener = () => {}, where = [0, '127.0.0.1']) {
  const server = net.createServer(options, listener);
  const open = new Set();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
  });
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  server.listen(...where);
  await event(server, 'listening');
  return server;
}

function dial(t, server, options = {}) {
  const socket = net.connect({ port: server.address().port, host: '127.0.0.1', ...options });
  t.after(() => socket.destroy());
  return socket;
}

module.exports = { dial, serve, told };
