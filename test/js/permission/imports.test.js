'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  "modules come from the program's directory only",
  {
    allow: [],
    before(dir) {
      fs.writeFileSync(`${dir}/out/data.json`, '{"text": "SECRET-TEXT"}');
      fs.writeFileSync(`${dir}/out/code.js`, 'module.exports = "SECRET-TEXT"');
      fs.writeFileSync(`${dir}/out/code.mjs`, 'export default "SECRET-TEXT"');
      const pack = (name, fields) => {
        fs.mkdirSync(`${dir}/app/node_modules/${name}`, { recursive: true });
        fs.writeFileSync(
          `${dir}/app/node_modules/${name}/package.json`,
          JSON.stringify({ name, ...fields }),
        );
      };
      pack('main-outside', { main: '../../../out/code.js' });
      pack('exports-outside', { exports: './../../../out/code.js' });
      fs.symlinkSync(`${dir}/out`, `${dir}/app/node_modules/linked`);
      fs.symlinkSync(`${dir}/out/code.js`, `${dir}/app/linked.js`);
      fs.writeFileSync(`${dir}/app/fine.js`, 'module.exports = 1');
      return {};
    },
  },
  async (t) => {
    const fails = async (label, action) => {
      let value;
      try {
        value = await action();
      } catch {
        value = undefined;
      }
      t.check(label, value === undefined || !JSON.stringify(value).includes('SECRET'));
    };
    await fails('require', () => require('../out/code.js'));
    await fails('JSON', () => require('../out/data.json'));
    await fails('absolute', () => require(`${t.dir}/out/code.js`));
    await fails('import()', () => import(`${t.dir}/out/code.mjs`));
    await fails(
      'import of JSON',
      () => import(`${t.dir}/out/data.json`, { with: { type: 'json' } }),
    );
    await fails('main of a package', () => require('main-outside'));
    await fails('exports of a package', () => require('exports-outside'));
    await fails('a linked package', () => require('linked/code.js'));
    await fails('a linked file', () => require('./linked.js'));
    await fails('createRequire', () =>
      require('module').createRequire(`${t.dir}/out/x.js`)('./code.js'),
    );
    await fails('findPackageJSON', () =>
      require('module').findPackageJSON?.(`${t.dir}/out/code.js`),
    );
    await fails('a hook of extensions', () => {
      require.extensions['.txt'] = require.extensions['.js'];
      return require('../out/secret');
    });
    await fails('data:', () =>
      import(`data:text/javascript,import x from "${t.dir}/out/code.mjs"; export default x`).then(
        (m) => m.default,
      ),
    );
    await t.allowed('its own', () => require('./fine'));
    await t.refused('and to read is another thing', () => fs.readFileSync(`${t.dir}/app/fine.js`));
  },
);
