'use strict';
// fetch() and what belongs to it, WebSocket and EventSource: those of undici, which loads when the
// first of them is used.
const { define } = require('internal/base/lazy');
const stores = require('internal/base/stores');
const { hiddenProxy } = require('internal/base/transparent');
const { codes } = require('internal/errors/codes');
const proxied = require('internal/process/proxied');
const undici = require('vendor/undici');

const first = undici.getGlobalDispatcher();

/** Connections to a proxy; a tunnel that it does not give fails, where undici would ask for it for ever. */
class Tunnels extends first.constructor {
  async connect(options) {
    try {
      return await super.connect(options);
    } catch (cause) {
      throw new codes.ERR_PROXY_TUNNEL(`Failed to establish tunnel: ${cause.message}`);
    }
  }
}

const follow = ({ env }) =>
  undici.setGlobalDispatcher(
    env === undefined
      ? first
      : new undici.EnvHttpProxyAgent({
          httpProxy: env.http_proxy || env.HTTP_PROXY || '',
          httpsProxy: env.https_proxy || env.HTTPS_PROXY || '',
          noProxy: env.no_proxy || env.NO_PROXY || '',
          proxyTunnel: false, // for http; https goes by tunnels always
          clientFactory: (_origin, options) => new Tunnels(options),
        }),
  );
if (proxied.env !== undefined) follow(proxied);
proxied.changed = follow;

/** What tells events → the stores of who made it. @type {WeakMap<object, Map>} */
const contexts = new WeakMap();

/** A class whose objects tell their events with the stores of who made them. */
function following(Class) {
  const { prototype } = Class;
  const { dispatchEvent } = prototype;
  const method = {
    dispatchEvent(event) {
      '$native';
      const context = contexts.get(this) ?? stores.current;
      return stores.within(context, dispatchEvent, this, [event]);
    },
  };
  define(prototype, 'dispatchEvent', method.dispatchEvent, false);
  const made = hiddenProxy(Class, {
    construct(target, args, newTarget) {
      const object = Reflect.construct(target, args, newTarget);
      if (stores.used) contexts.set(object, stores.capture(Class.name, object));
      return object;
    },
  });
  define(prototype, 'constructor', made, false);
  return made;
}

module.exports = {
  ...undici,
  EventSource: following(undici.EventSource),
  WebSocket: following(undici.WebSocket),
};
