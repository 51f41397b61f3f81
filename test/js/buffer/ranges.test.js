'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

const random = (limit) => Math.floor(Math.random() * limit);
const letters = (length) => Buffer.from(Array.from({ length }, () => 97 + random(3)));

function slowIndexOf(bytes, wanted, start) {
  for (let i = start; i + wanted.length <= bytes.length; i++)
    if (wanted.every((byte, n) => bytes[i + n] === byte)) return i;
  return -1;
}
function slowLastIndexOf(bytes, wanted, start) {
  for (let i = Math.min(start, bytes.length - wanted.length); i >= 0; i--)
    if (wanted.every((byte, n) => bytes[i + n] === byte)) return i;
  return -1;
}

test('indexOf and lastIndexOf find what a plain search finds', () => {
  for (let round = 0; round < 3000; round++) {
    const bytes = letters(random(80));
    const wanted = letters(1 + random(random(4) === 0 ? 70 : 4));
    const start = random(bytes.length + 2);
    const [first, last] = [
      slowIndexOf(bytes, wanted, start),
      slowLastIndexOf(bytes, wanted, start),
    ];
    for (const value of [wanted, wanted.toString(), new Uint8Array(wanted)]) {
      assert.strictEqual(bytes.indexOf(value, start), first);
      assert.strictEqual(bytes.lastIndexOf(value, start), last);
      assert.strictEqual(bytes.includes(value, start), first !== -1);
    }
    assert.strictEqual(
      bytes.indexOf(wanted[0] + 256, start),
      slowIndexOf(bytes, [wanted[0]], start),
    );
  }
});

