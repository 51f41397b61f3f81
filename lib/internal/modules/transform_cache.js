'use strict';
// What transforms at load made, kept on the disk by the content they made it from. The directory
// must be the user's own and writable for nobody else: what is in it runs. SLUICE_CACHE names
// another one, or none if it is empty.
const fs = require('fs');
const native = binding('module');
const { version } = binding('runtime');

/** Beyond so many files the directory is emptied. */
const MOST_FILES = 4096;

let found;

/** The directory; '' for none. */
function directory() {
  if (found !== undefined) return found;
  const { SLUICE_CACHE: own, XDG_CACHE_HOME: cache, HOME: home } = process.env;
  found = own ?? (cache || home ? `${cache || `${home}/.cache`}/sluice` : '');
  if (found === '') return found;
  found += `/${version}`;
  try {
    fs.mkdirSync(found, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(found);
    if (uid !== process.geteuid() || (mode & 0o022) !== 0) found = '';
  } catch {
    found = ''; // a home that cannot be written to
  }
  return found;
}

/** Writes a file in one step, so that nobody reads a part of it. A failure leaves no file. */
function write(folder, name, text) {
  const temporary = `${folder}/.${name}.${process.pid}.${Math.random()}`;
  try {
    const names = fs.readdirSync(folder);
    if (names.length >= MOST_FILES)
      for (const old of names) fs.rmSync(`${folder}/${old}`, { force: true });
    fs.writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, `${folder}/${name}`);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
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
  const folder = directory();
  if (folder === '') return make();
  const name = `${kind}-${native.digest(source)}`;
  const text = native.readOptional(`${folder}/${name}`);
  if (text !== undefined) {
    try {
      return JSON.parse(text);
    } catch {
      // not what write() wrote
    }
  }
  const value = make();
  write(folder, name, JSON.stringify(value));
  return value;
};
