'use strict';
// Paths of POSIX systems (https://nodejs.org/api/path.html); those of Windows load when they are used.
const { validateString, validateObject } = require('internal/errors/validators');

const SLASH = 47;

// Takes '.' and '..' out of path. `above` keeps the '..' that lead out of a relative path.
function simplify(path, above) {
  const kept = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (above) kept.push('..');
  }
  return kept.join('/');
}

/** Makes an absolute path of parts, from the right, and of the working directory. */
function resolve(...parts) {
  let path = '';
  for (let i = parts.length - 1; i >= -1 && path.charCodeAt(0) !== SLASH; i--) {
    const part = i >= 0 ? parts[i] : process.cwd();
    if (i >= 0) validateString(part, `paths[${i}]`);
    if (part !== '') path = path === '' ? part : `${part}/${path}`;
  }
  return `/${simplify(path, false)}`;
}

function normalize(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const absolute = path.charCodeAt(0) === SLASH;
  let text = simplify(path, !absolute);
  if (text === '') {
    if (absolute) return '/';
    return path.endsWith('/') ? './' : '.';
  }
  if (path.endsWith('/')) text += '/';
  return absolute ? `/${text}` : text;
}

function isAbsolute(path) {
  validateString(path, 'path');
  return path.charCodeAt(0) === SLASH;
}

function join(...parts) {
  for (const part of parts) validateString(part, 'path');
  return normalize(parts.filter((part) => part !== '').join('/'));
}

/** The relative path that leads from one path to another. */
function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  from = resolve(from);
  to = resolve(to);
  if (from === to) return '';
  const source = from.split('/').filter(Boolean);
  const target = to.split('/').filter(Boolean);
  let same = 0;
  while (same < source.length && same < target.length && source[same] === target[same]) same++;
  return [...source.slice(same).map(() => '..'), ...target.slice(same)].join('/');
}

// The index after the last character that is no slash; 0 if there is none.
function endOf(path) {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === SLASH) end--;
  return end;
}

function dirname(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const end = endOf(path.slice(1)) + 1; // a first slash is the root
  const slash = path.lastIndexOf('/', end - 1);
  if (end === 1) return path.charCodeAt(0) === SLASH ? '/' : '.';
  if (slash < 0) return '.';
  if (slash === 0) return '/';
  if (slash === 1 && path.charCodeAt(0) === SLASH) return '//';
  return path.slice(0, slash);
}

/** The last part of path, without suffix if it ends in it and is more than it. */
function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  if (suffix !== undefined && suffix === path) return '';
  const end = endOf(path);
  const base = path.slice(path.lastIndexOf('/', end - 1) + 1, end);
  if (end === 0) return '';
  if (suffix && base !== suffix && base.endsWith(suffix)) return base.slice(0, -suffix.length);
  return base;
}

// '.ext' of a last part; '' for '.profile', '..' and the like.
function extensionOf(base) {
  const dot = base.lastIndexOf('.');
  if (dot <= 0 || base === '..') return '';
  return base.slice(dot);
}

function extname(path) {
  validateString(path, 'path');
  return extensionOf(basename(path));
}

/** @returns {{root: string, dir: string, base: string, ext: string, name: string}} */
function parse(path) {
  validateString(path, 'path');
  const root = path.charCodeAt(0) === SLASH ? '/' : '';
  const base = basename(path);
  const ext = extensionOf(base);
  const name = ext === '' ? base : base.slice(0, -ext.length);
  const slash = path.lastIndexOf('/', endOf(path) - 1);
  let dir = root;
  if (base !== '' && slash > 0) dir = path.slice(0, slash);
  return { root, dir, base, ext, name };
}

/** The reverse of parse(); dir wins over root, and base over name and ext. */
function format(parts) {
  validateObject(parts, 'pathObject');
  const dir = parts.dir || parts.root;
  const ext = parts.ext ? `${parts.ext[0] === '.' ? '' : '.'}${parts.ext}` : '';
  const base = parts.base || `${parts.name || ''}${ext}`;
  if (!dir) return base;
  return dir === parts.root ? `${dir}${base}` : `${dir}/${base}`;
}

/** Whether a pattern, as shells have them, matches a whole path. */
function matchesGlob(path, pattern, windows = false) {
  validateString(path, 'path');
  validateString(pattern, 'pattern');
  return require('internal/path/glob').matchesGlob(path, pattern, windows);
}

const posix = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath: (path) => path,
  dirname,
  basename,
  extname,
  format,
  parse,
  matchesGlob: (path, pattern) => matchesGlob(path, pattern),
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};

const win32 = { sep: '\\', delimiter: ';', posix, win32: null };
for (const name of Object.keys(posix)) {
  if (typeof posix[name] === 'function')
    win32[name] = (...args) => require('internal/path/windows')[name](...args);
}
win32.matchesGlob = (path, pattern) => matchesGlob(path, pattern, true);
win32.win32 = posix.win32 = win32;
posix.posix = win32.posix = posix;

module.exports = posix;
