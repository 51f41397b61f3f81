'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'temporary folders are made where it is allowed',
  {
    before(dir) {
      fs.mkdirSync(`${dir}/in/a`);
      return {};
    },
    allow: ['fs.write={dir}/in/a'],
    permission: ['fs.write', 'fs.read'],
  },
  async (t) => {
    for (const prefix of ['/tmp/x-', `${t.dir}/in/`, `${t.dir}/in/a/../b`, `${t.dir}/in/ab`]) {
      await t.refused(prefix, () => fs.mkdtempSync(prefix));
      await t.refused(`${prefix} promised`, () => fs.promises.mkdtemp(prefix));
    }
  },
);
