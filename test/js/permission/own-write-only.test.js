'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'to write is not to read',
  { allow: ['fs.write={dir}'], permission: 'fs.read' },
  async (t) => {
    await t.allowed('write', () => fs.writeFileSync(`${t.dir}/in/new`, 'x'));
    await t.refused('read', () => fs.readFileSync(`${t.dir}/in/new`));
    await t.refused('open for both', () => fs.openSync(`${t.dir}/in/new`, 'r+'));
    await t.refused('stat', () => fs.statSync(`${t.dir}/in/new`));
    await t.refused('move to somewhere readable', () =>
      fs.renameSync(`${t.dir}/out/secret`, `${t.dir}/in/x`),
    );
    const fd = fs.openSync(`${t.dir}/in/new`, 'w');
    await t.refused('read by the descriptor', () => fs.readSync(fd, Buffer.alloc(1)));
    fs.closeSync(fd);
  },
);
