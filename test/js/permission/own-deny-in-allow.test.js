'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a denied folder within an allowed one stays denied by all names',
  {
    allow: ['fs.read={dir}'],
    deny: ['fs.read={dir}/out'],
    before(dir) {
      fs.symlinkSync(`${dir}/out`, `${dir}/in/link`);
      return {};
    },
  },
  async (t) => {
    for (const name of [
      'out/secret',
      'in/../out/secret',
      'in/link/secret',
      'out',
      './out/.',
      'out/',
    ])
      await t.refused(name, () => {
        const path = `${t.dir}/${name}`;
        return fs.statSync(path) && fs.readFileSync(path);
      });
    await t.refused('recursive listing', () => fs.readdirSync(t.dir, { recursive: true }));
  },
);
