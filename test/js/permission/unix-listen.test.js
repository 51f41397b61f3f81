'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'listening at a path needs a grant of that path',
  {
    allow: ['listen=127.0.0.1', 'fs.write={dir}/in', 'listen=unix:{dir}/in/mine'],
    permission: 'listen',
  },
  async (t) => {
    const http = require('http');
    const listen = (server, ...args) => t.first(server.listen(...args), 'listening');
    await t.refused('net', () => listen(net.createServer(), `${t.dir}/in/s`));
    await t.refused('options', () => listen(net.createServer(), { path: `${t.dir}/out/s` }));
    await t.refused('http', () => listen(http.createServer(), `${t.dir}/in/s`));
    await t.refused('abstract', () => listen(net.createServer(), '\0sluice-y'));
    await t.refused('a way around', () => listen(net.createServer(), `${t.dir}/in/./../out/s`));
    await t.allowed('granted', async () => {
      const server = net.createServer();
      await listen(server, { path: `${t.dir}/in/mine`, readableAll: true });
      await new Promise((done) => server.close(done));
    });
  },
);
