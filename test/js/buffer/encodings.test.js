'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

const encodings = ['utf8', 'utf16le', 'latin1', 'ascii', 'hex', 'base64', 'base64url'];

// Slow and plain: what each encoding means, on arrays of code units and bytes.
function utf8Bytes(text) {
  const bytes = [];
  for (const character of text.toWellFormed()) {
    const c = character.codePointAt(0);
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else
      bytes.push(
        0xf0 | (c >> 18),
        0x80 | ((c >> 12) & 63),
        0x80 | ((c >> 6) & 63),
        0x80 | (c & 63),
      );
  }
  return bytes;
}

// The WHATWG's UTF-8 decoder, word for word.
function utf8Text(bytes) {
  let text = '';
  let [point, needed, seen, lower, upper] = [0, 0, 0, 0x80, 0xbf];
  for (let i = 0; i <= bytes.length; i++) {
    const byte = bytes[i];
    if (byte === undefined) {
      if (needed > 0) text += '\ufffd';
    } else if (needed === 0) {
      if (byte < 0x80) text += String.fromCharCode(byte);
      else if (byte >= 0xc2 && byte <= 0xdf) [needed, point] = [1, byte & 0x1f];
      else if (byte >= 0xe0 && byte <= 0xef) {
        if (byte === 0xe0) lower = 0xa0;
        if (byte === 0xed) upper = 0x9f;
        [needed, point] = [2, byte & 0xf];
      } else if (byte >= 0xf0 && byte <= 0xf4) {
        if (byte === 0xf0) lower = 0x90;
        if (byte === 0xf4) upper = 0x8f;
        [needed, point] = [3, byte & 7];
      } else text += '\ufffd';
    } else if (byte < lower || byte > upper) {
      [point, needed, seen, lower, upper] = [0, 0, 0, 0x80, 0xbf];
      text += '\ufffd';
      i--;
    } else {
      [lower, upper] = [0x80, 0xbf];
      point = (point << 6) | (byte & 63);
      if (++seen === needed) {
        text += String.fromCodePoint(point);
        [point, needed, seen] = [0, 0, 0];
      }
    }
  }
  return text;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function base64Text(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63]);
    text += digits.map((digit, n) => (i + n > bytes.length ? '=' : digit)).join('');
  }
  return text;
}

