'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const url = require('url');

test('URLPattern matches URLs and tells what its groups matched', () => {
  const pattern = new URLPattern('https://:sub.example.com/books/:id(\\d+)\\?q=*');
  const { hostname, pathname, search } = pattern.exec('https://shop.example.com/books/17?q=x');
  assert.deepStrictEqual({ ...hostname.groups }, { sub: 'shop' });
  assert.deepStrictEqual({ ...pathname.groups }, { id: '17' });
  assert.deepStrictEqual({ ...search.groups }, { 0: 'x' });
  assert.strictEqual(pattern.exec('https://shop.example.com/books/x?q=x'), null);
  assert(pattern.hasRegExpGroups);
  assert.strictEqual(pattern.pathname, '/books/:id(\\d+)');
});

test('URLPattern takes parts, a base and ignoreCase', () => {
  assert(new URLPattern({ pathname: '/A' }, { ignoreCase: true }).test({ pathname: '/a' }));
  assert(!new URLPattern({ pathname: '/A' }).test({ pathname: '/a' }));
  assert(new URLPattern('/x/*', 'http://a.b').test('/x/y', 'http://a.b'));
});

test('a pattern that cannot be is an error that says why', () => {
  const error = { name: 'TypeError', code: 'ERR_INVALID_URL_PATTERN' };
  assert.throws(() => new URLPattern('x'), { ...error, message: /base URL/ });
  assert.throws(() => new URLPattern({ pathname: '/(' }), { ...error, message: /pathname/ });
  assert.throws(() => new URLPattern(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => new URLPattern().test(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('the global URLPattern is that of the module url', () => {
  assert.strictEqual(url.URLPattern, URLPattern);
});
