'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'variables that a program sets have the runtime read no file for it',
  {
    allow: ['env', 'dns=localhost'],
    before: (dir) => ({ secret: `${dir}/out/secret` }),
  },
  async (t) => {
    const heard = [];
    process.on('warning', (warning) => heard.push(String(warning?.stack ?? warning)));
    for (const name of [
      'NODE_EXTRA_CA_CERTS',
      'SSL_CERT_FILE',
      'OPENSSL_CONF',
      'HOSTALIASES',
      'RES_OPTIONS',
      'LOCALDOMAIN',
      'TZDIR',
      'TZ',
      'ICU_DATA',
      'GCONV_PATH',
      'NLSPATH',
      'LOCPATH',
      'NODE_PATH',
    ])
      try {
        process.env[name] = name === 'TZ' ? `:${t.secret}` : t.secret;
      } catch (error) {
        heard.push(String(error.code));
      }
    const shown = [];
    try {
      shown.push(require('tls').getCACertificates('extra').join());
    } catch (error) {
      shown.push(String(error));
    }
    try {
      require('tls').createSecureContext();
      shown.push(new Date().toLocaleString('en', { timeZoneName: 'long' }));
      shown.push(String(new Date()));
      require('secret');
    } catch (error) {
      shown.push(String(error.message));
    }
    await require('dns')
      .promises.lookup('localhost')
      .catch(() => {});
    await new Promise(setImmediate);
    t.check(shown.join(), !/SECRET/.test(shown.join() + heard.join()));
    await t.refused('and to read it', () => require('fs').readFileSync(t.secret));
  },
);

attack(
  'agents that go by the proxies of the environment do not show it',
  {
    env: {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: 'http://user:SECRET-TEXT@127.0.0.1:1',
      HTTPS_PROXY: 'http://user:SECRET-TEXT@127.0.0.1:1',
      SSL_CERT_DIR: 'SECRET-TEXT',
    },
  },
  async (t) => {
    const [http, https] = [require('http'), require('https')];
    for (const { globalAgent } of [http, https]) {
      const { options } = globalAgent;
      t.check('no environment', options.proxyEnv === undefined);
      const shown = require('util').inspect(globalAgent, { depth: 9, showHidden: true });
      t.check(shown, !shown.includes('SECRET'));
    }
    const req = http.get('http://a.test/x').on('error', () => {});
    t.check('but requests go by them', req.path === 'http://a.test/x');
    req.destroy();
  },
);
