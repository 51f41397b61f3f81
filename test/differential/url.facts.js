'use strict';
const url = require('url');
const querystring = require('querystring');
const util = require('util');
const { program } = require('./harness');

const FIELDS = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
];
const parts = (one) => FIELDS.map((name) => one[name]);

program('what the module exports', (fact) => {
  for (const name of [
    'URL',
    'URLSearchParams',
    'Url',
    'domainToASCII',
    'domainToUnicode',
    'fileURLToPath',
    'fileURLToPathBuffer',
    'format',
    'parse',
    'pathToFileURL',
    'resolve',
    'resolveObject',
    'urlToHttpOptions',
  ])
    fact(name, typeof url[name], url[name].length);
  fact('querystring', Object.keys(querystring).sort());
  fact('same classes', url.URL === URL, url.URLSearchParams === URLSearchParams);
  fact('URL', Object.getOwnPropertyNames(URL).sort(), Object.keys(URL.prototype).sort());
  fact('URLSearchParams', Object.keys(URLSearchParams.prototype).sort());
});

program('URL reads what it is given', (fact) => {
  for (const text of [
    'http://user:pa ss@EXAMPLE.com:080/a/../b/./c?x=1&y=%41#frag ment',
    'https://ex\u00e4mple.com/\u00fc?\u00e4#\u00f6',
    'http://xn--nxasmq6b/',
    'http://[::1]:3000/',
    'http://[1:2:0:0:0:0:7:8]/',
    'http://0x7f.1/',
    'http://256.1.1.1/',
    'http://1.2.3/',
    'file:///C:/a\\b',
    'file://host/share',
    'mailto:a@b.c',
    'data:text/plain,hi there',
    'javascript:alert(1)',
    'http:///a',
    'http:/a',
    'http:a',
    'http://a b/',
    'http://a:99999/',
    'http://a:x/',
    'http://a:/',
    'ws://a:80/',
    'wss://a:443/x',
    'ftp://a:21/',
    'unknown://Host:80/a/../b',
    'about:blank',
    'blob:https://a.b/uuid',
    '//no-base',
    '',
    ' http://a/ ',
    'http://a\t/\nb',
    'http://a/%zz%2f',
    'http://%41/',
    'http://a/?a\'"<>`',
    'http://a/{}|^`"<>',
  ])
    fact.of(JSON.stringify(text), () => new URL(text), parts);
  for (const [text, base] of [
    ['b', 'http://a/x/y'],
    ['../b', 'http://a/x/y/z'],
    ['?q', 'http://a/x#h'],
    ['#h', 'http://a/x?q'],
    ['//b/c', 'https://a/x'],
    ['', 'http://a/x?q#h'],
    ['b', 'mailto:x'],
    ['b', 'no base'],
    ['/x', 'file:///a/b'],
    ['http://b', undefined],
  ])
    fact.of(
      `${text} on ${base}`,
      () => new URL(text, base),
      (one) => one.href,
    );
});

program('errors of URL', (fact) => {
  for (const args of [[], [''], ['x'], ['x', 'y'], [Symbol('s')], [null], [{}], [5, 'http://a']]) {
    try {
      fact(args.map(String).join(), new URL(...args).href);
    } catch (error) {
      fact(args.map(String).join(), error, error.input, error.base, Object.keys(error));
    }
    fact.of(
      'parse',
      () => URL.parse(...args),
      (one) => one?.href,
    );
    fact.of('canParse', () => URL.canParse(...args));
  }
});

program('setters', (fact) => {
  for (const [name, value] of [
    ['href', 'https://b/'],
    ['href', 'nothing'],
    ['protocol', 'https'],
    ['protocol', 'ftp:'],
    ['protocol', 'mailto'],
    ['username', 'a b:'],
    ['password', '\u00e4@'],
    ['host', 'c:81'],
    ['host', ''],
    ['host', 'c:x'],
    ['hostname', 'd/e'],
    ['hostname', 'D:1'],
    ['port', '443'],
    ['port', '70000'],
    ['port', '12x'],
    ['port', ''],
    ['port', ' 5'],
    ['pathname', 'x y'],
    ['pathname', ''],
    ['pathname', '?#'],
    ['search', 'a=b c'],
    ['search', '?'],
    ['search', ''],
    ['hash', 'x#y z'],
    ['hash', ''],
    ['origin', 'x'],
    ['searchParams', 'x'],
  ]) {
    const one = new URL('http://u:p@a:8080/p?q#h');
    fact.of(`${name} = ${value}`, () => (Reflect.set(one, name, value), parts(one)));
  }
  const mail = new URL('mailto:x');
  mail.host = 'a';
  mail.port = '1';
  mail.pathname = 'y';
  fact('of an opaque path', mail.href);
});

