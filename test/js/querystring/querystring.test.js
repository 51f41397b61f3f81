'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const querystring = require('querystring');

test('parse splits, decodes and collects', () => {
  const parsed = (...args) => ({ ...querystring.parse(...args) });
  assert.deepStrictEqual(parsed('a=1&b=x+y&a=%41&c&=d'), {
    a: ['1', 'A'],
    b: 'x y',
    c: '',
    '': 'd',
  });
  assert.deepStrictEqual(parsed('a:1;b:2', ';', ':'), { a: '1', b: '2' });
  assert.deepStrictEqual(parsed('a=%zz&b=%E4'), { a: '%zz', b: '\ufffd' });
  assert.strictEqual(Object.getPrototypeOf(querystring.parse('__proto__=1')), null);
  assert.strictEqual(querystring.parse('__proto__=1').__proto__, '1');
});

test('parse stops at maxKeys', () => {
  const many = Array.from({ length: 1200 }, (_, i) => `k${i}=1`).join('&');
  assert.strictEqual(Object.keys(querystring.parse(many)).length, 1000);
  assert.strictEqual(Object.keys(querystring.parse(many, null, null, { maxKeys: 0 })).length, 1200);
});

test('stringify writes primitives, and arrays as pairs', () => {
  assert.strictEqual(
    querystring.stringify({ a: 1, b: ['x y', true], c: null, d: 2n, e: NaN }),
    'a=1&b=x%20y&b=true&c=&d=2&e=',
  );
  assert.strictEqual(querystring.stringify(5), '');
  assert.throws(() => querystring.stringify({ a: '\ud800' }), { code: 'ERR_INVALID_URI' });
});
