'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'listening everywhere needs a grant of everywhere',
  { allow: ['listen=127.0.0.1', 'listen=[::1]'], permission: 'listen' },
  async (t) => {
    const dgram = require('dgram');
    for (const host of ['0.0.0.0', '::', '::ffff:0.0.0.0', undefined])
      await t.refused(String(host), () =>
        t.first(net.createServer().listen({ port: 0, host }), 'listening'),
      );
    await t.refused('udp4', () => t.first(dgram.createSocket('udp4').bind(), 'listening'));
    await t.refused('udp6', () => t.first(dgram.createSocket('udp6').bind(0), 'listening'));
    await t.refused(
      'udp by a send',
      () =>
        new Promise((resolve, reject) => {
          const socket = dgram.createSocket('udp4');
          socket.on('error', reject);
          socket.send('x', 9, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
        }),
    );
  },
);
