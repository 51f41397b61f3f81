'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'flags of open() do not go round the check',
  { allow: ['fs.read={dir}/in', 'fs.write={dir}/in'] },
  async (t) => {
    const secret = `${t.dir}/out/secret`;
    const O_PATH = 0o10000000;
    const O_TMPFILE = 0o20200000;
    for (const flags of [
      O_PATH,
      O_TMPFILE | 1,
      fs.constants.O_DIRECTORY,
      fs.constants.O_NOFOLLOW,
      fs.constants.O_NONBLOCK,
      3,
    ])
      await t.refused(flags.toString(8), () => fs.openSync(secret, flags));
    await t.refused('a folder by O_PATH', () => fs.openSync(`${t.dir}/out`, O_PATH));
  },
);
