'use strict';
const { attack } = require('../../helpers/permission');

const allow = ['listen=127.0.0.1', 'fs.write={dir}/in', 'fs.read={dir}/in'];

attack(
  'a capture is written where the program may write',
  { allow: [...allow, 'capture'], permission: 'fs.write' },
  async (t) => {
    const net = require('net');
    const server = net.createServer(() => {}).listen(0, '127.0.0.1');
    await t.first(server, 'listening');
    await t.refused('elsewhere', () => server.capture({ file: `${t.dir}/out/capture` }));
    await t.refused('over a file', () => server.capture({ file: `${t.dir}/out/secret` }));
    await t.refused('upwards', () => server.capture({ file: `${t.dir}/in/../out/capture` }));
    server.close();
  },
);

attack('a capture needs leave of its own', { allow, permission: 'capture' }, async (t) => {
  const net = require('net');
  const server = net.createServer(() => {}).listen(0, '127.0.0.1');
  await t.first(server, 'listening');
  for (const mode of ['plain', 'records'])
    await t.refused(mode, () => server.capture({ file: `${t.dir}/in/${mode}`, mode }));
  server.close();
});