const decoders = {
  utf8: utf8Text,
  utf16le: (bytes) => {
    let text = '';
    for (let i = 0; i + 1 < bytes.length; i += 2)
      text += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
    return text;
  },
  latin1: (bytes) => bytes.map((byte) => String.fromCharCode(byte)).join(''),
  ascii: (bytes) => bytes.map((byte) => String.fromCharCode(byte & 127)).join(''),
  hex: (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  base64: base64Text,
  base64url: (bytes) =>
    base64Text(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
};

const random = (limit) => Math.floor(Math.random() * limit);
const lengths = [
  0, 1, 2, 3, 5, 11, 12, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 257, 700, 4095, 4097,
  9001,
];

function randomBytes(length) {
  const style = random(4);
  return Array.from({ length }, () => {
    if (style === 0) return random(128);
    if (style === 1) return random(256);
    const kind = random(6);
    if (kind < 2) return random(128);
    return kind < 4
      ? 0x80 + random(64)
      : [0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5][random(9)];
  });
}

function randomText(length) {
  const limit = [0x80, 0x100, 0x3000, 0x10000][random(4)];
  const units = Array.from({ length }, () =>
    limit === 0x10000 && random(3) === 0 ? 0xd800 + random(0x800) : random(limit),
  );
  return units.map((unit) => String.fromCharCode(unit)).join('');
}

test('bytes become text as the plain decoders say, in every encoding and length', () => {
  for (let round = 0; round < 20; round++) {
    for (const length of lengths) {
      const bytes = randomBytes(length);
      const buffer = Buffer.from(bytes);
      for (const encoding of encodings)
        assert.strictEqual(
          buffer.toString(encoding),
          decoders[encoding](bytes),
          `${encoding} ${length}`,
        );
      const [start, end] = [random(length + 1), random(length + 1)];
      assert.strictEqual(
        buffer.toString('utf8', start, end),
        utf8Text(bytes.slice(start, Math.max(start, end))),
      );
      assert.strictEqual(
        buffer.toString('hex', start, end),
        decoders.hex(bytes.slice(start, Math.max(start, end))),
      );
    }
  }
});

test('text becomes bytes as the plain encoders say, in every encoding and length', () => {
  for (let round = 0; round < 20; round++) {
    for (const length of lengths) {
      const text = randomText(length);
      const expected = {
        utf8: utf8Bytes(text),
        utf16le: [...Array(length).keys()].flatMap((i) => [
          text.charCodeAt(i) & 255,
          text.charCodeAt(i) >> 8,
        ]),
        latin1: [...Array(length).keys()].map((i) => text.charCodeAt(i) & 255),
      };
      expected.ascii = expected.latin1;
      for (const [encoding, bytes] of Object.entries(expected)) {
        assert.strictEqual(Buffer.byteLength(text, encoding), bytes.length);
        assert.deepStrictEqual([...Buffer.from(text, encoding)], bytes);
        const target = Buffer.alloc(bytes.length + 4, 0xaa);
        assert.strictEqual(target.write(text, 2, encoding), bytes.length);
        assert.deepStrictEqual([...target], [0xaa, 0xaa, ...bytes, 0xaa, 0xaa]);
      }
      const bytes = randomBytes(length);
      for (const encoding of ['hex', 'base64', 'base64url']) {
        const encoded = decoders[encoding](bytes);
        assert.deepStrictEqual([...Buffer.from(encoded, encoding)], bytes);
        const target = Buffer.alloc(length + 2);
        assert.strictEqual(target.write(encoded, 1, encoding), length);
        assert.deepStrictEqual([...target], [0, ...bytes, 0]);
      }
    }
  }
});

test('write() never cuts a character and never passes the end', () => {
  for (const text of [
    '\u20ac\u20ac\u20ac',
    'a\ud83d\ude00b',
    '\u00e9'.repeat(9),
    'x'.repeat(9) + '\u20ac',
  ]) {
    for (let room = 0; room < 12; room++) {
      const target = Buffer.alloc(14, 0xaa);
      const written = target.write(text, 1, room);
      assert.ok(written <= room);
      assert.ok(text.startsWith(target.toString('utf8', 1, 1 + written)));
      assert.ok(target.subarray(1 + written).every((byte) => byte === 0xaa));
    }
  }
  assert.strictEqual(Buffer.alloc(5).write('abc', 'utf16le'), 4);
});

test('maximal parts of invalid UTF-8 become one U+FFFD each', () => {
  const cases = [
    [[0xc0, 0x80], 2],
    [[0xe2, 0x82], 1],
    [[0xf0, 0x9f, 0x98], 1],
    [[0xed, 0xa0, 0x80], 3],
    [[0xf4, 0x90, 0x80, 0x80], 4],
    [[0xf8, 0x88, 0x80, 0x80, 0x80], 5],
    [[0xe0, 0x80, 0x80], 3],
    [[0xff], 1],
    [[0xf1, 0x80, 0xe1, 0x80, 0xc2], 3],
  ];
  for (const [bytes, count] of cases) {
    assert.strictEqual(Buffer.from(bytes).toString(), '\ufffd'.repeat(count));
    assert.strictEqual(Buffer.from([65, ...bytes, 66]).toString(), `A${'\ufffd'.repeat(count)}B`);
  }
  assert.strictEqual(Buffer.from([0xef, 0xbb, 0xbf, 65]).toString(), '\ufeffA');
});

test('lone surrogates are written as EF BF BD', () => {
  for (const text of ['\ud83d', '\ude00', '\ud83dx'.repeat(40), '\ude00\ud83d'.repeat(40)])
    assert.deepStrictEqual([...Buffer.from(text)], utf8Bytes(text));
});

test('base64 is read as leniently as Node reads it', () => {
  const cases = [
    ['YQ', 'a'],
    ['YQ=', 'a'],
    ['YQ==', 'a'],
    ['Y', ''],
    ['YW Jj\n', 'abc'],
    ['YW*Jj', 'abc'],
    ['YQ==YQ==', 'a'],
    ['=YQ', ''],
    ['YWJjZA==\n', 'abcd'],
  ];
  for (const [text, expected] of cases)
    for (const encoding of ['base64', 'base64url'])
      assert.strictEqual(Buffer.from(text, encoding).toString(), expected, text);
  assert.strictEqual(Buffer.from('-_+/', 'base64').toString('hex'), 'fbffbf');
  const long = 'YWJj'.repeat(100);
  assert.strictEqual(Buffer.from(`${long}!${long}-_`, 'base64').length, 601);
  assert.strictEqual(Buffer.from(`${long}=${long}`, 'base64').length, 300);
});

test('hex ends at the first pair that is none', () => {
  for (const [text, expected] of [
    ['abc', 'ab'],
    ['abxx12', 'ab'],
    ['zz', ''],
    ['ABcd', 'abcd'],
    ['ab\u0161\u0161', 'ab'],
  ])
    assert.strictEqual(Buffer.from(text, 'hex').toString('hex'), expected);
  assert.strictEqual(Buffer.from('ab'.repeat(300) + 'g0' + 'ff', 'hex').length, 300);
});

test('encodings are known by all their names, in any case', () => {
  const names = [
    'utf8',
    'UTF-8',
    'ucs2',
    'UCS-2',
    'utf16le',
    'UTF-16LE',
    'latin1',
    'Binary',
    'ascii',
    'HEX',
    'base64',
    'Base64URL',
  ];
  for (const name of names) assert.ok(Buffer.isEncoding(name), name);
  for (const name of ['', 'utf-32', 'latin-1', undefined, null, 5, {}])
    assert.ok(!Buffer.isEncoding(name));
  for (const call of [
    () => Buffer.from('a', 'nope'),
    () => Buffer.from('abc').toString('nope'),
    () => Buffer.alloc(2).write('a', 'nope'),
    () => Buffer.alloc(2).fill('a', 'nope'),
    () => Buffer.from('abc').indexOf('a', 0, 'nope'),
  ])
    assert.throws(call, {
      name: 'TypeError',
      code: 'ERR_UNKNOWN_ENCODING',
      message: 'Unknown encoding: nope',
    });
});

test('text over the limit is refused', () => {
  const { constants } = require('buffer');
  const big = Buffer.alloc(constants.MAX_STRING_LENGTH + 1);
  const message = `Cannot create a string longer than 0x${constants.MAX_STRING_LENGTH.toString(16)} characters`;
  for (const encoding of ['utf8', 'latin1', 'ascii', 'hex', 'base64'])
    assert.throws(() => big.toString(encoding), {
      name: 'Error',
      code: 'ERR_STRING_TOO_LONG',
      message,
    });
});

test('isUtf8 and isAscii look at the bytes', () => {
  const { isUtf8, isAscii } = require('buffer');
  assert.ok(isUtf8(Buffer.from('h\u00e9llo \ud83d\ude00')));
  assert.ok(!isUtf8(Buffer.from([0xc3])));
  assert.ok(isAscii(Buffer.from('x'.repeat(100))));
  assert.ok(!isAscii(Buffer.from('x'.repeat(100) + '\u00e9')));
  assert.ok(isUtf8(new ArrayBuffer(3)));
  assert.throws(() => isAscii('x'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('transcode changes the encoding and puts ? for what is not there', () => {
  const { transcode } = require('buffer');
  assert.strictEqual(
    transcode(Buffer.from('\u20ac\u00e9'), 'utf8', 'latin1').toString('latin1'),
    '?\u00e9',
  );
  assert.strictEqual(transcode(Buffer.from('\u20ac'), 'utf8', 'ucs2').toString('hex'), 'ac20');
  assert.throws(() => transcode(Buffer.from('a'), 'utf8', 'hex'), {
    code: 'U_ILLEGAL_ARGUMENT_ERROR',
  });
});

test('atob and btoa are those of the HTML standard', () => {
  assert.strictEqual(btoa('h\u00e9'), 'aOk=');
  assert.strictEqual(atob(' aO k= '), 'h\u00e9');
  assert.throws(() => btoa('\u20ac'), { name: 'InvalidCharacterError' });
  for (const text of ['a', 'YQ=', 'Y-_Q', 'YQ==YQ=='])
    assert.throws(() => atob(text), { name: 'InvalidCharacterError' });
});
