'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'what is denied is not moved with the folder that it is in',
  {
    allow: ['fs.read={dir}', 'fs.write={dir}'],
    deny: ['fs.read={dir}/out/secret', 'fs.write={dir}/out/secret'],
  },
  async (t) => {
    await t.refused('rename', () => fs.renameSync(`${t.dir}/out`, `${t.dir}/elsewhere`));
    await t.refused('rm', () => fs.rmSync(`${t.dir}/out`, { recursive: true, force: true }));
    await t.refused('over it', () => fs.renameSync(`${t.dir}/in`, `${t.dir}/out`));
    await t.refused('a link to the folder above', () =>
      fs.symlinkSync(`${t.dir}/out`, `${t.dir}/link`),
    );
    await t.refused('cp of all', () =>
      fs.cpSync(`${t.dir}/out`, `${t.dir}/copy`, { recursive: true }),
    );
    await t.allowed('what is beside it', () => fs.readdirSync(`${t.dir}/out`));
  },
);
