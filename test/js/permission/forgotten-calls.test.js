'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'every function of fs asks',
  { allow: ['fs.read={dir}/in', 'fs.write={dir}/in'] },
  async (t) => {
    const secret = `${t.dir}/out/secret`;
    const out = `${t.dir}/out`;
    await t.fails('openAsBlob', async () => (await fs.openAsBlob(secret)).text());
    await t.refused('mkdtemp', () => fs.mkdtempSync(`${t.dir}/in/../out/x`));
    await t.refused('cp in', () => fs.cpSync(secret, `${t.dir}/in/copy`));
    await t.refused('cp out', () => fs.cpSync(`${t.dir}/in/file`, `${out}/copy`));
    await t.refused('cp of a folder', () =>
      fs.cpSync(out, `${t.dir}/in/copies`, { recursive: true }),
    );
    await t.refused('copyFile', () => fs.copyFileSync(secret, `${t.dir}/in/copy`));
    await t.refused('createReadStream', () => t.first(fs.createReadStream(secret), 'data'));
    await t.refused('createWriteStream', () => t.first(fs.createWriteStream(`${out}/new`), 'open'));
    await t.refused('appendFile', () => fs.appendFileSync(secret, 'x'));
    await t.refused('truncate', () => fs.truncateSync(secret));
    await t.refused('rm', () => fs.rmSync(out, { recursive: true }));
    await t.refused('rm forced', () => fs.rmSync(secret, { force: true }));
    await t.refused('unlink', () => fs.unlinkSync(secret));
    await t.refused('rmdir', () => fs.rmdirSync(out));
    await t.refused('mkdir -p', () => fs.mkdirSync(`${out}/a/b`, { recursive: true }));
    await t.refused('chmod', () => fs.chmodSync(secret, 0o777));
    await t.refused('chown', () => fs.chownSync(secret, 0, 0));
    await t.refused('utimes', () => fs.utimesSync(secret, 1, 1));
    await t.refused('lutimes', () => fs.lutimesSync(secret, 1, 1));
    await t.refused('lchown', () => fs.lchownSync(secret, 0, 0));
    await t.refused('statfs', () => fs.statfsSync(out));
    await t.refused('readFile of the promises', () => fs.promises.readFile(secret));
    await t.refused('chdir', () => process.chdir(out));
    await t.refused('loadEnvFile', () => process.loadEnvFile(secret));
  },
);
