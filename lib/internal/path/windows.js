'use strict';
// Paths of Windows (https://nodejs.org/api/path.html): drives, UNC shares, both slashes.
const { validateObject, validateString } = require('internal/errors/validators');
const { posix } = require('path');

const isSlash = (character) => character === '/' || character === '\\';
const isLetter = (character) => /^[A-Za-z]$/.test(character ?? '');

const SHARE = /^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)/;
// A colon that ends a part: what is before it could be taken for a device.
const DEVICE = /^[A-Za-z]:|:(?:[\\/]|$)/;

/**
 * What a path begins with: the device (`C:` or `\\server\share`), and whether it goes on from the
 * device's root; `rest` is where it goes on.
 */
function readRoot(path) {
  if (isLetter(path[0]) && path[1] === ':') {
    const absolute = isSlash(path[2]);
    return { device: path.slice(0, 2), absolute, rest: absolute ? 3 : 2 };
  }
  if (!isSlash(path[0])) return { device: '', absolute: false, rest: 0 };
  const [share, server, name] = SHARE.exec(path) ?? [];
  if (share === undefined) return { device: '', absolute: true, rest: 1 };
  // Of devices, as \\.\pipe, the names are no root.
  if (server === '.' || server === '?') return { device: `\\\\${server}`, absolute: true, rest: 4 };
  return { device: `\\\\${server}\\${name}`, absolute: true, rest: share.length };
}

/** Takes '.' and '..' out of what follows a root; `above` keeps the '..' that lead out. */
function simplify(path, above) {
  const kept = [];
  for (const part of path.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (above) kept.push('..');
  }
  return kept.join('\\');
}

function normalize(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const { device, absolute, rest } = readRoot(path);
  let tail = simplify(path.slice(rest), !absolute);
  if (tail === '' && !absolute) tail = '.';
  if (tail !== '' && isSlash(path.at(-1))) tail += '\\';
  if (device === '' && !absolute && (DEVICE.test(tail) || DEVICE.test(path))) tail = `.\\${tail}`;
  return `${device}${absolute ? '\\' : ''}${tail}`;
}

function isAbsolute(path) {
  validateString(path, 'path');
  return isSlash(path[0]) || (isLetter(path[0]) && path[1] === ':' && isSlash(path[2]));
}

/** Makes an absolute path of parts, from the right; a drive has a working directory of its own. */
function resolve(...parts) {
  let device = '';
  let tail = '';
  let absolute = false;
  for (let i = parts.length - 1; i >= -1; i--) {
    let path;
    if (i >= 0) {
      validateString(parts[i], `paths[${i}]`);
      path = parts[i];
      if (path === '') continue;
    } else {
      path = device === '' ? process.cwd() : (process.env[`=${device}`] ?? process.cwd());
      if (
        device !== '' &&
        path.slice(0, 2).toLowerCase() !== device.toLowerCase() &&
        path[2] === '\\'
      )
        path = `${device}\\`;
    }
    const root = readRoot(path);
    if (root.device !== '') {
      if (device !== '' && root.device.toLowerCase() !== device.toLowerCase()) continue;
      device = device === '' ? root.device : device;
    }
    if (absolute) {
      if (device !== '') break;
      continue;
    }
    tail = `${path.slice(root.rest)}\\${tail}`;
    ({ absolute } = root);
    if (absolute && device !== '') break;
  }
  tail = simplify(tail, !absolute);
  return `${device}${absolute ? '\\' : ''}${tail}` || '.';
}

function join(...parts) {
  for (const part of parts) validateString(part, 'path');
  const given = parts.filter((part) => part !== '');
  if (given.length === 0) return '.';
  let joined = given.join('\\');
  // Only a first part that is a share makes one of the whole.
  if (!/^[\\/]{2}[^\\/]/.test(given[0])) joined = joined.replace(/^[\\/]{2,}/, '\\');
  return normalize(joined);
}

/** The relative path that leads from one path to another. */
function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  const whole = [resolve(from), resolve(to)];
  if (whole[0] === whole[1] || whole[0].toLowerCase() === whole[1].toLowerCase()) return '';
  const [one, other] = whole.map((path) => path.split('\\').filter((part) => part !== ''));
  let shared = 0;
  while (shared < one.length && one[shared].toLowerCase() === other[shared]?.toLowerCase())
    shared++;
  const isRoot = one.length === 0 || other.length === 0;
  if (shared === 0 && !(isRoot && whole.every((path) => readRoot(path).device === '')))
    return whole[1];
  return [...one.slice(shared).map(() => '..'), ...other.slice(shared)].join('\\');
}

function toNamespacedPath(path) {
  if (typeof path !== 'string' || path === '') return path;
  const whole = resolve(path);
  if (/^\\\\[^?.]/.test(whole)) return `\\\\?\\UNC\\${whole.slice(2)}`;
  return /^[A-Za-z]:\\/.test(whole) ? `\\\\?\\${whole}` : whole;
}

/** Where the root of a path ends, and where its last slashes begin. */
function extent(path) {
  const [share] = SHARE.exec(path) ?? [];
  let root = share?.length ?? readRoot(path).rest;
  if (share !== undefined && isSlash(path[root])) root++;
  let end = path.length;
  while (end > root && isSlash(path[end - 1])) end--;
  return { root, end };
}

function lastSlash(path, end) {
  for (let i = end - 1; i >= 0; i--) if (isSlash(path[i])) return i;
  return -1;
}

function dirname(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const { root, end } = extent(path);
  const slash = lastSlash(path, end);
  if (slash < root) return root > 0 ? path.slice(0, root) : '.';
  return path.slice(0, slash);
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  const start = isLetter(path[0]) && path[1] === ':' ? 2 : 0;
  let end = path.length;
  while (end > start && isSlash(path[end - 1])) end--;
  const base = path.slice(Math.max(start, lastSlash(path, end) + 1), end);
  if (suffix !== undefined && base !== suffix && base.endsWith(suffix) && suffix !== '')
    return base.slice(0, -suffix.length);
  return base;
}

// A last part has no slashes, of either kind: what it is made of is as elsewhere.
const extname = (path) => posix.extname(basename(path));

function parse(path) {
  validateString(path, 'path');
  const { root, end } = extent(path);
  const slash = lastSlash(path, end);
  const base = path.slice(Math.max(root, slash + 1), end);
  const ext = posix.extname(base);
  const name = ext === '' ? base : base.slice(0, -ext.length);
  return { root: path.slice(0, root), dir: path.slice(0, Math.max(root, slash)), base, ext, name };
}

/** The reverse of parse(); dir wins over root, and base over name and ext. */
function format(parts) {
  validateObject(parts, 'pathObject');
  const dir = parts.dir || parts.root;
  const base = posix.format({ base: parts.base, name: parts.name, ext: parts.ext });
  if (!dir) return base;
  return dir === parts.root ? `${dir}${base}` : `${dir}\\${base}`;
}

module.exports = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath,
  dirname,
  basename,
  extname,
  format,
  parse,
};
