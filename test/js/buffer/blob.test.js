'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { Blob, File } = require('buffer');

test('a Blob joins its parts and gives them back in each form', async () => {
  const part = new Uint8Array([98]);
  const blob = new Blob(['a', part, new Blob(['c\u20ac']), new Uint8Array([100]).buffer], {
    type: 'Text/Plain',
  });
  part[0] = 0;
  assert.strictEqual(blob.size, 7);
  assert.strictEqual(blob.type, 'text/plain');
  assert.strictEqual(await blob.text(), 'abc\u20acd');
  assert.deepStrictEqual(
    [...new Uint8Array(await blob.arrayBuffer())],
    [...Buffer.from('abc\u20acd')],
  );
  const bytes = await blob.bytes();
  bytes[0] = 0;
  assert.strictEqual(await blob.slice(0, 2).text(), 'ab');
});

test('slices of a Blob count from the end if negative', async () => {
  const blob = new Blob(['0123456789']);
  for (const [start, end] of [[2, 5], [-3], [-5, -2], [8, 20], [5, 2], []])
    assert.strictEqual(await blob.slice(start, end).text(), '0123456789'.slice(start, end));
  assert.strictEqual(blob.slice(0, 1, 'A/B').type, 'a/b');
});

test('a File is a Blob with a name', () => {
  const file = new File(['abc'], 'a.txt', { type: 'text/plain', lastModified: 5 });
  assert.ok(file instanceof Blob);
  assert.deepStrictEqual([file.name, file.lastModified, file.size], ['a.txt', 5, 3]);
});

test('parts that are no sequence are refused', () => {
  for (const parts of ['abc', 5, null, {}])
    assert.throws(() => new Blob(parts), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
});
