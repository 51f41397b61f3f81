'use strict';
// fetch() and what belongs to it, WebSocket and EventSource: those of undici, which loads when the
// first of them is used.
const proxied = require('internal/process/proxied');
const undici = require('vendor/undici');

const first = undici.getGlobalDispatcher();
const follow = ({ env }) =>
  undici.setGlobalDispatcher(
    env === undefined
      ? first
      : new undici.EnvHttpProxyAgent({
          httpProxy: env.http_proxy || env.HTTP_PROXY || '',
          httpsProxy: env.https_proxy || env.HTTPS_PROXY || '',
          noProxy: env.no_proxy || env.NO_PROXY || '',
        }),
  );
if (proxied.env !== undefined) follow(proxied);
proxied.changed = follow;

module.exports = undici;
