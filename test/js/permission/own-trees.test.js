'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'what goes through a whole tree does not leave it',
  {
    allow: ['fs.read={dir}/in', 'fs.write={dir}/in'],
    before(dir) {
      fs.mkdirSync(`${dir}/in/tree/deep`, { recursive: true });
      fs.symlinkSync('../../../out', `${dir}/in/tree/deep/link`);
      return {};
    },
  },
  async (t) => {
    const tree = `${t.dir}/in/tree`;
    const seen = (list) => list.some((one) => String(one?.name ?? one).includes('secret'));
    t.check('readdir', !seen(fs.readdirSync(tree, { recursive: true })));
    t.check('promises', !seen(await fs.promises.readdir(tree, { recursive: true })));
    const named = [];
    try {
      for await (const one of await fs.promises.opendir(tree, { recursive: true })) named.push(one);
    } catch {}
    t.check('opendir', !seen(named));
    await t.refused('cp that follows', () =>
      fs.cpSync(tree, `${t.dir}/in/copy`, { recursive: true, dereference: true }),
    );
    await t.refused('mkdir -p through the link', () =>
      fs.mkdirSync(`${tree}/deep/link/a/b`, { recursive: true }),
    );
    await t.allowed('rm of the tree', () => fs.rmSync(tree, { recursive: true }));
    await t.refused('rm of what is beside it', () =>
      fs.rmSync(`${t.dir}/out`, { recursive: true }),
    );
  },
);
