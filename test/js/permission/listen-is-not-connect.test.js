'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'a grant to connect is none to listen',
  { allow: ['connect=127.0.0.1'], permission: 'listen' },
  async (t) => {
    const dgram = require('dgram');
    const bind = (type, ...args) => t.first(dgram.createSocket(type).bind(...args), 'listening');
    await t.refused('net', () => t.first(net.createServer().listen(0, '127.0.0.2'), 'listening'));
    await t.refused('everywhere', () => t.first(net.createServer().listen(0), 'listening'));
    await t.refused('http', () =>
      t.first(require('http').createServer().listen(0, '127.0.0.2'), 'listening'),
    );
    await t.refused('tls', () =>
      t.first(require('tls').createServer({}).listen(0, '127.0.0.2'), 'listening'),
    );
    await t.refused('http2', () =>
      t.first(require('http2').createServer().listen(0, '127.0.0.2'), 'listening'),
    );
    await t.refused('dgram', () => bind('udp4', 0, '127.0.0.2'));
    await t.refused('at once', () => dgram.createSocket('udp4').bindSync({ address: '127.0.0.2' }));
    await t.refused('by connectSync()', () =>
      dgram.createSocket('udp4').connectSync(9, '127.0.0.1'),
    );
    await t.refused('BoundSocket', () => new net.BoundSocket({ host: '127.0.0.2' }));
    await t.refused('localPort', () =>
      t.first(
        net.connect({ host: '127.0.0.1', port: 9, localAddress: '127.0.0.1', localPort: 39999 }),
        'connect',
      ),
    );
  },
);
