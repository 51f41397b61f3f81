'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const util = require('util');
const zlib = require('zlib');

const { ZSTD_c_checksumFlag, ZSTD_c_compressionLevel } = zlib.constants;
const data = Buffer.from('Zstandard '.repeat(10000));

test('Zstandard gives back what it compressed', async () => {
  const packed = zlib.zstdCompressSync(data);
  assert.ok(packed.length < 100);
  assert.ok(zlib.zstdDecompressSync(packed).equals(data));
  assert.ok((await util.promisify(zlib.zstdDecompress)(packed)).equals(data));
  assert.strictEqual(zlib.zstdDecompressSync(zlib.zstdCompressSync('')).length, 0);
});

test('frames that follow each other are one result', () => {
  const two = Buffer.concat([zlib.zstdCompressSync('a'), zlib.zstdCompressSync('b')]);
  assert.strictEqual(`${zlib.zstdDecompressSync(two)}`, 'ab');
});

test('data that are cut or spoilt are refused', () => {
  const packed = zlib.zstdCompressSync(data, { params: { [ZSTD_c_checksumFlag]: 1 } });
  assert.throws(() => zlib.zstdDecompressSync(packed.subarray(0, -3)), { code: 'Z_BUF_ERROR' });
  packed[packed.length - 1] ^= 1;
  assert.throws(() => zlib.zstdDecompressSync(packed), { code: 'ZSTD_error_checksum_wrong' });
  assert.throws(() => zlib.zstdDecompressSync('text'), { code: 'ZSTD_error_prefix_unknown' });
});

test('parameters of Zstandard are checked', () => {
  assert.throws(() => zlib.createZstdCompress({ params: { 99: 1 } }), {
    code: 'ERR_ZSTD_INVALID_PARAM',
  });
  assert.throws(() => zlib.createZstdCompress({ params: { [ZSTD_c_compressionLevel]: 'x' } }), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
});

test('the classes of zlib can be called and inherited from by functions', () => {
  for (const name of ['Deflate', 'Gunzip', 'BrotliCompress', 'ZstdDecompress'])
    assert.ok(zlib[name]() instanceof zlib[name]);
  function Own() {
    zlib.Gzip.call(this);
  }
  util.inherits(Own, zlib.Gzip);
  const own = new Own();
  own.end('text');
  assert.ok(own instanceof zlib.Gzip);
});
