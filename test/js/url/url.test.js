'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const {
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
} = require('url');

test('absolute URLs are parsed and written as the standard says', () => {
  for (const [input, href] of [
    [
      'HTTP://user:pa%20ss@Ex%41mple.com:80/a/../b/./c?x=1#f',
      'http://user:pa%20ss@example.com/b/c?x=1#f',
    ],
    ['https://[1:0:0:2::3]:8443', 'https://[1:0:0:2::3]:8443/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://m\u00fcnchen.de/\u00e4', 'http://xn--mnchen-3ya.de/%C3%A4'],
    ['  ht\ntp://x/\ty', 'http://x/y'],
    ['http:\\\\x\\y', 'http://x/y'],
    ['file://localhost/C|/x', 'file:///C:/x'],
    ['mailto:a@b.c', 'mailto:a@b.c'],
    ['foo:/a/../b', 'foo:/b'],
    ['http://x/\ud800', 'http://x/%EF%BF%BD'],
  ])
    assert.strictEqual(new URL(input).href, href);
});

test('relative URLs need a base', () => {
  for (const [input, base, href] of [
    ['../a?b', 'http://x/y/z/w', 'http://x/y/a?b'],
    ['//h/p', 'https://x', 'https://h/p'],
    ['#f', 'mailto:x', 'mailto:x#f'],
    ['', 'http://x/y?z#f', 'http://x/y?z'],
  ])
    assert.strictEqual(new URL(input, base).href, href);
  assert.throws(() => new URL('a'), { code: 'ERR_INVALID_URL', input: 'a' });
  assert.throws(() => new URL('a', 'b'), { code: 'ERR_INVALID_URL', base: 'b' });
});

test('invalid URLs are refused', () => {
  for (const input of [
    'http://',
    'http://a b/',
    'http://x:99999',
    'http://256.1.1.1',
    'http://%00x',
    'http://xn--a',
  ]) {
    assert.strictEqual(URL.canParse(input), false, input);
    assert.strictEqual(URL.parse(input), null);
  }
  assert.strictEqual(URL.canParse('http://x'), true);
});

test('setters change their part, and ignore what does not fit', () => {
  const url = new URL('http://u:p@h.com:8080/p?q#f');
  url.protocol = 'https';
  url.host = 'x.org:81';
  url.pathname = 'a b';
  url.search = 'k=v';
  url.hash = '';
  url.username = 'me@';
  assert.strictEqual(url.href, 'https://me%40:p@x.org:81/a%20b?k=v');
  url.protocol = 'mailto';
  url.port = '443';
  url.password = '';
  assert.strictEqual(url.href, 'https://me%40@x.org/a%20b?k=v');
  assert.strictEqual(url.origin, 'https://x.org');
  assert.throws(() => (url.href = 'nope'), { code: 'ERR_INVALID_URL' });
  assert.strictEqual(JSON.stringify({ url }), '{"url":"https://me%40@x.org/a%20b?k=v"}');
});

test('searchParams and search follow each other', () => {
  const url = new URL('http://x/?b=2&a=1&b=3');
  const params = url.searchParams;
  params.append('c d', 'e&f');
  assert.strictEqual(url.search, '?b=2&a=1&b=3&c+d=e%26f');
  params.delete('b', '2');
  params.set('a', '9');
  params.sort();
  assert.strictEqual(url.href, 'http://x/?a=9&b=3&c+d=e%26f');
  url.search = '?n=1';
  assert.deepStrictEqual([...params], [['n', '1']]);
  params.delete('n');
  assert.strictEqual(url.href, 'http://x/');
});

test('URLSearchParams takes text, pairs and objects', () => {
  assert.strictEqual(String(new URLSearchParams('?a=%zz&b=+%2B')), 'a=%25zz&b=+%2B');
  assert.strictEqual(
    String(
      new URLSearchParams([
        ['a', 'b'],
        ['a', '\u00e9'],
      ]),
    ),
    'a=b&a=%C3%A9',
  );
  assert.strictEqual(String(new URLSearchParams({ a: 1, b: '~!' })), 'a=1&b=%7E%21');
  assert.throws(() => new URLSearchParams([['a']]), { code: 'ERR_INVALID_TUPLE' });
  const params = new URLSearchParams('a=1&a=2&b=3');
  assert.deepStrictEqual(params.getAll('a'), ['1', '2']);
  assert.strictEqual(params.get('zz'), null);
  assert.strictEqual(params.has('a', '2'), true);
  assert.strictEqual(params.size, 3);
});

test("files' URLs", () => {
  assert.strictEqual(fileURLToPath('file:///a%20b'), '/a b');
  assert.throws(() => fileURLToPath('file:///a%2fb'), { code: 'ERR_INVALID_FILE_URL_PATH' });
  assert.throws(() => fileURLToPath('http://x'), { code: 'ERR_INVALID_URL_SCHEME' });
  assert.throws(() => fileURLToPath('file://h/x'), { code: 'ERR_INVALID_FILE_URL_HOST' });
  for (const path of ['/a b', '/a%b#c?d', '/x/', '/\u00fc', '/a\\b', '/a\tb\n'])
    assert.strictEqual(fileURLToPath(pathToFileURL(path)), path);
});

test('domains in ASCII and Unicode', () => {
  assert.strictEqual(domainToASCII('espa\u00f1ol.com'), 'xn--espaol-zwa.com');
  assert.strictEqual(domainToUnicode('xn--espaol-zwa.com'), 'espa\u00f1ol.com');
  assert.strictEqual(domainToASCII('xn--i\u00f1valid.com'), '');
});

test('a domain that no DNS has is refused before its forms are looked for', () => {
  const long = '\u0315\u0300'.repeat(30000);
  for (const host of [`a${long}`, `xn--${'b'.repeat(60000)}`, '\u4e00'.repeat(60000)]) {
    assert.throws(() => new URL(`http://${host}/`), { code: 'ERR_INVALID_URL' });
    assert.strictEqual(domainToASCII(host), '');
    assert.strictEqual(domainToUnicode(host), '');
  }
  assert.strictEqual(new URL(`http://${'a'.repeat(60000)}/`).hostname.length, 60000);
});

test('options of an HTTP request', () => {
  const options = urlToHttpOptions(new URL('https://a:b%40@[::1]:8080/p?q#h'));
  assert.strictEqual(options.hostname, '::1');
  assert.strictEqual(options.port, 8080);
  assert.strictEqual(options.path, '/p?q');
  assert.strictEqual(options.auth, 'a:b@');
});
