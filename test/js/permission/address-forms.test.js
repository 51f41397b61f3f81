'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

const forms = async (t) => {
  const dgram = require('dgram');
  const hosts = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:0001',
    '0.0.0.0',
    '[::]'.slice(1, -1),
    '::1',
    'localhost',
    'LOCALHOST',
    '::ffff:0.0.0.0',
  ];
  for (const host of ['localhost.', '127.0.0.1.', '127。0。0。1', '127.0.0.1%lo', '0x7f000001.'])
    await t.fails(host, () => t.first(net.connect({ host, port: t.port }), 'connect'));
  for (const host of hosts) {
    await t.refused(`net ${host}`, () => t.first(net.connect({ host, port: t.port }), 'connect'));
    if (net.isIPv4(host))
      await t.refused(
        `dgram ${host}`,
        () =>
          new Promise((resolve, reject) => {
            const socket = dgram.createSocket('udp4');
            socket.on('error', reject);
            socket.send('x', t.port, host, (error) => (error ? reject(error) : resolve()));
          }),
      );
  }
};
const before = (dir, t) => {
  const server = net.createServer((socket) => socket.destroy());
  t.after(() => server.close());
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done({ port: server.address().port })),
  );
};
attack(
  'no form of an address reaches what no rule allows',
  {
    allow: ['connect=10.0.0.0/8', 'dns', 'listen=0.0.0.0:0'],
    before,
  },
  forms,
);
