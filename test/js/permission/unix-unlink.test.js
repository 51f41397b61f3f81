'use strict';
const fs = require('fs');
const net = require('net');
const { attack } = require('../../helpers/permission');

// What a server removes at its end is the socket that it made, whatever its fields say.
attack(
  'closing a server removes no file that a field names',
  { allow: ['listen=127.0.0.1', 'fs.read={dir}/out'] },
  async (t) => {
    const server = net.createServer();
    await t.first(server.listen(0, '127.0.0.1'), 'listening');
    server._pipeName = `${t.dir}/out/secret`;
    await new Promise((done) => server.close(done));
    t.check('the file is there', fs.existsSync(`${t.dir}/out/secret`));
    await t.refused('chmod by readableAll', () =>
      t.first(
        net.createServer().listen({ path: `${t.dir}/out/secret`, readableAll: true }),
        'listening',
      ),
    );
  },
);
