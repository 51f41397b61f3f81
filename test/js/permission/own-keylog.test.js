'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'secrets of TLS sessions are not handed out',
  { allow: ['connect=127.0.0.1', 'listen=127.0.0.1'] },
  async (t) => {
    const tls = require('tls');
    let lines = 0;
    const server = tls.createServer({
      ciphers: 'PSK',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      pskCallback: () => Buffer.alloc(16, 1),
    });
    server.on('keylog', () => lines++);
    server.on('tlsClientError', () => {});
    await t.first(server.listen(0, '127.0.0.1'), 'listening');
    const client = tls.connect({
      port: server.address().port,
      host: '127.0.0.1',
      ciphers: 'PSK',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk: Buffer.alloc(16, 1), identity: 'x' }),
      checkServerIdentity() {},
    });
    client.on('keylog', () => lines++);
    await t.first(client, 'secureConnect');
    client.end();
    server.close();
    t.check(`${lines} lines`, lines === 0);
  },
);
