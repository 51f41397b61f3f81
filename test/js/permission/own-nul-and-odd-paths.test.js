'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack('odd paths are refused or are what they say', { allow: ['fs.read={dir}/in'] }, async (t) => {
  const fails = async (label, value) => {
    let text = '';
    try {
      text = fs.readFileSync(value, 'utf8');
    } catch {}
    t.check(label, !text.includes('SECRET'));
  };
  const out = `${t.dir}/out/secret`;
  await fails('NUL', `${t.dir}/in/file\0/../../out/secret`);
  await fails('NUL first', `${out}\0${t.dir}/in/file`);
  await fails('NUL in bytes', Buffer.from(`${out}\0`));
  await fails('many slashes', `////${out}`);
  await fails('very long', `${t.dir}/in/${'../in/'.repeat(400)}../out/secret`);
  await fails('a percent', `${t.dir}/in/%2e%2e/out/secret`);
  await fails('a URL with dots', new URL(`file://${t.dir}/in/%2e%2e/out/secret`));
  await fails(
    'a URL with a slash',
    Object.assign(new URL('file:///'), { pathname: `${t.dir}/in/..%2Fout/secret` }),
  );
  await fails('another encoding', Buffer.from(`${t.dir}/in/\xC0\xAE\xC0\xAE/out/secret`, 'latin1'));
  await fails('a backslash', `${t.dir}/in\\..\\out\\secret`);
});
