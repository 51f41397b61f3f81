'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

// Somebody swaps a folder for a link while it is read: the file that is opened is the one checked.
attack(
  'a link that is put there after the check leads nowhere',
  {
    allow: ['fs.read={dir}/in', 'fs.write={dir}/in'],
    places: ['main'],
    before(dir, t) {
      fs.mkdirSync(`${dir}/in/a`);
      fs.writeFileSync(`${dir}/in/a/secret`, 'plain');
      const { spawn } = require('child_process');
      const swapper = spawn(
        '/bin/sh',
        ['-c', `cd ${dir}/in; while :; do mv a b; ln -s ../out a; rm a; mv b a; done`],
        { stdio: 'ignore' },
      );
      t.after(
        () =>
          new Promise((done) => {
            swapper.on('exit', done);
            swapper.kill('SIGKILL');
          }),
      );
      return {};
    },
  },
  async (t) => {
    let leaked = 0;
    const seen = new Set();
    const end = Date.now() + 1500;
    while (Date.now() < end) {
      try {
        if (fs.readFileSync(`${t.dir}/in/a/secret`, 'utf8').includes('SECRET')) leaked++;
        seen.add('read');
      } catch (error) {
        seen.add(error.code);
      }
      try {
        fs.writeFileSync(`${t.dir}/in/a/secret`, 'plain');
      } catch (error) {
        seen.add(error.code);
      }
    }
    t.check(`never: ${leaked} of ${[...seen]}`, leaked === 0);
  },
);
