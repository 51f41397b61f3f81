'use strict';
// Patterns of paths as shells have them, by the package minimatch, which Node has too.
const { Minimatch, GLOBSTAR } = require('vendor/minimatch');

/**
 * A pattern, parsed: match(path), and set: for each alternative the parts between its slashes.
 * @param {string} pattern
 * @param {boolean} [windows]
 * @param {boolean} [matchBase]  whether one without slashes matches the last part of a path
 */
function makePattern(pattern, windows = false, matchBase = false) {
  return new Minimatch(pattern, {
    matchBase,
    nocaseMagicOnly: true,
    // A backslash quotes nothing, as in Node.
    windowsPathsNoEscape: true,
    nonegate: true,
    nocomment: true,
    optimizationLevel: 2,
    platform: windows ? 'win32' : 'linux',
  });
}

module.exports = {
  GLOBSTAR,
  makePattern,
  matchesGlob: (path, pattern, windows) => makePattern(pattern, windows).match(path),
};
