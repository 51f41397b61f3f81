'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const url = require('url');

const parts = ({ protocol, auth, host, port, hostname, pathname, search, hash }) => [
  protocol,
  auth,
  host,
  port,
  hostname,
  pathname,
  search,
  hash,
];

test('parse reads URLs of any protocol', () => {
  for (const [text, expected] of [
    [
      'http://u:p%40@H.com:8080/p/a?q=1#h',
      ['http:', 'u:p@', 'h.com:8080', '8080', 'h.com', '/p/a', '?q=1', '#h'],
    ],
    [
      'redis://:pw@127.0.0.1:6379/0',
      ['redis:', ':pw', '127.0.0.1:6379', '6379', '127.0.0.1', '/0', null, null],
    ],
    ['mqtt://h', ['mqtt:', null, 'h', null, 'h', null, null, null]],
    ['amqp://g:g@l:5672/%2F', ['amqp:', 'g:g', 'l:5672', '5672', 'l', '/%2F', null, null]],
    ['http://[::1]:80/x', ['http:', null, '[::1]:80', '80', '::1', '/x', null, null]],
    ['/a/b?c=d#e', [null, null, null, null, null, '/a/b', '?c=d', '#e']],
    ['http://x', ['http:', null, 'x', null, 'x', '/', null, null]],
    ['http://x/a b{c}', ['http:', null, 'x', null, 'x', '/a%20b%7Bc%7D', null, null]],
  ])
    assert.deepStrictEqual(parts(url.parse(text)), expected, text);
  assert.deepStrictEqual({ ...url.parse('/x?a=1&a=2', true).query }, { a: ['1', '2'] });
  assert.strictEqual(url.parse('//h/p', false, true).host, 'h');
  assert.throws(() => url.parse(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => url.parse('http://a]b/'), { code: 'ERR_INVALID_URL' });
});

test('format joins parts', () => {
  assert.strictEqual(
    url.format({ protocol: 'http', host: 'x.com', pathname: 'a?b#c', search: 'd#e', hash: 'f' }),
    'http://x.com/a%3Fb%23c?d%23e#f',
  );
  assert.strictEqual(
    url.format({ hostname: '::1', port: 80, protocol: 'http:' }),
    'http://[::1]:80',
  );
  assert.strictEqual(url.format({ pathname: '/x', query: { a: 1, b: [2, 3] } }), '/x?a=1&b=2&b=3');
  assert.strictEqual(
    url.format(new URL('http://u:p@xn--mnchen-3ya.de/p?q#f'), {
      auth: false,
      fragment: false,
      unicode: true,
    }),
    'http://m\u00fcnchen.de/p?q',
  );
});

test('resolve follows links', () => {
  for (const [from, to, expected] of [
    ['/one/two/three', 'four', '/one/two/four'],
    ['http://a/b/c', '.././d/', 'http://a/d/'],
    ['http://a/b?c', '?d', 'http://a/b?d'],
    ['http://a/b', '//c/d', 'http://c/d'],
    ['http://a/b/c/d;p?q', '../../../g', 'http://a/g'],
    ['http://a/b', 'https://c/d', 'https://c/d'],
    ['mailto:local@domain', '?subject=x', 'mailto:local@domain?subject=x'],
    ['a/b', '../../../c', '../../c'],
    ['.', '#hash', '#hash'],
  ])
    assert.strictEqual(url.resolve(from, to), expected, `${from} ${to}`);
});

test('a text with many blanks costs its length', () => {
  const blanks = ' '.repeat(1e6);
  assert.strictEqual(url.parse(`${blanks}/a${blanks}`).path, '/a');
  assert.strictEqual(url.parse(`/a${blanks}b`).pathname.length, 3 + 3e6);
});

test('Url may be called by a class of before there were any', () => {
  function Own() {
    url.Url.call(this);
  }
  require('util').inherits(Own, url.Url);
  const own = new Own();
  own.parse('http://a.test/b');
  assert.strictEqual(own.hostname, 'a.test');
});
