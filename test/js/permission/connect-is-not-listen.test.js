'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'a grant to listen is none to connect',
  { allow: ['listen=127.0.0.1'], permission: 'connect' },
  async (t) => {
    const server = net.createServer((socket) => socket.end());
    await t.first(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address();
    const socket = require('dgram').createSocket('udp4');
    await t.first(socket.bind(0, '127.0.0.1'), 'listening');
    await t.refused('net', () => t.first(net.connect(port, '127.0.0.1'), 'connect'));
    await t.refused(
      'dgram send',
      () =>
        new Promise((resolve, reject) =>
          socket.send('x', port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
        ),
    );
    await t.refused(
      'dgram connect',
      () =>
        new Promise((resolve, reject) =>
          socket.connect(port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
        ),
    );
  },
);
