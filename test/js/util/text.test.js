'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const util = require('util');

const always = { validateStream: false };

test('styleText begins the outer style again where an inner one ends', () => {
  const inner = util.styleText('blue', 'b', always);
  assert.strictEqual(
    util.styleText('red', `a${inner}c`, always),
    '\x1b[31ma\x1b[34mb\x1b[31mc\x1b[39m',
  );
  assert.strictEqual(util.styleText('#12ab3f', 'x', always), '\x1b[38;2;18;171;63mx\x1b[39m');
  assert.strictEqual(util.styleText(['none'], 'x', always), 'x');
});

test('styleText is plain where the stream has no colours', () => {
  const terminal = { isTTY: true, write() {}, on() {} };
  assert.strictEqual(util.styleText('red', 'x', { stream: terminal }), '\x1b[31mx\x1b[39m');
  const stream = { ...terminal, isTTY: false };
  assert.strictEqual(util.styleText('red', 'x', { stream }), 'x');
  assert.throws(() => util.styleText('red', 'x', { stream: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => util.styleText('reddish', 'x'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('diff tells the least changes between lists', () => {
  assert.deepStrictEqual(util.diff(['1', '2', '3'], ['1', '3', '4']), [
    [0, '1'],
    [1, '2'],
    [0, '3'],
    [-1, '4'],
  ]);
  assert.deepStrictEqual(util.diff('same', 'same'), []);
  assert.throws(() => util.diff(['a'], [5]), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('TextDecoder knows the encodings of before Unicode, also piece by piece', () => {
  const decode = (label, bytes) => new TextDecoder(label).decode(Uint8Array.from(bytes));
  assert.strictEqual(decode('windows-1251', [0xcf, 0xf0]), 'Пр');
  assert.strictEqual(decode('cp1251', [0xcf]), 'П');
  assert.strictEqual(decode('iso-8859-2', [0xb1]), 'ą');
  assert.strictEqual(decode('gb2312', [0xc4, 0xe3]), '你');
  assert.strictEqual(decode('big5', [0xa7, 0x41]), '你');
  assert.strictEqual(decode('euc-kr', [0xb0, 0xa1]), '가');
  const pieces = new TextDecoder('shift_jis');
  assert.strictEqual(pieces.decode(Uint8Array.of(0x82), { stream: true }), '');
  assert.strictEqual(pieces.decode(Uint8Array.of(0xa0)), 'あ');
  assert.throws(() => new TextDecoder('replacement'), { code: 'ERR_ENCODING_NOT_SUPPORTED' });
});

test('a fatal TextDecoder throws at what is no text, and goes on with the next', () => {
  const decoder = new TextDecoder('gbk', { fatal: true });
  assert.throws(() => decoder.decode(Uint8Array.of(0xff)), {
    code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
  });
  assert.strictEqual(decoder.decode(Uint8Array.of(0xc4, 0xe3)), '你');
});

test('URLs and keys are equal by what they are', () => {
  const equal = util.isDeepStrictEqual;
  assert(!equal(new URL('http://a/'), new URL('http://b/')));
  assert(equal(new URL('http://a/'), new URL('http://a')));
  const { createSecretKey } = require('crypto');
  const key = (text) => createSecretKey(Buffer.from(text));
  assert(!equal(key('a'), key('b')) && equal(key('a'), key('a')));
  assert(equal(new Date(NaN), new Date(NaN)));
});

test('events, signals and their controllers show what they are', () => {
  assert.strictEqual(util.inspect(new AbortController().signal), 'AbortSignal { aborted: false }');
  assert.match(util.inspect(new Event('x')), /^Event \{\n {2}type: 'x',/);
  class Own extends EventTarget {
    field = 1;
  }
  assert.match(util.inspect(new Own()), /field: 1/);
});

test('a custom function of inspect gets the options of the call, and what is left of its depth', () => {
  const seen = [];
  const one = {
    [util.inspect.custom](depth, options) {
      seen.push([depth, options.depth]);
      return 'one';
    },
  };
  util.inspect({ a: { b: one } });
  util.inspect({ a: one }, { depth: 5 });
  assert.deepStrictEqual(seen, [
    [0, 2],
    [4, 5],
  ]);
});