program('searchParams and the URL', (fact) => {
  const one = new URL('http://a/?b=1&a=2&b=3&%zz=%F0%9F&c+d=e%20f');
  const { searchParams } = one;
  fact('list', [...searchParams], searchParams.size);
  searchParams.append('x y', '\u00e4&=+');
  fact('append', one.href);
  searchParams.set('b', '9');
  searchParams.sort();
  fact('sort', one.search);
  searchParams.delete('a', '5');
  searchParams.delete('b', '9');
  fact('delete', one.search, searchParams.has('a', '2'), searchParams.has('a', 3));
  one.search = '?new=1';
  fact(
    'after search',
    searchParams.get('new'),
    searchParams.getAll('none'),
    searchParams.get('none'),
  );
  for (const name of [...searchParams.keys()]) searchParams.delete(name);
  fact('empty', one.href, searchParams.toString());
});

program('URLSearchParams takes', (fact) => {
  for (const [name, init] of Object.entries({
    undefined,
    null: null,
    text: '?a=1&&b&=c&a=%20+',
    pairs: [
      ['a', 1],
      ['b', null],
    ],
    map: new Map([['k', 'v']]),
    object: { x: 1, y: [1, 2] },
    params: new URLSearchParams('q=1'),
    number: 5,
    'bad pairs': [['a']],
    'no pairs': [5],
    'text pairs': ['ab', 'cd'],
    'not iterable': { [Symbol.iterator]: 5 },
    symbol: Symbol('x'),
    function: function () {},
  }))
    fact.of(
      name,
      () => new URLSearchParams(init),
      (one) => one.toString(),
    );
  const params = new URLSearchParams('a=1&b=2');
  const iterator = params.entries();
  fact('iterator', String(iterator), iterator.next().value, [...iterator], iterator.next().done);
  params.forEach(function (value, name, whole) {
    fact('forEach', value, name, whole === params, this === fact);
  }, fact);
  for (const name of ['append', 'delete', 'get', 'getAll', 'has', 'set', 'forEach', 'sort', 'keys'])
    fact.of(`${name}()`, () => params[name]());
  fact.of('forEach(5)', () => params.forEach(5));
  fact.of('of another', () => URLSearchParams.prototype.get.call({}, 'a'));
  fact(
    'inspect',
    util.inspect(params),
    util.inspect(params.keys()),
    util.inspect(new URL('http://a/b?c#d')),
  );
});

program('url.parse()', (fact) => {
  for (const text of [
    'http://user:pass@host.com:8080/p/a/t/h?query=string#hash',
    'HTTP://HOST.com/a b?c d#e f',
    '//host/path',
    'mailto:a@b.c',
    'javascript:alert(1)',
    '/a?b',
    '?x',
    '',
    'http://a@b@c/',
    'http://a.com:80:90/',
    'http://[::1]:80/a',
    'x:y:z',
    'http://-a-.com',
    'http://a_b.com',
    'http://a%00b/',
    'http://x/\'"<>`{}|\\^',
    'coap://u:p@::1:61616/.well-known/r?n=T#c',
    'http://\u00fcber.com/',
  ])
    for (const flags of [[], [true], [false, true]])
      fact.of(
        `${text} ${flags}`,
        () => url.parse(text, ...flags),
        (one) => ({ ...one }),
      );
  for (const bad of [undefined, null, 5, {}]) fact.of(String(bad), () => url.parse(bad));
});

program('url.format() and url.resolve()', (fact) => {
  for (const given of [
    { protocol: 'http', host: 'a:1', pathname: '/x y', search: 'q=1', hash: 'h' },
    { protocol: 'http:', hostname: 'a', port: 5, query: { a: [1, 2], b: '' } },
    { protocol: 'mailto', pathname: 'a@b' },
    { hostname: '::1', protocol: 'http', slashes: true },
    { pathname: 'a?b#c', search: '?x#y' },
    { auth: 'u:p w', host: 'h' },
    {},
    'http://a.com/x y',
    new URL('http://u:p@\u00fc.com/x?y#z'),
  ])
    fact.of(typeof given === 'string' ? given : JSON.stringify(given), () => url.format(given));
  const whole = new URL('http://u:p@\u00fc.com/x?y#z');
  for (const options of [
    { auth: false },
    { fragment: false },
    { search: false },
    { unicode: true },
    { auth: 5 },
    null,
    5,
  ])
    fact.of(JSON.stringify(options), () => url.format(whole, options));
  for (const bad of [undefined, null, 5, true]) fact.of(String(bad), () => url.format(bad));
  for (const [from, to] of [
    ['/one/two/three', 'four'],
    ['http://example.com/', '/one'],
    ['http://example.com/one', '/two'],
    ['http://a/b/c/d;p?q', '../../../g'],
    ['http://a/b', '//c'],
    ['http://a/b', 'mailto:x'],
    ['mailto:a@b', 'c'],
    ['/a', '#x'],
    ['a', '../..'],
    ['http://u:p@a/', '/b'],
    ['', 'x'],
  ])
    fact.of(`${from} ${to}`, () => url.resolve(from, to));
});

