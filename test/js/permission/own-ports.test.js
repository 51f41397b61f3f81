'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'a grant of ports is none of others',
  {
    allow: ['connect=127.0.0.1:8000-8010', 'listen=127.0.0.1:8000-8010'],
    permission: ['connect', 'listen'],
  },
  async (t) => {
    for (const port of [7999, 8011, 1, 65535]) {
      await t.refused(`connect ${port}`, () => t.first(net.connect(port, '127.0.0.1'), 'connect'));
      await t.refused(`listen ${port}`, () =>
        t.first(net.createServer().listen(port, '127.0.0.1'), 'listening'),
      );
    }
    await t.refused('any port', () =>
      t.first(net.createServer().listen(0, '127.0.0.2'), 'listening'),
    );
    await t.refused('another address', () =>
      t.first(net.createServer().listen(8005, '127.0.0.2'), 'listening'),
    );
  },
);
