'use strict';
// What built-in modules publish on channels of diagnostics_channel. Nothing is made of it until a
// program has loaded that: until then both are null.
//
// publish(name, message)
// trace(how, name, fn, context, thisArg, ...args): calls fn as a TracingChannel does
module.exports = require('internal/base/stores').channels;
