'use strict';
// What becomes of the promises that listeners return, on emitters with captureRejections; and the
// quickest way to call one listener.
const captureRejectionSymbol = Symbol.for('nodejs.rejection');
const kCapture = Symbol('captureRejections');

// A listener's rejected promise becomes an error event, on emitters that asked for it.
function capture(emitter, promise, type, args) {
  try {
    const { then } = promise;
    if (typeof then === 'function')
      Reflect.apply(then, promise, [
        undefined,
        (error) => process.nextTick(captured, emitter, error, type, args),
      ]);
  } catch (error) {
    // The getter of then, or then itself, is the listener's too.
    emitter.emit('error', error);
  }
}

function captured(emitter, error, type, args) {
  if (typeof emitter[captureRejectionSymbol] === 'function') {
    emitter[captureRejectionSymbol](error, type, ...args);
    return;
  }
  const before = emitter[kCapture];
  try {
    emitter[kCapture] = false; // a rejecting error listener must not call itself for ever
    emitter.emit('error', error);
  } finally {
    emitter[kCapture] = before;
  }
}

/**
 * What emit(type, value) of an emitter that has EventEmitter's comes to where it has one listener.
 * @param {EventEmitter} emitter
 * @param {Function} listener
 * @param {string} type
 * @param {unknown} value
 */
function callOne(emitter, listener, type, value) {
  const result = listener.call(emitter, value);
  if (result != null && emitter[kCapture]) capture(emitter, result, type, [value]);
}

module.exports = { callOne, capture, captureRejectionSymbol, kCapture };
