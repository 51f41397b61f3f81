'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'what is not granted is not told to be there or not',
  { allow: ['fs.read={dir}/in'], permission: 'fs.read' },
  async (t) => {
    for (const name of ['secret', 'absent']) {
      const file = `${t.dir}/out/${name}`;
      for (const call of [
        'access',
        'stat',
        'lstat',
        'realpath',
        'readlink',
        'readFile',
        'opendir',
        'readdir',
        'statfs',
        'open',
      ]) {
        await t.refused(`${call}Sync ${name}`, () => fs[`${call}Sync`](file));
        await t.refused(`promises.${call} ${name}`, () => fs.promises[call](file));
      }
      await t.refused(`realpath.native ${name}`, () => fs.realpathSync.native(file));
      await t.refused(`watch ${name}`, () => t.first(fs.watch(file), 'change'));
      t.check(`existsSync ${name}`, fs.existsSync(file) === false);
    }
  },
);
