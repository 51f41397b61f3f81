'use strict';
// What built-in modules publish on channels of diagnostics_channel. Nothing is made of it until a
// program has loaded that.

const channels = {
  /** publish(name, message), once somebody may have subscribed; null before. */
  publish: null,
  /** trace(how, name, fn, context, thisArg, ...args): fn as a TracingChannel calls it; likewise. */
  trace: null,
};

module.exports = channels;
