'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'files do not reach a program by a child’s descriptors or input',
  {
    allow: ['run=/usr/bin/cat', 'run=/bin/cat', 'env=PATH'],
    permission: ['run', 'fs.read', 'fs.write'],
  },
  async (t) => {
    const fs = require('fs');
    const cp = require('child_process');
    const secret = `${t.dir}/out/secret`;
    await t.refused('a stream', () =>
      cp.spawn('cat', [], { stdio: [fs.openSync(secret), 'pipe', 'inherit'] }),
    );
    await t.refused('output to a file', () =>
      cp.spawnSync('cat', [], {
        stdio: ['ignore', fs.openSync(`${t.dir}/out/new`, 'w'), 'inherit'],
      }),
    );
    await t.refused('another program', () => cp.execFileSync('/usr/bin/tac', [secret]));
    await t.refused('sh -c', () => cp.execFileSync('sh', ['-c', `cat ${secret}`]));
    await t.refused('env', () => cp.execFileSync('/usr/bin/env', ['cat', secret]));
  },
);
