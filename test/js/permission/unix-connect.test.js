'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

// A Unix socket where a host is expected is the same thing by another door.
attack(
  'a Unix socket is not reached by a grant of addresses',
  {
    allow: ['connect=127.0.0.1', 'dns'],
    permission: 'connect',
    before(dir, t) {
      const server = net.createServer((socket) => socket.end('SECRET-TEXT'));
      t.after(() => server.close());
      return new Promise((done) =>
        server.listen(`${dir}/out/s`, () => done({ path: `${dir}/out/s` })),
      );
    },
  },
  async (t) => {
    const http = require('http');
    const tls = require('tls');
    await t.refused('net', () => t.first(net.connect({ path: t.path }), 'connect'));
    await t.refused('net by a path string', () => t.first(net.connect(t.path), 'connect'));
    await t.refused('abstract', () => t.first(net.connect({ path: '\0sluice-x' }), 'connect'));
    await t.refused('http', () => t.first(http.get({ socketPath: t.path }), 'response'));
    await t.refused('tls', () => t.first(tls.connect({ path: t.path }), 'secureConnect'));
  },
);
