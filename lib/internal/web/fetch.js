'use strict';
// fetch() and what belongs to it, WebSocket and EventSource: those of undici, which loads when the
// first of them is used.
const { define } = require('internal/base/lazy');
const stores = require('internal/base/stores');
const { hiddenProxy } = require('internal/base/transparent');
const undici = require('vendor/undici');

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
