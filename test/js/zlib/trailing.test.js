'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const zlib = require('zlib');

const KINDS = [
  ['deflate', 'Inflate'],
  ['deflateRaw', 'InflateRaw'],
  ['gzip', 'Gunzip'],
  ['brotliCompress', 'BrotliDecompress'],
  ['zstdCompress', 'ZstdDecompress'],
];
const error = { name: 'TypeError', code: 'ERR_TRAILING_JUNK_AFTER_STREAM_END' };
const lower = (name) => name[0].toLowerCase() + name.slice(1);

test('rejectGarbageAfterEnd makes bytes after the end an error', async () => {
  for (const [compress, expand] of KINDS) {
    const packed = zlib[`${compress}Sync`]('text');
    const whole = Buffer.concat([packed, Buffer.alloc(5)]);
    const options = { rejectGarbageAfterEnd: true };
    const sync = zlib[`${lower(expand)}Sync`];
    assert.strictEqual(`${sync(packed, options)}`, 'text', expand);
    assert.strictEqual(`${sync(whole)}`, 'text', expand);
    assert.throws(() => sync(whole, options), error, expand);
    const stream = new zlib[expand](options);
    const failed = new Promise((done) => stream.on('error', done));
    for (const byte of whole) stream.write(Buffer.of(byte));
    stream.resume();
    assert.strictEqual((await failed).code, error.code, expand);
  }
});

test('rejectGarbageAfterEnd takes one member of a gzip file', () => {
  const two = Buffer.concat([zlib.gzipSync('a'), zlib.gzipSync('b')]);
  assert.strictEqual(`${zlib.gunzipSync(two)}`, 'ab');
  assert.throws(() => zlib.gunzipSync(two, { rejectGarbageAfterEnd: true }), error);
  assert.throws(() => zlib.gunzipSync(two, { rejectGarbageAfterEnd: 1 }), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
});

test('pledgedSrcSize is the size that Zstandard compresses, or an error', async () => {
  const size = (pledgedSrcSize) => zlib.zstdCompressSync('text', { pledgedSrcSize }).length;
  assert(size(4) > 0);
  for (const wrong of [0, 3, 5])
    assert.throws(() => size(wrong), { code: 'ZSTD_error_srcSize_wrong' });
  assert.throws(() => size(-1), { code: 'ERR_OUT_OF_RANGE' });
  const stream = zlib.createZstdCompress({ pledgedSrcSize: 9 });
  const failed = new Promise((done) => stream.on('error', done));
  stream.end('text');
  stream.resume();
  assert.strictEqual((await failed).code, 'ZSTD_error_srcSize_wrong');
});
