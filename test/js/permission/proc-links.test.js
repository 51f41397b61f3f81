'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  "links of /proc to open files lead to the files' own names",
  { allow: ['fs.read={dir}/in'], permission: 'fs.read' },
  async (t) => {
    const fd = fs.openSync(`${t.dir}/in/file`);
    for (const file of [
      `/proc/self/fd/${fd}`,
      '/proc/self/root/etc/passwd',
      '/proc/self/cwd',
      '/dev/fd/0',
      `/proc/self/fd/${fd}/../../root/etc/passwd`,
      '/proc/self/exe',
    ])
      await t.refused(file, () => fs.readFileSync(file));
  },
);
