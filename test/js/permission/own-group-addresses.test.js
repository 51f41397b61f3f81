'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a server of a group listens where its master may, and nowhere else',
  {
    allow: ['listen=127.0.0.1:0', 'task={dir}/app'],
    places: ['main'],
    before(dir) {
      fs.writeFileSync(`${dir}/app/sub.js`, `require('net').createServer().listen();`);
      return {};
    },
  },
  async (t) => {
    const net = require('net');
    const socket = require('socket');
    const group = (name, address) => {
      const server = net.createServer(name, 1, './sub', address);
      server.listen();
      return t.first(server, 'listening').finally(() => server.listening && server.close());
    };
    await t.refused('another port', () =>
      group('a', socket.sockaddr(socket.INADDR_LOOPBACK, 9464)),
    );
    await t.refused('everywhere', () => group('b', socket.sockaddr(socket.INADDR_ANY, 0)));
    await t.refused('a Unix socket', () => {
      const server = net.createServer();
      return t.first(server.listen(`${t.dir}/in/socket`), 'listening');
    });
    await t.refused('a cluster', () => t.first(require('cluster').fork(), 'online'));
    await t.allowed('where it may', () => group('c', socket.sockaddr(socket.INADDR_LOOPBACK, 0)));
  },
);
