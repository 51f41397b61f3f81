'use strict';
const fs = require('fs');
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'numbers of descriptors that the program was not given are nothing',
  { allow: ['fs.read={dir}/in', 'listen=127.0.0.1'] },
  async (t) => {
    for (let fd = 3; fd < 20; fd++) {
      await t.refused(`fs.read ${fd}`, () => fs.readSync(fd, Buffer.alloc(1)));
      await t.refused(`fs.write ${fd}`, () => fs.writeSync(fd, 'x'));
      await t.refused(`fs.fstat ${fd}`, () => fs.fstatSync(fd));
      await t.refused(`fs.close ${fd}`, () => fs.closeSync(fd));
      await t.refused(`readFile ${fd}`, () => fs.readFileSync(fd));
      await t.refused(`writeFile ${fd}`, () => fs.writeFileSync(fd, 'x'));
    }
    await t.refused('close of standard output', () => fs.closeSync(1));
    await t.fails('new Socket', () => new net.Socket({ fd: 7 }));
    await t.refused('write to standard input', () => fs.writeSync(0, 'x'));
    await t.refused('fchmod of standard output', () => fs.fchmodSync(1, 0o777));
  },
);
