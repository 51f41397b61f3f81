'use strict';
const path = require('path');
const { inspect } = require('util');
const { program } = require('./harness');

const PATHS = [
  '',
  '.',
  '..',
  'a',
  'a/b',
  'a\\b',
  'a\\b\\',
  'a\\\\b//c',
  'C:',
  'C:.',
  'C:\\',
  'C:/',
  'C:a',
  'C:\\a',
  'c:/a/../b',
  'C:..\\a',
  'C:\\..\\a',
  '\\',
  '/',
  '\\\\',
  '//',
  '\\a',
  '/a/b',
  '\\\\server',
  '\\\\server\\share',
  '\\\\server\\share\\',
  '//server/share/a/../b',
  '\\\\server\\share\\a\\b.txt',
  '\\\\.\\pipe\\x',
  '\\\\?\\C:\\a',
  'a.txt',
  'a.b.c',
  '.hid',
  '.hid.x',
  'a.',
  'a..',
  '..a',
  'a/b.txt/',
  'C:\\a.txt',
  './a',
  '../a/..',
  'a/../..',
  'a/../../b',
  './c:/x',
  'a/./b',
  '\\\\a\\b\\..\\c',
  'D:\\x\\y\\..\\..\\..',
  '/c:/x',
  '::',
  ' ',
  'a:b',
  '\\\\\\a\\b',
  'c',
  'C:/a/b.c/',
  '...',
  '/..',
  '/../a',
];
const PARTS = [
  ['C:\\a', 'b'],
  ['C:\\a', '..\\b'],
  ['C:\\a', 'D:\\b'],
  ['C:\\a', '\\b'],
  ['C:\\', 'a', '..', '..'],
  ['\\\\s\\h\\', 'a'],
  ['C:\\a', 'C:b'],
  ['C:\\a', '/b', 'c'],
  ['C:/', '//dir'],
  ['C:/', '//server/share'],
  ['c:/ignore', 'd:\\a/b\\c/d', '\\e.exe'],
  ['d:/ignore', 'd:some/dir//'],
  ['//server/share', '..', 'relative\\'],
  ['/a', '../b'],
  ['/a/', '', './b'],
  ['/', 'a', '..', '..'],
  ['/a', '/b'],
];
const JOINED = [
  [''],
  ['a'],
  ['a', 'b'],
  ['a', '../b'],
  ['', '/a'],
  ['/', 'a'],
  ['\\\\', 'a'],
  ['//', 'foo', '/bar'],
  ['//foo', 'bar'],
  ['\\', '\\foo'],
  ['c:.', '/'],
  ['c:', 'file'],
  ['', '', 'a'],
  ['.', 'a', '..'],
  ['c:\\', '..'],
  ['foo', 'C:\\x'],
  ['..', '..', 'x'],
  [],
];
const PAIRS = [
  ['c:/blah\\blah', 'd:/games'],
  ['c:/aaaa/bbbb', 'c:/aaaa'],
  ['c:/aaaa/bbbb', 'c:/cccc'],
  ['c:/aaaa/', 'c:/aaaa/cccc'],
  ['c:/AaAa/bbbb', 'c:/aaaa/bbbb'],
  ['C:\\foo\\bar\\baz-quux', 'C:\\foo\\bar\\baz'],
  ['\\\\foo\\bar', '\\\\foo\\bar\\baz'],
  ['\\\\foo\\baz', 'C:\\baz'],
  ['/a/b', '/a/c'],
  ['/a/b', '/a/b'],
  ['/a', '/a/b/c'],
  ['/', '/x'],
  ['/x/y', '/'],
  ['/a/bc', '/a/b'],
];

for (const kind of ['win32', 'posix']) {
  const one = path[kind];
  program(`${kind}: parts of a path`, (fact) => {
    fact('separators', one.sep, one.delimiter, path.posix === path, one.win32 === path.win32);
    for (const text of PATHS) {
      for (const name of ['normalize', 'isAbsolute', 'dirname', 'basename', 'extname', 'parse'])
        fact(`${name} ${text}`, one[name](text));
      fact(`basename ${text}`, one.basename(text, '.txt'), one.basename(text, ''));
    }
    for (const name of [
      'normalize',
      'isAbsolute',
      'dirname',
      'basename',
      'extname',
      'parse',
      'resolve',
      'join',
      'relative',
      'format',
    ])
      for (const bad of [5, null, undefined, {}])
        if (name !== 'resolve' || bad !== undefined)
          fact.of(`${name} ${inspect(bad)}`, () => one[name](bad));
    for (const bad of [5, null, undefined, {}])
      fact.of(`suffix ${inspect(bad)}`, () => one.basename('a.txt', bad));
  });

  program(`${kind}: paths of several`, (fact) => {
    for (const parts of PARTS) fact(`resolve ${inspect(parts)}`, one.resolve(...parts));
    for (const parts of JOINED) fact(`join ${inspect(parts)}`, one.join(...parts));
    for (const pair of PAIRS) fact(`relative ${inspect(pair)}`, one.relative(...pair));
    for (const text of ['', 'C:\\a', '\\\\s\\h\\a', '\\\\?\\x', '\\\\.\\x', 'C:/a/../b', 5])
      fact(`toNamespacedPath ${text}`, one.toNamespacedPath(text));
    for (const parts of [
      {},
      { dir: 'a', base: 'b' },
      { root: '/', base: 'b' },
      { root: 'C:\\', dir: 'C:\\', name: 'x', ext: 'y' },
      { name: 'x', ext: '.y' },
      { dir: '/a/', base: 'b' },
    ])
      fact(`format ${inspect(parts)}`, one.format(parts));
  });
}
