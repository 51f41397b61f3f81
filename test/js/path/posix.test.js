'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const path = require('path');

const rows = (fn, table) => {
  for (const [args, expected] of table)
    assert.deepStrictEqual(fn(...[].concat(args)), expected, `${args}`);
};

test('normalize takes out dots and doubled slashes', () =>
  rows(path.normalize, [
    ['', '.'],
    ['/', '/'],
    ['//a//b/', '/a/b/'],
    ['a/..', '.'],
    ['a/../', './'],
    ['../a/../..', '../..'],
    ['/../a', '/a'],
    ['./a/./b', 'a/b'],
  ]));

test('join and resolve', () => {
  rows(path.join, [
    [['a', '../b'], 'b'],
    [['', ''], '.'],
    [['/a', '/b'], '/a/b'],
    [['a', ''], 'a'],
  ]);
  rows(path.resolve, [
    [['/a', 'b', '../c'], '/a/c'],
    [['/a', '/b'], '/b'],
    [['/'], '/'],
  ]);
  assert.strictEqual(path.resolve('x'), `${process.cwd()}/x`);
});

test('relative leads from one path to the other', () =>
  rows(path.relative, [
    [['/a/b/c', '/a/d'], '../../d'],
    [['/a', '/a'], ''],
    [['/a', '/ab'], '../ab'],
    [['/', '/a/b'], 'a/b'],
    [['/a/b', '/'], '../..'],
  ]));

test('dirname, basename and extname', () => {
  rows(path.dirname, [
    ['/a/b/', '/a'],
    ['/a', '/'],
    ['a', '.'],
    ['', '.'],
    ['//a', '//'],
    ['a//b', 'a/'],
  ]);
  rows(path.basename, [
    ['/a/b.js', 'b.js'],
    [['a.js', '.js'], 'a'],
    [['.js', '.js'], ''],
    [['a/.js', '.js'], '.js'],
    ['/a/', 'a'],
    ['/', ''],
  ]);
  rows(path.extname, [
    ['a.b.c', '.c'],
    ['.a', ''],
    ['a.', '.'],
    ['..', ''],
    ['a/.b.c/', '.c'],
  ]);
});

test('parse and format are the reverse of each other', () => {
  assert.deepStrictEqual(path.parse('/home/u/file.txt'), {
    root: '/',
    dir: '/home/u',
    base: 'file.txt',
    ext: '.txt',
    name: 'file',
  });
  for (const text of ['/a/b.c', 'a/b', 'a', '/', '/a', './a.b'])
    assert.strictEqual(path.format(path.parse(text)), text);
  assert.strictEqual(path.format({ dir: 'd', name: 'a', ext: 'js' }), 'd/a.js');
});

test('arguments are checked, and other modules are there', () => {
  assert.throws(() => path.join('a', 5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(path.posix, path);
  assert.strictEqual(require('path/posix'), path);
});
