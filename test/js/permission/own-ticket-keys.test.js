'use strict';
const { attack } = require('../../helpers/permission');

// A file of keys that is looked at again and again.
attack(
  'keys of tickets are read from no file that is not allowed',
  { allow: ['fs.read={dir}/in', 'listen=127.0.0.1'], permission: ['fs.read', 'fs.write'] },
  async (t) => {
    const net = require('net');
    for (const file of [
      `${t.dir}/out/secret`,
      [`${t.dir}/out/secret`],
      `${t.dir}/in/../out/secret`,
    ])
      await t.refused(JSON.stringify(file), () => {
        const server = net.createServer({ tlsOpt: { ticketKeys: { file } } });
        return t.first(server.listen(0, '127.0.0.1'), 'listening');
      });
    await t.refused('a URL', () => {
      const file = new URL(`file://${t.dir}/out/secret`);
      const server = net.createServer({ tlsOpt: { ticketKeys: { file } } });
      return t.first(server.listen(0, '127.0.0.1'), 'listening');
    });
  },
);
