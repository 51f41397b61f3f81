'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'symbolic links do not lead out of what is granted',
  {
    allow: ['fs.read={dir}/in', 'fs.write={dir}/in'],
    before(dir) {
      fs.symlinkSync('../out/secret', `${dir}/in/relative`);
      fs.symlinkSync(`${dir}/out/secret`, `${dir}/in/absolute`);
      fs.symlinkSync('absolute', `${dir}/in/chain`);
      fs.symlinkSync('../out', `${dir}/in/folder`);
      fs.symlinkSync('../out/new', `${dir}/in/dangling`);
      fs.mkdirSync(`${dir}/in/deep`);
      fs.symlinkSync('../../out', `${dir}/in/deep/up`);
      return {};
    },
  },
  async (t) => {
    const at = (name) => `${t.dir}/in/${name}`;
    for (const name of [
      'relative',
      'absolute',
      'chain',
      'folder/secret',
      'deep/up/secret',
      'folder/../out/secret',
      'deep/up/../out/secret',
    ]) {
      await t.refused(`read ${name}`, () => fs.readFileSync(at(name)));
      await t.refused(`promise ${name}`, () => fs.promises.readFile(at(name)));
      await t.refused(`stat ${name}`, () => fs.statSync(at(name)));
      await t.refused(`write ${name}`, () => fs.writeFileSync(at(name), 'x'));
    }
    await t.refused('create by a dangling one', () => fs.writeFileSync(at('dangling'), 'x'));
    await t.refused('mkdir', () => fs.mkdirSync(at('folder/new')));
    await t.refused('readdir', () => fs.readdirSync(at('folder')));
    await t.refused('make one', () => fs.symlinkSync(`${t.dir}/out`, at('mine')));
    await t.refused('make a relative one', () => fs.symlinkSync('../out', at('mine2')));
    await t.refused('hard link', () => fs.linkSync(`${t.dir}/out/secret`, at('hard')));
    await t.refused('rename in', () => fs.renameSync(`${t.dir}/out/secret`, at('moved')));
    await t.refused('rename out', () => fs.renameSync(at('file'), `${t.dir}/out/moved`));
    await t.allowed('the link itself may be looked at', () => fs.lstatSync(at('relative')));
    await t.allowed('and read as a link', () => fs.readlinkSync(at('relative')));
  },
);
