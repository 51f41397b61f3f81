'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'arguments that convert themselves are read once',
  { allow: ['connect=127.0.0.1:9'], permission: 'connect' },
  async (t) => {
    const changing = (first, later) => {
      let count = 0;
      return {
        toString: () => (count++ === 0 ? first : later),
        valueOf: () => (count++ === 0 ? first : later),
      };
    };
    for (const host of ['10.1.2.3', '127.0.0.2'])
      await t.refused(host, () => t.first(net.connect({ host, port: 9 }), 'connect'));
    let stopped = false;
    const socket = new net.Socket();
    try {
      await t.first(
        socket.connect({ host: changing('127.0.0.1', '10.1.2.3'), port: changing(9, 22) }),
        'connect',
      );
    } catch (error) {
      stopped = true;
    }
    t.check('a host that changes', stopped);
  },
);
