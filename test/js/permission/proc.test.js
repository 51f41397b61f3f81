'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a grant of / is none of what /proc, /sys and /dev lead to',
  { allow: ['fs.read=/', 'fs.write=/'], env: { SECRET: 'SECRET-TEXT' } },
  async (t) => {
    for (const file of [
      '/proc/self/environ',
      '/proc/self/mem',
      '/proc/self/maps',
      `/proc/${process.pid}/environ`,
      '/proc/thread-self/environ',
      '/proc/1/environ',
      '/sys/kernel/uevent_seqnum',
      '/dev/mem',
      '/proc/self/root/proc/self/environ',
      '/dev/fd/../environ',
      '/proc/self/task/1/environ',
    ])
      await t.refused(file, () => fs.readFileSync(file));
    await t.refused('write', () => fs.writeFileSync('/proc/self/oom_score_adj', '500'));
    await t.refused('readdir', () => fs.readdirSync('/proc/self/fd'));
    await t.refused('process.env', () => process.env.SECRET);
    await t.allowed('/dev/null', () => fs.writeFileSync('/dev/null', 'x'));
  },
);
