'use strict';
// Whether requests that name no agent go by the proxies of an environment: what NODE_USE_ENV_PROXY,
// --use-env-proxy and http.setGlobalProxyFromEnv() say.
const { own, view } = require('internal/base/environment');
const { flag } = require('internal/process/flags');

const wanted = own('NODE_USE_ENV_PROXY') === '1' || flag('use-env-proxy') !== undefined;

const proxied = {
  /** The variables that name them, or undefined. */
  env: wanted ? view() : undefined,
  /** What fetch() has told of another env, once it is loaded. */
  changed() {},
};

module.exports = proxied;
