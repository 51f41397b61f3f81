'use strict';
// What is made of programs' files, kept on the disk: what transforms at load made, and the engine's
// bytecode (src/bind/module/kept.h). What is in the folder runs: it must be one that only the user
// can change. SLUICE_CACHE names another one, or none if it is empty.
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
 * What make() returns for a file's text, a value that JSON can hold; from the disk if it was made
 * before.
 * @template T
 * @param {string} kind  of transform
 * @param {string} filename
 * @param {string} source
 * @param {() => T} make
 * @returns {T}
 */
function cached(kind, filename, source, make) {
  const kept = folder();
  if (kept === '') return make();
  const text = native.kept(kept, kind, filename, source);
  if (text !== undefined) return JSON.parse(text);
  const value = make();
  native.keep(kept, kind, filename, source, JSON.stringify(value));
  return value;
}

module.exports = { cached, folder };
