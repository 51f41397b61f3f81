'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

const samples = [
  'plain',
  'h\u00e9llo \u20ac \ud83d\ude00 end',
  '\u20ac'.repeat(100),
  'x'.repeat(300) + '\u00ff',
  '',
].map((text) => Buffer.from(text));
const invalid = [
  [0xf0, 0x9f, 0x98, 0x41],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0x80, 0xc0, 0xf5],
  [0x41, 0xc3],
].map((bytes) => Buffer.from(bytes));

test('a stream split at every byte decodes as the whole does', () => {
  const utf16 = Buffer.from('a\u20ac\ud83d\ude00\ud83db\ude00', 'utf16le');
  for (const [label, list] of [
    ['utf-8', [...samples, ...invalid]],
    ['utf-16le', [utf16, utf16.subarray(0, -1), Buffer.from([0x3d, 0xd8, 0])]],
    ['utf-16be', [Buffer.from(utf16).swap16(), Buffer.from([0xd8, 0x3d, 0])]],
    ['latin1', samples],
  ]) {
    for (const bytes of list) {
      const whole = new TextDecoder(label).decode(bytes);
      for (const size of [1, 2, 3]) {
        const decoder = new TextDecoder(label);
        let text = '';
        for (let i = 0; i < bytes.length; i += size)
          text += decoder.decode(bytes.subarray(i, i + size), { stream: true });
        assert.strictEqual(text + decoder.decode(), whole);
      }
    }
  }
});

test('UTF-8 decodes as Buffer does, or fails if fatal', () => {
  for (const bytes of samples) {
    assert.strictEqual(new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes.toString());
    assert.strictEqual(new TextDecoder().decode(bytes), bytes.toString());
  }
  for (const bytes of invalid) {
    assert.strictEqual(new TextDecoder().decode(bytes), bytes.toString());
    const decoder = new TextDecoder('utf-8', { fatal: true });
    assert.throws(() => decoder.decode(bytes), {
      name: 'TypeError',
      code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
    });
    assert.strictEqual(decoder.decode(Buffer.from('ok')), 'ok');
  }
});

test('a byte order mark is dropped once, unless it is to be kept', () => {
  const bytes = Buffer.from('\ufeffa\ufeff');
  assert.strictEqual(new TextDecoder().decode(bytes), 'a\ufeff');
  assert.strictEqual(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), '\ufeffa\ufeff');
  const decoder = new TextDecoder();
  let text = '';
  for (const byte of bytes) text += decoder.decode(Buffer.from([byte]), { stream: true });
  assert.strictEqual(text + decoder.decode(), 'a\ufeff');
  assert.strictEqual(decoder.decode(bytes), 'a\ufeff');
});

test('labels are those of the Encoding Standard', () => {
  for (const [label, encoding] of [
    ['utf8', 'utf-8'],
    [' UTF-8\n', 'utf-8'],
    ['latin1', 'windows-1252'],
    ['ascii', 'windows-1252'],
    ['utf-16', 'utf-16le'],
    ['utf-16be', 'utf-16be'],
  ])
    assert.strictEqual(new TextDecoder(label).encoding, encoding);
  for (const label of ['nope', '', null])
    assert.throws(() => new TextDecoder(label), {
      name: 'RangeError',
      code: 'ERR_ENCODING_NOT_SUPPORTED',
    });
  assert.strictEqual(
    new TextDecoder('latin1').decode(new Uint8Array([0x80, 0x9f, 0xe9])),
    '\u20ac\u0178\u00e9',
  );
});

test('views and ArrayBuffers of all kinds are taken', () => {
  const { buffer } = new Uint8Array([97, 98, 99, 100]);
  const decoder = new TextDecoder();
  assert.strictEqual(decoder.decode(buffer), 'abcd');
  assert.strictEqual(decoder.decode(new DataView(buffer, 1, 2)), 'bc');
  assert.strictEqual(decoder.decode(new Uint16Array(buffer, 2)), 'cd');
  assert.throws(() => decoder.decode('abc'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('TextEncoder encodes UTF-8 and says how far it came', () => {
  const encoder = new TextEncoder();
  const bytes = encoder.encode('h\u00e9\ud83d');
  assert.strictEqual(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  assert.deepStrictEqual([...bytes], [0x68, 0xc3, 0xa9, 0xef, 0xbf, 0xbd]);
  assert.deepStrictEqual(encoder.encodeInto('a\ud83d\ude00\u20ac', new Uint8Array(7)), {
    read: 3,
    written: 5,
  });
  assert.deepStrictEqual(encoder.encodeInto('abc', new Uint8Array(2)), { read: 2, written: 2 });
  assert.deepStrictEqual(encoder.encodeInto('', new Uint8Array(2)), { read: 0, written: 0 });
});

test('a label costs its length, whatever is in it', () => {
  assert.strictEqual(new TextDecoder(' \t\n\f\rUTF-16LE\r\f\n\t ').encoding, 'utf-16le');
  const label = `utf${' '.repeat(1e6)}8`;
  assert.throws(() => new TextDecoder(label), { code: 'ERR_ENCODING_NOT_SUPPORTED' });
});
