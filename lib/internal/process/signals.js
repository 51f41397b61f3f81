'use strict';
// Signals as events of process: a signal is caught while it has listeners; else it does what the
// system does.
const { errnoException } = require('internal/errors/codes');
const { signals } = require('internal/base/constants');
const native = binding('signal');

const names = new Map(); // number → names with listeners
let listening;

function deliver(number) {
  for (const name of names.get(number) ?? []) process.emit(name, name, number);
}

/** A listener is being added for type. */
exports.start = function start(type) {
  const number = signals[type];
  if (number === undefined) return;
  listening ??= native.listen(deliver);
  if (!listening) return;
  const known = names.get(number);
  if (known !== undefined) {
    if (!known.includes(type)) known.push(type);
    return;
  }
  const result = native.start(number);
  if (result < 0) throw errnoException(result, 'sigaction', type);
  names.set(number, [type]);
};

/** A listener of type was removed. */
exports.stop = function stop(type) {
  const number = signals[type];
  const known = names.get(number);
  if (known === undefined || !known.includes(type) || process.listenerCount(type) > 0) return;
  known.splice(known.indexOf(type), 1);
  if (known.length > 0) return;
  names.delete(number);
  native.stop(number);
};
