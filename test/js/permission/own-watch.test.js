'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'changes elsewhere are not watched',
  {
    allow: ['fs.read={dir}/in'],
    permission: 'fs.read',
    before(dir) {
      fs.symlinkSync(`${dir}/out`, `${dir}/in/link`);
      return {};
    },
  },
  async (t) => {
    await t.refused('a folder', () => t.first(fs.watch(`${t.dir}/out`), 'change'));
    await t.refused('a link', () => t.first(fs.watch(`${t.dir}/in/link`), 'change'));
    await t.refused('recursive', () =>
      t.first(fs.watch(`${t.dir}/out`, { recursive: true }), 'change'),
    );
    await t.refused('/', () => t.first(fs.watch('/'), 'change'));
    await t.allowed('granted', () => fs.watch(`${t.dir}/in`).close());
  },
);
