'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a program that may run runs nothing else',
  {
    allow: ['run=/usr/bin/true', 'fs.write={dir}/in', 'fs.read={dir}/in', 'env=PATH'],
    permission: ['run', 'env', 'fs.read'],
    before(dir) {
      fs.writeFileSync(`${dir}/in/true`, '#!/bin/sh\ncat ../out/secret', { mode: 0o755 });
      fs.symlinkSync('/bin/cat', `${dir}/in/cat`);
      return {};
    },
  },
  async (t) => {
    const cp = require('child_process');
    const run = (...args) => cp.execFileSync(...args).toString();
    const secret = `${t.dir}/out/secret`;
    await t.allowed('granted', () => run('/usr/bin/true'));
    await t.refused('another', () => run('/bin/cat', [secret]));
    await t.refused('by a link', () => run(`${t.dir}/in/cat`, [secret]));
    await t.refused('a shell', () => cp.execSync(`cat ${secret}`).toString());
    await t.refused(
      'shell: true',
      () =>
        cp.spawnSync('/usr/bin/true; cat', { shell: true }).error &&
        (() => {
          throw cp.spawnSync('/usr/bin/true', { shell: true }).error;
        })(),
    );
    await t.refused('another PATH', () => run('true', { env: { PATH: `${t.dir}/in` } }));
    await t.refused('cwd and a relative path', () => run('./true', { cwd: `${t.dir}/in` }));
    await t.refused('LD_PRELOAD', () =>
      run('/usr/bin/true', { env: { LD_PRELOAD: `${t.dir}/in/x.so` } }),
    );
    await t.refused('LD_LIBRARY_PATH', () =>
      run('/usr/bin/true', { env: { LD_LIBRARY_PATH: `${t.dir}/in` } }),
    );
    await t.refused('LD_AUDIT', () =>
      run('/usr/bin/true', { env: { LD_AUDIT: `${t.dir}/in/x.so` } }),
    );
    await t.refused('argv0', () => run('/bin/cat', [secret], { argv0: '/usr/bin/true' }));
    await t.refused('spawn', () => t.first(cp.spawn('/bin/cat', [secret]), 'spawn'));
    await t.refused('itself', () =>
      run(process.execPath, ['-p', `fs.readFileSync('${secret}', 'utf8')`]),
    );
    await t.refused('what is not there', () => run('/usr/bin/absent-program'));
    await t.refused('a name that is not there', () => run('absent-program'));
  },
);