test('searches take negative, missing and far offsets, and empty values', () => {
  const bytes = Buffer.from('abcabcabc');
  assert.strictEqual(bytes.indexOf('abc', -3), 6);
  assert.strictEqual(bytes.indexOf('abc', -100), 0);
  assert.strictEqual(bytes.indexOf('abc', 100), -1);
  assert.strictEqual(bytes.lastIndexOf('abc'), 6);
  assert.strictEqual(bytes.lastIndexOf('abc', -4), 3);
  assert.strictEqual(bytes.lastIndexOf('abc', -100), -1);
  assert.strictEqual(bytes.indexOf('', 4), 4);
  assert.strictEqual(bytes.indexOf('', 100), 9);
  assert.strictEqual(bytes.lastIndexOf(''), 9);
  assert.strictEqual(bytes.indexOf('YmM=', 0, 'base64'), 1);
  assert.strictEqual(bytes.indexOf('6263', 'hex'), 1);
  assert.throws(() => bytes.indexOf({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('searches in UTF-16 find whole units only', () => {
  const bytes = Buffer.from('\u6100\u0061b', 'utf16le');
  assert.strictEqual(bytes.indexOf('a', 0, 'utf16le'), 2);
  assert.strictEqual(bytes.lastIndexOf('a', undefined, 'utf16le'), 2);
  assert.strictEqual(bytes.indexOf(Buffer.from('a'), 0, 'utf16le'), -1);
});

test('compare and equals order ranges byte by byte, the shorter first', () => {
  for (let round = 0; round < 2000; round++) {
    const a = letters(random(120));
    const b = random(2) ? letters(random(120)) : Buffer.concat([a, letters(random(2))]);
    const [texts, order] = [[a.toString(), b.toString()], (x, y) => (x < y ? -1 : x > y ? 1 : 0)];
    assert.strictEqual(Buffer.compare(a, b), order(...texts));
    assert.strictEqual(a.equals(b), texts[0] === texts[1]);
    const [s, e, ts, te] = [
      random(a.length + 1),
      random(a.length + 1),
      random(b.length + 1),
      random(b.length + 1),
    ];
    assert.strictEqual(
      a.compare(b, ts, te, s, e),
      order(texts[0].slice(s, Math.max(s, e)), texts[1].slice(ts, Math.max(ts, te))),
    );
  }
  const buffer = Buffer.from('abc');
  assert.throws(() => buffer.compare('abc'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => buffer.compare(buffer, 0, 4), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => buffer.compare(buffer, -1), { code: 'ERR_OUT_OF_RANGE' });
});

test('copy moves as much as there is and fits, also within one buffer', () => {
  for (let round = 0; round < 3000; round++) {
    const source = Buffer.from(letters(random(100)));
    const overlapping = random(2) === 0;
    const target = overlapping ? source : letters(random(100));
    const [at, start, end] = [random(110), random(source.length + 1), random(120)];
    const expected = [...target];
    const part = [...source.subarray(start, Math.max(start, end))].slice(
      0,
      Math.max(target.length - at, 0),
    );
    part.forEach((byte, i) => (expected[at + i] = byte));
    assert.strictEqual(source.copy(target, at, start, end), part.length);
    assert.deepStrictEqual([...target], expected);
  }
  const source = Buffer.from('abc');
  const target = Buffer.alloc(3);
  assert.strictEqual(source.copy(target), 3);
  assert.throws(() => source.copy(target, -1), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => source.copy(target, 0, 4), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => source.copy(target, 0, 0, -1), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => source.copy('abc'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('fill repeats a number, text or bytes over a range', () => {
  const hex = (buffer) => buffer.toString('hex');
  assert.strictEqual(hex(Buffer.alloc(4).fill(257)), '01010101');
  assert.strictEqual(hex(Buffer.alloc(5).fill('abc')), '6162636162');
  assert.strictEqual(hex(Buffer.alloc(5).fill('\u20ac', 1)), '00e282ace2');
  assert.strictEqual(hex(Buffer.alloc(5).fill('abcd', 1, 4, 'hex')), '00abcdab00');
  assert.strictEqual(hex(Buffer.alloc(4, 1).fill('')), '00000000');
  assert.strictEqual(hex(Buffer.alloc(7).fill(Buffer.from([1, 2, 3]))), '01020301020301');
  assert.strictEqual(hex(Buffer.alloc(3, 'YQ', 'base64')), '616161');
  const long = Buffer.alloc(1000).fill('abcdefg');
  assert.ok(long.every((byte, i) => byte === 97 + (i % 7)));
  assert.throws(() => Buffer.alloc(3).fill('zz', 'hex'), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => Buffer.alloc(3).fill(Buffer.alloc(0)), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => Buffer.alloc(3).fill(0, -1), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => Buffer.alloc(3).fill(0, 0, 4), { code: 'ERR_OUT_OF_RANGE' });
});

test('slice and subarray are views, with indices as those of arrays', () => {
  const buffer = Buffer.from('0123456789');
  const array = [...buffer];
  for (const start of [undefined, 0, 3, 10, 11, -1, -10, -11, 2.7, -2.7, NaN, '4'])
    for (const end of [undefined, 0, 3, 10, 11, -1, -10, -11, 2.7, -2.7, NaN, '4']) {
      const expected = array.slice(start, end);
      for (const view of [buffer.slice(start, end), buffer.subarray(start, end)]) {
        assert.ok(Buffer.isBuffer(view));
        assert.deepStrictEqual([...view], expected);
        assert.strictEqual(view.buffer, buffer.buffer);
      }
    }
  buffer.slice(1, 3)[0] = 120;
  assert.strictEqual(buffer[1], 120);
});

test('swaps turn the byte order of whole units', () => {
  const bytes = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.strictEqual(bytes.swap16().toString('hex'), '0201040306050807');
  assert.strictEqual(bytes.swap16().swap32().toString('hex'), '0403020108070605');
  assert.strictEqual(bytes.swap32().swap64().toString('hex'), '0807060504030201');
  assert.throws(() => Buffer.alloc(3).swap16(), {
    name: 'RangeError',
    code: 'ERR_INVALID_BUFFER_SIZE',
    message: 'Buffer size must be a multiple of 16-bits',
  });
});
