'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack('a path of any type is the same path', { allow: ['fs.read={dir}/in'] }, async (t) => {
  const secret = `${t.dir}/out/secret`;
  const bytes = Buffer.from(secret);
  const padded = Buffer.from('xxx' + secret).subarray(3);
  await t.refused('Buffer', () => fs.readFileSync(bytes));
  await t.refused('a view with an offset', () => fs.readFileSync(padded));
  await t.refused('Uint8Array', () => fs.readFileSync(new Uint8Array(bytes)));
  await t.refused('URL', () => fs.readFileSync(require('url').pathToFileURL(secret)));
  await t.refused('Uint8Array by promise', () => fs.promises.readFile(new Uint8Array(bytes)));
  await t.refused('dots in bytes', () => fs.readFileSync(Buffer.from(`${t.dir}/in/../out/secret`)));
  let reads = 0;
  const changing = {
    get href() {
      return reads++ ? `file://${secret}` : `file://${t.dir}/in/file`;
    },
    toString: () => secret,
  };
  let leaked = false;
  try {
    leaked = String(fs.readFileSync(changing)).includes('SECRET');
  } catch {}
  t.check('an object that changes', !leaked);
});
