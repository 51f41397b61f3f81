'use strict';
const fs = require('fs');
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'a grant of a folder of Unix sockets is none of others',
  {
    allow: ['connect=unix:{dir}/in', 'connect=unix:@granted'],
    permission: 'connect',
    async before(dir, t) {
      for (const name of ['out/s', 'in/s']) {
        const server = net.createServer((socket) => socket.end());
        t.after(() => server.close());
        await new Promise((done) => server.listen(`${dir}/${name}`, done));
      }
      fs.symlinkSync('../out/s', `${dir}/in/link`);
      fs.symlinkSync('../out', `${dir}/in/folder`);
      return {};
    },
  },
  async (t) => {
    const connect = (path) => t.first(net.connect({ path }), 'connect');
    await t.allowed('granted', () => connect(`${t.dir}/in/s`));
    for (const name of ['out/s', 'in/../out/s', 'in/link', 'in/folder/s', 'in-secret/s'])
      await t.refused(name, () => connect(`${t.dir}/${name}`));
    for (const name of ['\0granted2', '\0grante', '\0', '\0granted\0'])
      await t.refused(JSON.stringify(name), () => connect(name));
    await t.fails('an abstract one that is not there', () => connect('\0granted'));
  },
);
