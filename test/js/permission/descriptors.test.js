'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a descriptor has the rights that it was opened with',
  { allow: ['fs.read={dir}/in'], permission: 'fs.read' },
  async (t) => {
    const fd = fs.openSync(`${t.dir}/in/file`, 'r');
    const handle = await fs.promises.open(`${t.dir}/in/file`, 'r');
    await t.allowed('fstat', () => fs.fstatSync(fd));
    await t.allowed('read', () => fs.readSync(fd, Buffer.alloc(3)));
    for (const [label, action] of Object.entries({
      fchmod: () => fs.fchmodSync(fd, 0o777),
      fchown: () => fs.fchownSync(fd, 0, 0),
      futimes: () => fs.futimesSync(fd, 1, 1),
      ftruncate: () => fs.ftruncateSync(fd, 0),
      write: () => fs.writeSync(fd, 'x'),
      'handle.chmod': () => handle.chmod(0o777),
      'handle.chown': () => handle.chown(0, 0),
      'handle.utimes': () => handle.utimes(1, 1),
      'handle.truncate': () => handle.truncate(0),
      'handle.write': () => handle.write('x'),
      'fchmod by callback': () =>
        new Promise((resolve, reject) => fs.fchmod(fd, 0o777, (e) => (e ? reject(e) : resolve()))),
      'futimes by callback': () =>
        new Promise((resolve, reject) => fs.futimes(fd, 1, 1, (e) => (e ? reject(e) : resolve()))),
    }))
      await t.refused(label, action);
    fs.closeSync(fd);
    await handle.close();
  },
);
