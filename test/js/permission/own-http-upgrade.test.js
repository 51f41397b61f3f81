'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'clients of http take no other way',
  { allow: ['connect=127.0.0.1:9'], permission: 'connect' },
  async (t) => {
    const http = require('http');
    const https = require('https');
    await t.refused('an agent', () =>
      t.first(
        http.get({ host: '127.0.0.1', port: 10, agent: new http.Agent({ keepAlive: true }) }),
        'response',
      ),
    );
    await t.refused('createConnection', () =>
      t.first(
        http.get({
          host: '127.0.0.1',
          port: 9,
          createConnection: () => net.connect(10, '127.0.0.1'),
        }),
        'response',
      ),
    );
    await t.refused('socketPath', () =>
      t.first(http.get({ socketPath: '/run/docker.sock' }), 'response'),
    );
    await t.refused('https', () => t.first(https.get({ host: '127.0.0.1', port: 10 }), 'response'));
    await t.refused('a URL', () => t.first(http.get('http://127.0.0.1:10/'), 'response'));
    await t.refused('a URL with a user', () =>
      t.first(http.get('http://127.0.0.1:9@127.0.0.1:10/'), 'response'),
    );
    await t.refused('an address in hexadecimal', () =>
      t.first(http.get('http://0x7f000001:10/'), 'response'),
    );
  },
);
