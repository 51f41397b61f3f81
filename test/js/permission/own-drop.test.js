'use strict';
const fs = require('fs');
const net = require('net');
const { attack } = require('../../helpers/permission');

attack('what was dropped stays so', { allow: ['fs.read={dir}', 'connect', 'env'] }, async (t) => {
  t.check('before', process.permission.has('fs.read', `${t.dir}/in`));
  process.permission.drop('fs.read', `${t.dir}/out`);
  t.check(
    'its part',
    !process.permission.has('fs.read', `${t.dir}/out/secret`) &&
      process.permission.has('fs.read', `${t.dir}/in/file`),
  );
  await t.refused('read', () => fs.readFileSync(`${t.dir}/out/secret`));
  await t.allowed('the rest', () => fs.readFileSync(`${t.dir}/in/file`));
  process.permission.drop('connect');
  await t.refused('connect', () => t.first(net.connect(9, '127.0.0.1'), 'connect'));
  process.permission.drop('env', 'PATH');
  await t.refused('env', () => process.env.PATH);
  process.permission.drop('fs.read');
  await t.refused('all of it', () => fs.readFileSync(`${t.dir}/in/file`));
  t.check('told', process.getPermissions().deny['fs.read'] === true);
});
