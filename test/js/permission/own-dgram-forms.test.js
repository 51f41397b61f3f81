'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'datagrams go only where it is allowed, connected or not',
  {
    allow: ['listen=0.0.0.0:0', 'listen=[::]:0', 'connect=127.0.0.1:9', 'dns'],
    permission: 'connect',
  },
  async (t) => {
    const dgram = require('dgram');
    const send = (type, port, host) =>
      new Promise((resolve, reject) => {
        const socket = dgram.createSocket(type);
        socket.on('error', reject);
        socket.send('x', port, host, (error) => (error ? reject(error) : resolve()));
      });
    const connect = (port, host) =>
      new Promise((resolve, reject) => {
        const socket = dgram.createSocket('udp4');
        socket.connect(port, host, (error) => (error ? reject(error) : resolve()));
      });
    await t.allowed('granted', () => send('udp4', 9, '127.0.0.1'));
    await t.refused('another port', () => send('udp4', 10, '127.0.0.1'));
    await t.refused('another address', () => send('udp4', 9, '127.0.0.2'));
    await t.refused('broadcast', () => send('udp4', 9, '255.255.255.255'));
    await t.refused('multicast', () => send('udp4', 9, '224.0.0.1'));
    await t.refused('mapped', () => send('udp6', 10, '::ffff:127.0.0.1'));
    await t.refused('IPv6', () => send('udp6', 9, '::1'));
    await t.refused('connect', () => connect(10, '127.0.0.1'));
  },
);
