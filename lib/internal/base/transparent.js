'use strict';
// What programs do not see of the runtime's own objects: accessors that stand for the values of
// properties, of which inspect() shows what they return; and Proxies that are no Proxies to them.
const proxies = new WeakSet();

/** A Proxy that util.types and inspect() take for the object that it stands for. */
function hiddenProxy(target, handler) {
  const proxy = new Proxy(target, handler);
  proxies.add(proxy);
  return proxy;
}

module.exports = { hiddenProxy, proxies, transparent: new WeakSet() };
