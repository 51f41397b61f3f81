'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'to read is not to write',
  { allow: ['fs.read={dir}'], permission: 'fs.write' },
  async (t) => {
    const file = `${t.dir}/in/file`;
    for (const flags of [
      'w',
      'a',
      'r+',
      'w+',
      'a+',
      'wx',
      'ax',
      fs.constants.O_RDONLY | fs.constants.O_CREAT,
      fs.constants.O_RDONLY | fs.constants.O_TRUNC,
    ])
      await t.refused(String(flags), () => fs.openSync(file, flags));
    await t.refused('promise', () => fs.promises.open(file, 'a'));
    await t.refused('a stream', () => t.first(fs.createWriteStream(file), 'open'));
    t.check('it is as it was', fs.readFileSync(file, 'utf8') === 'given');
  },
);
