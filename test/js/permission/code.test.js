'use strict';
const { attack } = require('../../helpers/permission');

attack('no other way loads code into the process', { allow: ['fs.read={dir}/in'] }, async (t) => {
  const crypto = require('crypto');
  const gone = async (label, action) => {
    let error;
    try {
      await action();
    } catch (caught) {
      error = caught;
    }
    t.check(label, error !== undefined);
  };
  await gone('process.dlopen', () => process.dlopen({ exports: {} }, `${t.dir}/in/file`));
  await gone('setEngine', () => crypto.setEngine(`${t.dir}/in/file`));
  await gone('an addon', () => require(`${t.dir}/in/x.node`));
  await t.refused('OPENSSL_CONF', () => {
    process.env.OPENSSL_CONF = `${t.dir}/in/file`;
  });
  await t.refused('GCONV_PATH', () => {
    process.env.GCONV_PATH = `${t.dir}/in`;
  });
  await t.refused('LD_PRELOAD', () => {
    process.env.LD_PRELOAD = `${t.dir}/in/file`;
  });
});
