'use strict';
const querystring = require('querystring');
const { StringDecoder } = require('string_decoder');
const { inspect } = require('util');
const { program } = require('./harness');

program('parse()', (fact) => {
  for (const args of [
    ['a=1&b=2'],
    ['a=1&a=2&a=3'],
    ['a&b=&=c&&d'],
    ['a=b=c'],
    ['a+b=c+d'],
    ['%61=%20&%zz=%'],
    ['%E4%BD%A0=%E5%A5%BD'],
    ['%ff=%c3'],
    ['a:1;b:2', ';', ':'],
    ['a:1;;b:2', ';;', ':'],
    ['a=>1&b=>2', '&', '=>'],
    ['a=1', '', ''],
    ['a=1', null, null],
    ['a=1&b=2&c=3', '&', '=', { maxKeys: 2 }],
    ['a=1&b=2&c=3', '&', '=', { maxKeys: 0 }],
    ['a=1&b=2&c=3', '&', '=', { maxKeys: -1 }],
    ['a=1&b=2&c=3', '&', '=', { maxKeys: 'x' }],
    ['a=%31', '&', '=', { decodeURIComponent: (text) => `<${text}>` }],
    ['a=%zz', '&', '=', { decodeURIComponent }],
    ['a=1', '&', '=', { decodeURIComponent: 5 }],
    ['__proto__=1&constructor=2&hasOwnProperty=3'],
    [''],
    [5],
    [null],
    [undefined],
    [{}],
    ['?a=1'],
    ['a=\ud800'],
  ])
    fact.of(inspect(args), () => inspect(querystring.parse(...args)));
  const many = 'a&'.repeat(2000);
  fact('keys', Object.values(querystring.parse(many)).flat().length);
  fact('prototype', Object.getPrototypeOf(querystring.parse('')));
  fact('same', querystring.decode === querystring.parse);
});

program('stringify(), escape() and unescape()', (fact) => {
  for (const args of [
    [{ a: 1, b: 'x y', c: true, d: null, e: undefined, f: {}, g: [], h: NaN, i: 5n }],
    [{ a: [1, 'b', null, undefined, {}, true, Infinity] }],
    [{ 'é ü': '✓&=+#' }],
    [{ a: 1, b: 2 }, ';', ':'],
    [{ a: 1, b: 2 }, '', ''],
    [{ a: 'x' }, '&', '=', { encodeURIComponent: (text) => `<${text}>` }],
    [{ a: 'x' }, '&', '=', { encodeURIComponent: 5 }],
    [{ a: '\ud800' }],
    [{ a: '😀' }],
    [{ a: Symbol('s') }],
    [{ a: () => {} }],
    [{}],
    [[1, 2]],
    ['text'],
    [5],
    [null],
    [undefined],
    [{ a: -0, b: 1e21, c: 0.1 }],
  ])
    fact.of(inspect(args), () => querystring.stringify(...args));
  fact('inherited', querystring.stringify(Object.create({ a: 1 })));
  fact('same', querystring.encode === querystring.stringify);
  for (const text of ['a b', "!'()*-._~", 'é', 5, null, undefined, {}, '\ud800'])
    fact.of(`escape ${inspect(text)}`, () => querystring.escape(text));
  for (const text of ['a%20b+c', '%', '%zz', '%e4', 5, null, undefined])
    fact.of(`unescape ${inspect(text)}`, () => querystring.unescape(text));
  fact('unescapeBuffer', querystring.unescapeBuffer('a%20%zz%4').toString('latin1'));
});

const PIECES = {
  utf8: ['e2', '82', 'ac', 'f0', '9f98', '80', 'ff', 'c3', '28', 'e2', '28a1', 'eda080'],
  utf16le: ['61', '0000', '3dd8', '00', 'de', '3d', 'd8'],
  base64: ['61', '62', '6364', '65666768', '69'],
  base64url: ['ff', 'fe', 'fd', 'fc'],
  hex: ['61', 'ff00'],
  latin1: ['e9', 'ff'],
  ascii: ['e9', '41'],
};

program('StringDecoder', (fact) => {
  for (const [encoding, pieces] of Object.entries(PIECES)) {
    const decoder = new StringDecoder(encoding);
    const parts = pieces.map((piece) => decoder.write(Buffer.from(piece, 'hex')));
    fact(encoding, parts, decoder.end(), decoder.encoding);
    const again = new StringDecoder(encoding);
    again.write(Buffer.from(pieces[0], 'hex'));
    fact(`${encoding} end`, again.end(Buffer.from(pieces[1], 'hex')), again.end());
  }
  for (const encoding of [undefined, null, '', 'UTF-8', 'ucs2', 'binary', 'nope', 5, {}])
    fact.of(`encoding ${inspect(encoding)}`, () => new StringDecoder(encoding).encoding);
  const decoder = new StringDecoder();
  for (const input of ['text', 5, null, undefined, {}, [1], new ArrayBuffer(2)])
    fact.of(`write ${inspect(input)}`, () => decoder.write(input));
  fact.of('typed array', () => decoder.write(new Uint16Array([0x6161])));
  fact.of(
    'DataView',
    () => decoder.write(new DataView(Buffer.from('xy').buffer, 0, 1)),
    (text) => typeof text,
  );
  for (const input of ['text', 5, null]) fact.of(`end ${inspect(input)}`, () => decoder.end(input));
  const open = new StringDecoder('utf8');
  open.write(Buffer.from([0xe2, 0x82]));
  fact('state', open.lastNeed, open.lastTotal, open.lastChar?.length);
});
