'use strict';
// The warning of Buffer() as a constructor, which Node deprecated (DEP0005).

let warned = false;

// Packages are not warned of, unless --pending-deprecation asks for it: their users cannot mend them.
function warnOfConstructor() {
  if (warned) return;
  const pending = require('internal/process/flags').flag('pending-deprecation');
  if (
    !pending &&
    require('internal/base/environment').own('NODE_PENDING_DEPRECATION') !== '1' &&
    isInsidePackage()
  )
    return;
  warned = true;
  process.emitWarning(
    'Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
      'Buffer.allocUnsafe(), or Buffer.from() methods instead.',
    'DeprecationWarning',
    'DEP0005',
  );
}

function isInsidePackage() {
  const frames = String(new Error().stack).split('\n').slice(1);
  const caller = frames.find((line) => !/\(?node:/.test(line));
  return caller === undefined || /[/\\]node_modules[/\\]/i.test(caller);
}

module.exports = { warnOfConstructor };
