'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

// Happy Eyeballs tries one after the other: what is denied among them is not tried.
attack(
  'each of several addresses of a name is asked about',
  {
    allow: ['connect=127.0.0.1'],
    before(dir, t) {
      let count = 0;
      const server = net.createServer((socket) => {
        count++;
        socket.end(`${count}`);
      });
      t.after(() => server.close());
      return new Promise((done) =>
        server.listen(0, '127.0.0.2', () => done({ port: server.address().port })),
      );
    },
  },
  async (t) => {
    const all = (...list) => ({
      host: 'some.example',
      port: t.port,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: 10,
      lookup: (name, options, done) =>
        done(
          null,
          list.map((address) => ({ address, family: net.isIP(address) })),
        ),
    });
    for (const list of [
      ['127.0.0.2'],
      ['127.0.0.2', '127.0.0.2'],
      ['::ffff:127.0.0.2', '127.0.0.2'],
      ['::1', '127.0.0.2'],
    ])
      await t.refused(list.join(), () => t.first(net.connect(all(...list)), 'connect'));
    await t.fails('after one that refuses', () =>
      t.first(net.connect(all('127.0.0.1', '127.0.0.2')), 'connect'),
    );
  },
);
