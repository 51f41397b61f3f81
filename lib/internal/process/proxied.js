'use strict';
// Whether requests that name no agent go by the proxies of an environment: what NODE_USE_ENV_PROXY,
// --use-env-proxy and http.setGlobalProxyFromEnv() say.
const { own, owned } = require('internal/base/environment');
const { flag } = require('internal/process/flags');

const { restricted } = binding('runtime');

const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

const wanted = own('NODE_USE_ENV_PROXY') === '1' || flag('use-env-proxy') !== undefined;

/** Their variables; in User Mode a program need not be allowed to read them. */
const variables = () => (restricted ? owned(...NAMES) : process.env);

const proxied = {
  /** The variables that name them, or undefined. */
  env: wanted ? variables() : undefined,
  /** What fetch() has told of another env, once it is loaded. */
  changed() {},
};

module.exports = proxied;