program('file URLs', (fact) => {
  for (const path of ['/a b', '/a#?%', 'rel', '/a/', '/a/../b', '/\u00e4', '/a\\b', '/a\nb', ''])
    fact.of(
      JSON.stringify(path),
      () => url.pathToFileURL(path),
      (one) => one.href.replace(process.cwd(), 'CWD'),
    );
  for (const [path, options] of [
    ['C:\\a b', { windows: true }],
    ['\\\\server\\share\\x', { windows: true }],
    ['\\\\server', { windows: true }],
    ['/x', { windows: false }],
  ])
    fact.of(
      `${path} windows`,
      () => url.pathToFileURL(path, options),
      (one) => one.href,
    );
  for (const bad of [undefined, null, 5, {}, new URL('file:///a')])
    fact.of(String(bad), () => url.pathToFileURL(bad), String);
  for (const text of [
    'file:///a%20b',
    'file:///a%2Fb',
    'file://host/a',
    'file://localhost/a',
    'http://a/',
    'file:///C:/a',
    'a',
    5,
    null,
    {},
  ]) {
    fact.of(`from ${text}`, () => url.fileURLToPath(text));
    fact.of(`from ${text} windows`, () => url.fileURLToPath(text, { windows: true }));
    fact.of(`from ${text} as Buffer`, () => url.fileURLToPathBuffer(text));
  }
});

program('domains and options of requests', (fact) => {
  for (const domain of [
    'espa\u00f1ol.com',
    'xn--espaol-zwa.com',
    'xn--i\u00f1valid.com',
    'a b',
    '',
    'A.b',
    '1.2',
  ])
    fact(domain, url.domainToASCII(domain), url.domainToUnicode(domain));
  fact.of('none', () => url.domainToASCII());
  for (const text of ['https://a:b@[::1]:8/x?y#z', 'http://u%20:p%3A@a/', 'http://a'])
    fact(text, { ...url.urlToHttpOptions(new URL(text)) });
  for (const bad of [undefined, null, 5, 'http://a', {}])
    fact.of(String(bad), () => url.urlToHttpOptions(bad));
});

program('querystring', (fact) => {
  for (const text of ['a=1&a=2&b', 'a=%zz&b=%E4', '&&=x&a==b', 'a+b=c+d', '', 'a=1;b=2', 'a='])
    fact(text, querystring.parse(text));
  fact('signs', querystring.parse('a:1;b:2', ';', ':'));
  fact(
    'maxKeys',
    querystring.parse('a&b&c', null, null, { maxKeys: 2 }),
    querystring.parse('a&b', '&', '=', { maxKeys: 0 }),
  );
  fact('decode', querystring.parse('a=x', null, null, { decodeURIComponent: (one) => `<${one}>` }));
  for (const bad of [undefined, null, 5, {}]) fact(String(bad), querystring.parse(bad));
  for (const value of [
    { a: 1, b: [1, 'x'], c: null, d: undefined, e: true, f: 1n, g: {}, h: '', i: NaN, j: Infinity },
    'text',
    5,
    null,
    { '\u00e4 ': '&=' },
  ])
    fact.of(JSON.stringify(String(value)), () => querystring.stringify(value));
  fact(
    'other signs',
    querystring.stringify({ a: 1, b: 2 }, ';', ':', { encodeURIComponent: (one) => one + '!' }),
  );
  fact.of('lone surrogate', () => querystring.stringify({ a: '\ud800' }));
  fact(
    'escape',
    querystring.escape("a b!'()*~\u00e4"),
    querystring.escape({}),
    querystring.escape(5),
  );
  fact(
    'unescape',
    querystring.unescape('%zz%41'),
    querystring.unescapeBuffer('a%20%zz').toString(),
  );
});

program('url.parse(): tabs and ends of lines', (fact) => {
  for (const text of [
    'http://a\tb/',
    'http://a\rb',
    'http://u\n:p@h/',
    'http://a/b\tc?d\ne#f',
    '/x\ty',
  ])
    fact(JSON.stringify(text), { ...url.parse(text) });
});
