'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  "a lookup of the program's own cannot make an address of a name",
  {
    allow: ['connect=allowed.example:*', 'dns'],
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
    const http = require('http');
    const https = require('https');
    const lookup = (host, options, callback) =>
      options.all
        ? callback(null, [{ address: '127.0.0.1', family: 4 }])
        : callback(null, '127.0.0.1', 4);
    const target = { host: 'allowed.example', port: t.port, lookup };
    await t.refused('net', () => t.first(net.connect(target), 'connect'));
    await t.refused('http', () => t.first(http.get(target), 'response'));
    await t.refused('https', () => t.first(https.get(target), 'response'));
    await t.refused('the second of two', () =>
      t.first(
        net.connect({
          ...target,
          lookup: (h, o, done) =>
            done(null, [
              { address: '127.0.0.1', family: 4 },
              { address: '::1', family: 6 },
            ]),
        }),
        'connect',
      ),
    );
    const dns = require('dns');
    const original = dns.lookup;
    dns.lookup = lookup;
    await t.refused('dns.lookup replaced', () =>
      t.first(net.connect({ host: 'allowed.example', port: t.port }), 'connect'),
    );
    dns.lookup = original;
    await t.refused('fetch', () =>
      fetch(`http://127.0.0.1:${t.port}`).catch((error) => {
        throw error.cause ?? error;
      }),
    );
    await t.fails(
      'WebSocket',
      () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket(`ws://127.0.0.1:${t.port}`);
          socket.onopen = resolve;
          socket.onerror = (event) => reject(event.error?.cause ?? event.error);
        }),
    );
  },
);
