'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'modules that start others start what is allowed',
  {
    allow: ['fs.read={dir}/in'],
    places: ['main'],
    before(dir) {
      fs.writeFileSync(
        `${dir}/in/one.test.js`,
        `require('fs').writeFileSync('${dir}/in/ran', 'x')`,
      );
      return {};
    },
  },
  async (t) => {
    await t.fails('node:test', async () => {
      const { run } = require('node:test');
      for await (const event of run({ files: [`${t.dir}/in/one.test.js`] }))
        if (event.type === 'test:fail') throw new Error('it failed');
    });
    await t.refused('cluster with another program', () => {
      const cluster = require('cluster');
      cluster.setupPrimary({ exec: `${t.dir}/in/one.test.js` });
      return t.first(cluster.fork(), 'online');
    });
    await t.refused('fork with another execPath', () =>
      t.first(
        require('child_process').fork(`${t.dir}/in/one.test.js`, { execPath: '/bin/sh' }),
        'spawn',
      ),
    );
    t.check('nothing ran', !fs.existsSync(`${t.dir}/in/ran`));
  },
);
