'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'no native code is loaded, and the process does not become another',
  {
    allow: ['fs.read={dir}/in'],
    before(dir) {
      fs.writeFileSync(`${dir}/in/addon.node`, '\x7fELF');
      fs.writeFileSync(`${dir}/app/addon.node`, '\x7fELF');
      return {};
    },
  },
  async (t) => {
    await t.fails('dlopen', () => process.dlopen({ exports: {} }, `${t.dir}/in/addon.node`));
    await t.fails('require of an addon', () => require('./addon.node'));
    await t.fails('require of an addon elsewhere', () => require(`${t.dir}/in/addon.node`));
    await t.fails('execve', () => process.execve('/bin/true', ['/bin/true'], {}));
    await t.fails('setEngine', () => require('crypto').setEngine(`${t.dir}/in/addon.node`));
    await t.fails('an engine of a context', () =>
      require('tls').createSecureContext({ clientCertEngine: `${t.dir}/in/addon.node` }),
    );
    await t.fails('upgrade', () => process.upgrade({ exec: '/bin/true' }));
  },
);
