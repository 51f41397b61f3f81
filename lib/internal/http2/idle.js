'use strict';
// Time-outs of sessions and streams: `timeout` after so many ms without anything sent or received.
const { validateFunction } = require('internal/errors/validators');
const { validateTimeout } = require('internal/net/options');

const LONGEST_MS = 2 ** 31 - 1;

const kTimer = Symbol('timer');

/** setTimeout() of a session or a stream; 0 ends it. */
function setIdleTimeout(msecs, callback) {
  if (this.destroyed) return this;
  msecs = Math.min(validateTimeout(msecs), LONGEST_MS);
  if (callback !== undefined) validateFunction(callback, 'callback');
  clearTimeout(this[kTimer]);
  this[kTimer] = undefined;
  this.timeout = msecs;
  if (msecs === 0) {
    if (callback) this.removeListener('timeout', callback);
    return this;
  }
  this[kTimer] = setTimeout(() => this._onTimeout(), msecs).unref();
  if (callback) this.once('timeout', callback);
  return this;
}

/** Something was sent or received. */
function touch(target) {
  target[kTimer]?.refresh();
}

function stopIdleTimeout(target) {
  clearTimeout(target[kTimer]);
  target[kTimer] = undefined;
}

module.exports = { setIdleTimeout, stopIdleTimeout, touch };
