'use strict';
// The warning of `Buffer(…)` and `new Buffer(…)`.

function isInsidePackage() {
  const frames = String(new Error().stack).split('\n').slice(1);
  const caller = frames.find((line) => !/\(?sluice:/.test(line));
  return caller === undefined || /[/\\]node_modules[/\\]/i.test(caller);
}

/**
 * Warns, but not of packages unless --pending-deprecation asks for it: their users cannot mend them.
 * @returns {boolean} whether it did
 */
function warn() {
  const pending = require('internal/process/flags').flag('pending-deprecation');
  if (!pending && process.env.NODE_PENDING_DEPRECATION !== '1' && isInsidePackage()) return false;
  process.emitWarning(
    'Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
      'Buffer.allocUnsafe(), or Buffer.from() methods instead.',
    'DeprecationWarning',
    'DEP0005',
  );
  return true;
}

module.exports = { warn };
