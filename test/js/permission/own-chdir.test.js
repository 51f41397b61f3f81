'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'relative paths are taken from where the process is',
  { allow: ['fs.read={dir}/in'], places: ['main'] },
  async (t) => {
    await t.refused('to elsewhere', () => process.chdir(`${t.dir}/out`));
    await t.refused('to /', () => process.chdir('/'));
    process.chdir(`${t.dir}/in`);
    await t.allowed('its own', () => fs.readFileSync('file'));
    await t.refused('up', () => fs.readFileSync('../out/secret'));
    await t.refused('dots', () => fs.readFileSync('./../in/../out/secret'));
  },
);
