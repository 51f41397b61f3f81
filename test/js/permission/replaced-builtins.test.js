'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const { attack } = require('../../helpers/permission');

attack('what a program replaces changes no check', { allow: ['fs.read={dir}/in'] }, async (t) => {
  const secret = `${t.dir}/out/secret`;
  const inside = `${t.dir}/in/file`;
  path.resolve = path.join = path.normalize = () => inside;
  Buffer.prototype.toString = () => inside;
  String.prototype.startsWith = () => true;
  await t.refused('read', () => fs.readFileSync(secret));
  await t.refused('open', () => fs.openSync(secret));
  await t.refused('a Proxy of options', () =>
    fs.readFileSync(secret, new Proxy({}, { get: () => undefined })),
  );
  await t.refused('connect', () => t.first(net.connect(9, '127.0.0.1'), 'connect'));
  try {
    process.permission.has = () => true;
  } catch {}
  t.check('has() is as it was', process.permission.has('fs.read', secret) === false);
});
