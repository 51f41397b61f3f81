'use strict';
// The functions of timers and immediates. What makes those loads with the first of them.

let timeouts; // internal/timers/timeouts, once there is a timer
let Timeout; // its class
let immediates; // internal/timers/immediates, once there is an immediate

function check(callback) {
  if (typeof callback !== 'function')
    require('internal/errors/validators').validateFunction(callback, 'callback');
}

function loadTimeouts() {
  timeouts = require('internal/timers/timeouts');
  ({ Timeout } = timeouts);
}

/** Calls callback(...args) once after delay ms (1 to 2^31-1; anything else counts as 1). */
function setTimeout(callback, delay, ...args) {
  check(callback);
  if (Timeout === undefined) loadTimeouts();
  return new Timeout(callback, delay, args.length > 0 ? args : null, false);
}

/** Calls callback(...args) every delay ms. */
function setInterval(callback, delay, ...args) {
  check(callback);
  if (Timeout === undefined) loadTimeouts();
  return new Timeout(callback, delay, args.length > 0 ? args : null, true);
}

/** Ends a timer or interval; anything that is none is ignored. */
function clearTimeout(timer) {
  timeouts?.clear(timer);
}

/** Calls callback(...args) after the events of this turn of the loop. */
function setImmediate(callback, ...args) {
  check(callback);
  immediates ??= require('internal/timers/immediates');
  return new immediates.Immediate(callback, args.length > 0 ? args : null);
}

/** Ends an immediate; anything that is none is ignored. */
function clearImmediate(immediate) {
  immediates?.clear(immediate);
}

module.exports = {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval: clearTimeout,
  setImmediate,
  clearImmediate,
  runTimers: () => timeouts.runTimers(),
  runImmediates: () => immediates.runImmediates(),
  /** Before a turn of the loop that a callback runs. */
  beforePoll() {
    timeouts?.beforePoll();
    immediates?.beforePoll();
  },
};
