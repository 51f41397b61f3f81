'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'what connections carry is not written to files',
  { allow: ['listen=127.0.0.1', 'fs.write={dir}/in'], permission: 'capture' },
  async (t) => {
    const server = require('net').createServer();
    await t.first(server.listen(0, '127.0.0.1'), 'listening');
    await t.refused('plain', () => server.capture({ file: `${t.dir}/in/plain.pcapng` }));
    await t.refused('records', () =>
      server.capture({ file: `${t.dir}/in/records.pcapng`, mode: 'records' }),
    );
    server.close();
  },
);

attack(
  'captures go where the program may write',
  { allow: ['listen=127.0.0.1', 'capture', 'fs.write={dir}/in'], permission: 'fs.write' },
  async (t) => {
    const server = require('net').createServer();
    await t.first(server.listen(0, '127.0.0.1'), 'listening');
    await t.refused('elsewhere', () => server.capture({ file: `${t.dir}/out/plain.pcapng` }));
    await t.allowed('there', () =>
      server.capture({ file: `${t.dir}/in/plain.pcapng`, maxTime: 1 }),
    );
    server.close();
  },
);
