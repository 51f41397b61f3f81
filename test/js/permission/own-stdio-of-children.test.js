'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'a child gets no descriptor that the program does not hold',
  { allow: ['run=/usr/bin/true', 'env=PATH'], permission: ['fs.read', 'run'] },
  async (t) => {
    const cp = require('child_process');
    for (const fd of [3, 4, 5, 8, 11]) {
      await t.refused(`spawn ${fd}`, () =>
        t.first(
          cp.spawn('/usr/bin/true', [], { stdio: ['ignore', 'ignore', 'ignore', fd] }),
          'spawn',
        ),
      );
      await t.refused(`spawnSync ${fd}`, () => {
        const { error } = cp.spawnSync('/usr/bin/true', [], { stdio: [fd, 'ignore', 'ignore'] });
        if (error) throw error;
      });
    }
  },
);
