'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a hard link needs reading and writing of what it is to',
  { allow: ['fs.read={dir}/in', 'fs.write={dir}/app'] },
  async (t) => {
    await t.refused('read only', () => fs.linkSync(`${t.dir}/in/file`, `${t.dir}/app/file`));
    await t.refused('by promise', () => fs.promises.link(`${t.dir}/in/file`, `${t.dir}/app/file`));
  },
);
