'use strict';
const { URLPattern } = require('url');
const { inspect } = require('util');
const { program } = require('./harness');

// The order of groups is nobody's business.
const inOrder = (_, value) =>
  value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value;
const plain = (value) => (value === null ? null : JSON.stringify(value, inOrder));

program('what patterns are made of', (fact) => {
  fact('class', URLPattern === globalThis.URLPattern, URLPattern.name, String(new URLPattern()));
  const parts = [
    'protocol',
    'username',
    'password',
    'hostname',
    'port',
    'pathname',
    'search',
    'hash',
    'hasRegExpGroups',
  ];
  for (const args of [
    [],
    ['http://a.b/*'],
    ['/x', 'http://a.b'],
    ['/x?y#z', 'http://a.b:81/q?r#s'],
    [{ pathname: '/:id(\\d+)' }],
    [{ pathname: '/a', baseURL: 'http://a.b:80/c?d' }],
    [{ protocol: 'http{s}?', hostname: ':sub.example.com' }],
    [{ port: '80', protocol: 'http' }],
    [{ hostname: 'ä.de', pathname: '/ö' }],
    ['http{s}?://*.b.c/:x?/*?*#*'],
    ['data\\:foo*'],
    [{ pathname: '/a{b}?/:c*' }],
    [{ search: '?a=:b', hash: '#:c' }],
    [{ pathname: '/(a|b)' }],
    ['https://[::1]/x'],
  ])
    fact.of(inspect(args), () => {
      const pattern = new URLPattern(...args);
      return parts.map((name) => pattern[name]);
    });
});

program('what patterns match', (fact) => {
  for (const [pattern, ...args] of [
    ['http://a.b/:x?q=*', 'http://a.b/foo?q=1'],
    ['http://a.b/:x\\?q=*', 'http://a.b/foo?q=1'],
    ['http://a.b/*', 'x'],
    ['http://a.b/*'],
    ['http://a.b/*', '/x', 'http://a.b'],
    ['http://a.b/*', '/x', 'nope'],
    ['http://a.b/*', { pathname: '/z' }],
    [{ pathname: '/:a?' }, { pathname: '' }],
    [{ pathname: '/:a/:b*' }, { pathname: '/x/y/z' }],
    [{ pathname: '/:a(\\d+)' }, { pathname: '/17' }],
    [{ pathname: '/:a(\\d+)' }, { pathname: '/x' }],
    [{ protocol: 'http{s}?', hostname: ':sub.example.com' }, 'https://www.example.com/x'],
    [{ pathname: '/:x' }, 'http://a.b/é'],
    [{ pathname: '/*/c/*' }, 'http://h/a/b/c/d'],
    ['https://[::1]/x', 'https://[::1]/x'],
  ])
    fact.of(inspect([pattern, ...args]), () => {
      const one = new URLPattern(pattern);
      return [one.test(...args), plain(one.exec(...args))];
    });
  fact(
    'case',
    new URLPattern({ pathname: '/A' }, { ignoreCase: true }).test('http://a/a'),
    new URLPattern({ pathname: '/A' }, { ignoreCase: 'x' }).test('http://a/a'),
    new URLPattern({ pathname: '/A' }).test('http://a/a'),
  );
});

program('what is refused', (fact) => {
  const made = (...args) => fact.of(inspect(args), () => String(new URLPattern(...args)));
  for (const args of [
    ['x'],
    [{ pathname: '/(' }],
    [5],
    [null],
    [{ pathname: '/x' }, 'http://a'],
    [{ baseURL: 'nope' }],
    [{ pathname: '/x' }, {}, 5],
    ['http://a', 'b', 'c'],
    ['http://a.b/*', 5],
    [{ hostname: '[' }],
    [{ pathname: '/:a/:a' }],
    [{ protocol: 'x y' }],
    [Symbol('s')],
    ['http://a/*', null],
    ['http://a/*', undefined, null],
  ])
    made(...args);
  const pattern = new URLPattern('http://a.b/*');
  for (const args of [
    [5],
    [Symbol('s')],
    [null],
    ['http://a.b/x', 5],
    [{ pathname: '/x' }, 'http://a.b'],
    [true],
  ]) {
    fact.of(`test ${inspect(args)}`, () => pattern.test(...args));
    fact.of(`exec ${inspect(args)}`, () => plain(pattern.exec(...args)));
  }
  const { enumerable, set } = Object.getOwnPropertyDescriptor(URLPattern.prototype, 'hash');
  fact('members', enumerable, set, Object.keys(URLPattern.prototype).sort());
});
