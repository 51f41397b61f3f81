'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('msgpackr');
const { PackrStream, UnpackrStream, pack, unpack } = load('msgpackr');

test('values are packed and unpacked, also as streams', async () => {
  const value = {
    ...{ list: [1, -5, 1.5, 2n ** 60n, null, true], text: '\u20ac'.repeat(300), time: new Date(5) },
    ...{ bytes: Buffer.from('x') },
  };
  assert.deepStrictEqual(unpack(pack(value)), value);
  const packing = new PackrStream();
  const all = packing.pipe(new UnpackrStream()).toArray();
  for (let i = 0; i < 1000; i++) packing.write({ i });
  packing.end();
  assert.deepStrictEqual(
    (await all).map(({ i }) => i),
    Array.from({ length: 1000 }, (_, i) => i),
  );
});
