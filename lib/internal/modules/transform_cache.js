'use strict';
// What transforms at load made, kept on the disk by what made it and the text it was made from. What
// is in the folder runs: it must be one that only the user can change. SLUICE_CACHE names another
// one, or none if it is empty.
const native = binding('module');

let found;

/** The folder; '' for none. */
function folder() {
  if (found !== undefined) return found;
  const environment = require('internal/base/environment');
  const own = environment.own('SLUICE_CACHE');
  const cache = environment.own('XDG_CACHE_HOME');
  const home = environment.own('HOME');
  const path = own ?? (cache || home ? `${cache || `${home}/.cache`}/sluice` : '');
  const { join } = require('internal/modules/packages');
  return (found = path === '' ? '' : native.privateFolder(join(native.cwd(), path)));
}

/**
 * What make() returns for a text, a value that JSON can hold; from the disk if it was made before.
 * @template T
 * @param {string} kind  of transform
 * @param {string} source
 * @param {() => T} make
 * @returns {T}
 */
exports.cached = function cached(kind, source, make) {
  const kept = folder();
  if (kept === '') return make();
  const text = native.kept(kept, kind, source);
  if (text !== undefined) {
    try {
      return JSON.parse(text);
    } catch {
      // half of a file that a full disk left
    }
  }
  const value = make();
  native.keep(kept, kind, source, JSON.stringify(value));
  return value;
};
