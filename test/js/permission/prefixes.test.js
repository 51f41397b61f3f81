'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a grant of a folder is none of names that begin so',
  {
    allow: ['fs.read={dir}/in'],
    permission: 'fs.read',
    before(dir) {
      fs.cpSync(`${dir}/out`, `${dir}/in-secret`, { recursive: true });
      return {};
    },
  },
  async (t) => {
    for (const name of [
      'in-secret/secret',
      'in/../in-secret/secret',
      'in//..//in-secret/secret',
      'in/./../out/secret',
      'IN/file',
      'i',
      'in*/file',
      'in/file/../../out/secret',
    ])
      await t.refused(name, () => fs.readFileSync(`${t.dir}/${name}`));
    await t.allowed('trailing slash', () => fs.readdirSync(`${t.dir}/in/`));
    await t.allowed('double slashes', () => fs.readFileSync(`${t.dir}//in///file`));
  },
);
