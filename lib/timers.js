'use strict';
// The timers module (https://nodejs.org/api/timers.html).
const timers = require('internal/timers/timers');

const { setTimeout, setImmediate } = timers;

module.exports = {
  setTimeout,
  clearTimeout: timers.clearTimeout,
  setImmediate,
  clearImmediate: timers.clearImmediate,
  setInterval: timers.setInterval,
  clearInterval: timers.clearInterval,
};
Object.defineProperty(module.exports, 'promises', {
  configurable: true,
  enumerable: true,
  get: () => require('timers/promises'),
});
for (const [fn, name] of [
  [setTimeout, 'setTimeout'],
  [setImmediate, 'setImmediate'],
]) {
  Object.defineProperty(fn, Symbol.for('nodejs.util.promisify.custom'), {
    configurable: true,
    enumerable: true,
    get: () => require('timers/promises')[name],
  });
}
