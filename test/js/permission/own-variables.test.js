'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'variables that load code or read files are not set to get around the rules',
  {
    allow: ['env', 'run=/usr/bin/true', 'fs.read={dir}/in', 'fs.write={dir}/in'],
    permission: ['run', 'fs.read'],
    places: ['main', 'task'],
  },
  async (t) => {
    const { spawnSync } = require('child_process');
    const run = (options) => {
      const { error } = spawnSync('/usr/bin/true', options);
      if (error) throw error;
    };
    const secret = `${t.dir}/out/secret`;
    const set = (name, value) => () => {
      process.env[name] = value;
    };
    for (const name of ['GCONV_PATH', 'OPENSSL_CONF', 'OPENSSL_MODULES', 'OPENSSL_ENGINES'])
      await t.refused(name, set(name, `${t.dir}/in`));
    const others = 'JSC_useDollarVM WTF_DATA_LOG_FILENAME ICU_DATA SSLKEYLOGFILE';
    for (const name of others.split(' '))
      await t.refused(name, set(name, secret));
    for (const name of ['TZDIR', 'LOCPATH', 'NLSPATH', 'SSL_CERT_FILE'])
      await t.refused(name, set(name, secret));
    await t.refused('TZ', set('TZ', `:${secret}`));
    await t.refused('TZ without a colon', set('TZ', secret));
    await t.refused('TZ upwards', set('TZ', `../../..${secret}`));
    await t.allowed('a zone', set('TZ', 'Europe/Berlin'));
    await t.allowed('a file that may be read', set('NLSPATH', `${t.dir}/in/file`));
    await t.allowed('a child', () => run());
    const value = `${t.dir}/in/own.so`;
    for (const name of ['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH', 'BASH_ENV', 'SLUICE_CACHE']) {
      process.env[name] = value;
      await t.refused(`${name} of this process`, () => run());
      delete process.env[name];
    }
    const given = 'LD_PRELOAD BASH_FUNC_ls%% PS4 PYTHONHOME RUBYLIB JAVA_TOOL_OPTIONS SLUICE_CACHE';
    const ofEngine = 'JSC_useDollarVM JSC_functionOverrides WTF_DATA_LOG_FILENAME';
    for (const name of `${given} ${ofEngine} LOCALDOMAIN`.split(' '))
      await t.refused(`${name} given`, () => run({ env: { [name]: value } }));
  },
);
