'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { StringDecoder } = require('string_decoder');

const encodings = ['utf8', 'utf16le', 'latin1', 'ascii', 'hex', 'base64', 'base64url'];

test('bytes split anywhere give the text of the whole, in every encoding', () => {
  const random = (limit) => Math.floor(Math.random() * limit);
  const inputs = [
    Buffer.from('h\u00e9llo \u20ac \ud83d\ude00!'),
    Buffer.from('a\ud83d\ude00b', 'utf16le'),
  ];
  for (let i = 0; i < 100; i++)
    inputs.push(
      Buffer.from(
        Array.from({ length: random(30) }, () => (random(2) ? random(128) : 0x80 + random(128))),
      ),
    );
  for (const encoding of encodings) {
    for (const bytes of inputs) {
      if (encoding === 'utf16le' && bytes.length % 2 === 1) continue;
      const whole = bytes.toString(encoding);
      for (let at = 0; at <= bytes.length; at++) {
        const decoder = new StringDecoder(encoding);
        const text =
          decoder.write(bytes.subarray(0, at)) + decoder.write(bytes.subarray(at)) + decoder.end();
        assert.strictEqual(text, whole, `${encoding} at ${at}`);
      }
      const decoder = new StringDecoder(encoding);
      const pieces = [...bytes].map((byte) => decoder.write(Buffer.from([byte])));
      assert.strictEqual(pieces.join('') + decoder.end(), whole);
    }
  }
});

test('a character waits until it is complete', () => {
  const decoder = new StringDecoder('utf8');
  assert.strictEqual(decoder.write(Buffer.from([0xe2, 0x82])), '');
  assert.deepStrictEqual([decoder.lastNeed, decoder.lastTotal], [1, 3]);
  assert.strictEqual(decoder.write(Buffer.from([0xac])), '\u20ac');
  assert.strictEqual(decoder.lastNeed, 0);
  assert.strictEqual(decoder.write(Buffer.from([0xf0, 0x9f])), '');
  assert.strictEqual(decoder.end(), '\ufffd');
  assert.strictEqual(decoder.end(Buffer.from('a')), 'a');
});

test('the encoding and the chunk are checked', () => {
  assert.strictEqual(new StringDecoder().encoding, 'utf8');
  assert.strictEqual(new StringDecoder('UCS-2').encoding, 'utf16le');
  assert.throws(() => new StringDecoder('nope'), { code: 'ERR_UNKNOWN_ENCODING' });
  assert.throws(() => new StringDecoder().write(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(
    new StringDecoder().write(new DataView(new Uint8Array([97, 98]).buffer, 1)),
    'b',
  );
});
