'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'variables of the resolver do not make a name that is allowed another one',
  {
    allow: ['env', 'connect=db:5432', 'fs.read={dir}/in', 'fs.write={dir}/in'],
    permission: ['dns', 'connect'],
  },
  async (t) => {
    const set = (name, value) => () => {
      process.env[name] = value;
    };
    require('fs').writeFileSync(`${t.dir}/in/aliases`, 'db evil.example\n');
    await t.refused('HOSTALIASES', set('HOSTALIASES', `${t.dir}/in/aliases`));
    await t.refused('LOCALDOMAIN', set('LOCALDOMAIN', 'evil.example'));
    await t.refused('RES_OPTIONS', set('RES_OPTIONS', 'ndots:15'));
    await t.refused('RESOLV_HOST_CONF', set('RESOLV_HOST_CONF', `${t.dir}/in/aliases`));
    await t.allowed('none', set('LOCALDOMAIN', ''));
  },
);
