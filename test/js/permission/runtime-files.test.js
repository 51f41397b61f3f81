'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'the runtime writes nothing for a program where it may not itself',
  {
    allow: ['env=SLUICE_CACHE', 'env=NODE_REDIRECT_WARNINGS', 'fs.read={dir}/in'],
    permission: ['fs.write', 'fs.read', 'inspect'],
  },
  async (t) => {
    process.env.SLUICE_CACHE = `${t.dir}/out/cache`;
    process.env.NODE_REDIRECT_WARNINGS = `${t.dir}/out/warnings`;
    fs.readFileSync(`${t.dir}/in/file`);
    process.emitWarning('something');
    await import('data:text/javascript,export default 1').catch(() => {});
    await new Promise(setImmediate);
    await t.refused('the folder of the cache', () => fs.readdirSync(`${t.dir}/out/cache`));
    await t.refused('a report', () => fs.writeFileSync(`${t.dir}/out/report`, 'x'));
  },
);
