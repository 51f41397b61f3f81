'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'no form of a denied address is reached where all others are allowed',
  {
    allow: ['connect', 'dns'],
    deny: ['connect=127.0.0.0/8', 'connect=[::1]'],
    permission: 'connect',
    before(dir, t) {
      const server = net.createServer((socket) => socket.destroy());
      t.after(() => server.close());
      return new Promise((done) =>
        server.listen(0, '127.0.0.1', () => done({ port: server.address().port })),
      );
    },
  },
  async (t) => {
    for (const host of [
      '127.0.0.1',
      '127.1',
      '0x7f.1',
      '2130706433',
      '::ffff:127.0.0.1',
      '0.0.0.0',
      '::',
      '::1',
      'localhost',
    ])
      await t.refused(host, () =>
        t.first(net.connect({ host, port: t.port, autoSelectFamily: false }), 'connect'),
      );
  },
);
