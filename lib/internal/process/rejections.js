'use strict';
// What becomes of a promise that was rejected and that nothing handled.
// docs: https://nodejs.org/api/cli.html#--unhandled-rejectionsmode
const { codes } = require('internal/errors/codes');
const { flag } = require('internal/process/flags');
const { define } = require('internal/base/lazy');

/** The error of a rejection: its reason, if that is one. */
function errorOf(reason) {
  if (reason instanceof Error) return reason;
  const error = new codes.ERR_UNHANDLED_REJECTION(reason);
  define(error, 'name', 'UnhandledPromiseRejection', false);
  define(error, 'toString', Error.prototype.toString, false);
  return error;
}

let warned = 0;

function warn(reason) {
  const shown = reason?.stack ?? require('internal/inspect/inspect').inspect(reason);
  process.emitWarning(String(shown), 'UnhandledPromiseRejectionWarning');
  process.emitWarning(
    'Unhandled promise rejection. This error originated either by throwing inside of an async ' +
      'function without a catch block, or by rejecting a promise which was not handled with ' +
      '.catch(). To terminate the node process on unhandled promise rejection, use the CLI flag ' +
      '`--unhandled-rejections=strict` (see ' +
      `https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). (rejection id: ${++warned})`,
    'UnhandledPromiseRejectionWarning',
  );
}

// The engine does not tell when a rejected promise is handled after all: its own then() does, which
// goes away with the first call.
function watch(promise) {
  const { then } = promise;
  define(
    promise,
    'then',
    function handled(...args) {
      delete promise.then;
      process.nextTick(() => process.emit('rejectionHandled', promise));
      return Reflect.apply(then, this, args);
    },
    false,
  );
}

const modes = {
  none() {},
  strict(promise, reason) {
    process._uncaught(errorOf(reason), 'unhandledRejection');
    if (!emit(promise, reason)) warn(reason);
  },
  warn(promise, reason) {
    emit(promise, reason);
    warn(reason);
  },
  throw(promise, reason) {
    if (!emit(promise, reason)) process._uncaught(errorOf(reason), 'unhandledRejection');
  },
  'warn-with-error-code'(promise, reason) {
    if (emit(promise, reason)) return;
    warn(reason);
    process.exitCode = 1;
  },
};

function emit(promise, reason) {
  const heard = process.emit('unhandledRejection', reason, promise);
  if (heard && process.listenerCount('rejectionHandled') > 0) watch(promise);
  return heard;
}

/** Tells of a rejection that nothing handled until its tick. */
function unhandled(promise, reason) {
  require('internal/errors/stack').fixStack(reason);
  if (process._taskRejection?.(reason, promise)) return;
  const mode = flag('unhandled-rejections')?.at(-1) ?? 'throw';
  (modes[mode] ?? modes.throw)(promise, reason);
}

module.exports = { unhandled };
