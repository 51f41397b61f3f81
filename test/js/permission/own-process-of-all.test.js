'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'what all tasks of the process have is not changed by one of them',
  { allow: ['fs.read={dir}/in'], permission: 'control', places: ['task', 'sub'] },
  async (t) => {
    const changes = {
      'the working directory': () => process.chdir(`${t.dir}/in`),
      'the mask of new files': () => process.umask(0),
      'the user': () => process.setuid(process.getuid()),
      'the effective user': () => process.seteuid(process.geteuid()),
      'the group': () => process.setgid(process.getgid()),
      'the effective group': () => process.setegid(process.getegid()),
      'further groups': () => process.setgroups(process.getgroups()),
      'the groups of a user': () => process.initgroups('nobody', 65534),
      'its end': () => process.abort(),
    };
    for (const [label, change] of Object.entries(changes)) await t.refused(label, change);
    await t.allowed('the mask may be read', () => process.umask());
  },
);

attack(
  'the main task changes what is its process’s',
  { allow: ['fs.read={dir}/in'], places: ['main'] },
  async (t) => {
    await t.allowed('the working directory', () => process.chdir(`${t.dir}/in`));
    await t.allowed('the mask of new files', () => process.umask(0o22));
  },
);
