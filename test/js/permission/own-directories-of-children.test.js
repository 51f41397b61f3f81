'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'a child begins nowhere that may not be read, and tells nothing of what is there',
  { allow: ['run=/usr/bin/true', 'fs.read={dir}/in'], permission: 'fs.read' },
  async (t) => {
    const cp = require('child_process');
    const inside = (cwd) => {
      const { error } = cp.spawnSync('/usr/bin/true', { cwd });
      if (error) throw error;
    };
    await t.refused('a folder', () => inside(`${t.dir}/out`));
    await t.refused('what is not there', () => inside(`${t.dir}/out/absent`));
    await t.refused('upwards', () => inside(`${t.dir}/in/../out`));
    await t.refused('execFile', () => cp.execFileSync('/usr/bin/true', { cwd: '/root' }));
    await t.refused('spawn', () => t.first(cp.spawn('/usr/bin/true', { cwd: '/etc' }), 'spawn'));
    await t.allowed('a folder that may be read', () => inside(`${t.dir}/in`));
    await t.allowed('where the program is', () => inside());
  },
);
