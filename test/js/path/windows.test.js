'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { win32 } = require('path');

test('win32 knows drives, shares and both slashes', () => {
  assert.strictEqual(win32.normalize('C:/a\\..//b/'), 'C:\\b\\');
  assert.strictEqual(win32.join('C:\\a', '..', 'b'), 'C:\\b');
  assert.strictEqual(win32.basename('C:\\folder\\name.txt'), 'name.txt');
  assert.strictEqual(win32.dirname('\\\\server\\share\\a'), '\\\\server\\share\\');
  assert.strictEqual(win32.resolve('C:\\a', 'D:\\b', '..\\c'), 'D:\\c');
  assert.strictEqual(win32.relative('c:/A/b', 'C:/a/c'), '..\\c');
  assert.deepStrictEqual(win32.parse('C:\\a\\b.c'), {
    root: 'C:\\',
    dir: 'C:\\a',
    base: 'b.c',
    ext: '.c',
    name: 'b',
  });
  assert(win32.isAbsolute('\\a') && !win32.isAbsolute('C:a'));
});

test('win32 makes no device of what was none', () => {
  assert.strictEqual(win32.normalize('./c:/x'), '.\\c:\\x');
  assert.strictEqual(win32.join('foo', 'C:\\x'), '.\\foo\\C:\\x');
});
